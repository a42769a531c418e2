"""Packages as CKAN and what imitates it write them, → DCAT: what several kinds of source speak.

Only a package is read here; where it comes from is known to each kind."""

from .entry import entry_of, is_harvested
from .tables import LEFT_OUT, MAPPING

__all__ = ["LEFT_OUT", "MAPPING", "entry_of", "is_harvested"]
