"""Statistical databases that speak SDMX: one dataset a dataflow.

Nothing is known here of other kinds; what they share stands beside this room."""

from .harvester import Sdmx

__all__ = ["Sdmx"]
