"""Packages as CKAN and what imitates it write them, → DCAT: what several kinds of source speak.

Only a package is read here; where it comes from is known to each kind."""

from .entry import entry_of, is_harvested

__all__ = ["entry_of", "is_harvested"]
