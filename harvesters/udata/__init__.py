"""Portals of udata, such as data.gouv.fr and data.public.lu.

Nothing is known here of other kinds; what they share stands beside this room."""

from .harvester import Udata

__all__ = ["Udata"]
