"""Datasets as Project Open Data and DCAT-US write them in JSON, → DCAT: what several kinds of source speak.

Only a dataset is read here; where it comes from is known to each kind."""

from .entry import entry_of, identifier_of, members_of, parent_of
from .tables import LEFT_OUT, MAPPING

__all__ = ["LEFT_OUT", "MAPPING", "entry_of", "identifier_of", "members_of", "parent_of"]
