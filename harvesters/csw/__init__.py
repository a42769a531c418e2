"""Catalogue services for the web (CSW 2.0.2): GeoNetwork, pycsw, deegree and their kin.

Nothing is known here of what a record says: that is read by `harvesters.iso`, or is DCAT already."""

from .harvester import Csw

__all__ = ["Csw"]
