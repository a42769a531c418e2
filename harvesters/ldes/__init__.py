"""Linked Data Event Streams: pages of a tree, whose members say what was created, changed and deleted.

Nothing is known here of other kinds; what they share stands beside this room."""

from .harvester import Ldes

__all__ = ["Ldes"]
