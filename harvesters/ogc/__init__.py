"""Catalogues of OGC API - Records, in the flavours of pycsw, pygeoapi and GeoNetwork.

Nothing is known here of other kinds; what they share stands beside this room."""

from .harvester import OgcRecords

__all__ = ["OgcRecords"]
