"""Lists of datasets in a table (CSV or Excel), as a person keeps them."""

from .harvester import TableList

__all__ = ["TableList"]
