"""Dataverse repositories: the search lists the datasets, the export gives each of them whole.

Nothing is known here of other kinds; what they share stands beside this room."""

from .harvester import Dataverse

__all__ = ["Dataverse"]
