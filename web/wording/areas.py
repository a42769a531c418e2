"""Where data is about, in words."""

from babel import numbers

from dcat.model import Location, Text
from dcat.normalise.geometries import Box, box_of

from . import words
from .words import gettext as _

SMALL = 0.05
"""Degrees below which a box is told more exactly, up to a metre."""


def drawn(given: Location) -> Text | None:
    """Where a box or point lies, for a place that nothing names; None where there is neither."""
    box = box_of(given.bbox or given.centroid or "")[0]
    return Text(degrees(*box), words.language()) if box else None


def degrees(west: float, south: float, east: float, north: float) -> str:
    """The degrees of a box, or of a point, in a sentence."""
    digits = 2 if max(abs(east - west), north - south) >= SMALL else 5
    west, south, east, north = (round(one, digits) for one in (west, south, east, north))
    if Box(west, south, east, north).is_point:
        return _("At %(south)s° of latitude and %(west)s° of longitude.", south=_amount(south), west=_amount(west))
    return _(
        "From %(south)s° to %(north)s° of latitude, from %(west)s° to %(east)s° of longitude.",
        south=_amount(south),
        north=_amount(north),
        west=_amount(west),
        east=_amount(east),
    )


def _amount(value: float) -> str:
    return str(numbers.format_decimal(value, format="#,##0.#####", locale=words.language()))
