"""CKAN portals, through the read actions of their API."""

from .harvester import Ckan

__all__ = ["Ckan"]
