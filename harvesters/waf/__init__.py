"""Folders of metadata files on a web server (web accessible folders), as Apache, nginx and IIS list them.

Nothing is known here of what a file says: that is read by what all kinds that bring XML share."""

from .harvester import Waf

__all__ = ["Waf"]
