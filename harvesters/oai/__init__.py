"""Repositories that speak OAI-PMH 2.0: DSpace, Dataverse, Zenodo and their kin.

Nothing is known here of what a record says: that is read by what all kinds that bring XML share."""

from .harvester import OaiPmh

__all__ = ["OaiPmh"]
