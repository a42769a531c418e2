"""Lists of datasets in a table (CSV or Excel), as people keep them. Nothing is computed: cells are read as they are."""

from .harvester import TableList

__all__ = ["TableList"]
