"""CKAN portals, through the read actions of their API.

Nothing is known here of other kinds; what they share stands beside this room."""

from .harvester import Ckan

__all__ = ["Ckan"]
