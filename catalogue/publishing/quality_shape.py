"""A quality score as JSON: points of 405, band, the five aspects."""

from functools import lru_cache

import msgspec

from dcat import quality
from dcat.quality import Score


class DimensionShape(msgspec.Struct, frozen=True):
    """One of the five aspects: findability, accessibility, interoperability, reusability, contextuality."""

    points: int
    """Earned by what was measured."""
    maximum: int
    unmeasured: int
    """Points that nobody has measured; neither earned nor lost."""


class QualityShape(msgspec.Struct, frozen=True, kw_only=True):
    """A quality score by the method of data.europa.eu."""

    points: int
    """What the measured indicators earn, drawn to the scale of all."""
    maximum: int
    band: str
    """`excellent`, `good`, `sufficient` or `bad`."""
    unmeasured: int
    """Points that nobody has measured, such as whether addresses answer."""
    dimensions: dict[str, DimensionShape]


@lru_cache(maxsize=1024)
def quality_shape(score: Score) -> QualityShape:
    """A score as programs read it."""
    return QualityShape(
        points=score.points,
        maximum=quality.MAXIMUM,
        band=score.band,
        unmeasured=score.unmeasured,
        dimensions={one.code: DimensionShape(one.points, one.maximum, one.unmeasured) for one in score.dimensions},
    )
