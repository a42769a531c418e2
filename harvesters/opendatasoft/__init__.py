"""Opendatasoft portals, through version 2.1 of their Explore API.

Nothing is known here of other kinds; what they share stands beside this room."""

from .harvester import Opendatasoft

__all__ = ["Opendatasoft"]
