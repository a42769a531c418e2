"""The metadata quality score of data.europa.eu, predicted: 23 indicators, 405 points at most, what each would bring.

Method: https://data.europa.eu/mqa/methodology. An indicator of datasets gives its points or none; one of distributions
gives its points times the share of distributions that fulfil it. What nobody has measured, such as whether an address
answers while no checker has asked it, counts neither for nor against: the score is that of the measured indicators,
drawn to the scale of all.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from math import ceil
from typing import NamedTuple

import msgspec

from .model import Dataset, Distribution
from .our_languages import OUR_LANGUAGES
from .rules import check, is_violated
from .vocab import (
    ACCESS_RIGHTS,
    FORMATS,
    LICENCES,
    MEDIA_TYPES,
    Term,
    registered_media_types,
    table,
)

MAXIMUM = 405
"""Points of a dataset that fulfils everything."""

BANDS = ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad"))
"""The least points of each band."""

Reachable = Callable[[str], bool | None]
"""Whether an address answered with 2xx or 3xx when it was last asked; None when nobody asked. What asks links hands its
facts in here, to `score`; nothing else in the house knows of links that answer or do not."""


def unknown(_: str) -> bool | None:
    """What is known of addresses without a link checker."""
    return None


class Indicator(NamedTuple):
    """One of the 23 rows of the method."""

    code: str
    dimension: str
    """`findability`, `accessibility`, `interoperability`, `reusability` or `contextuality`."""
    points: int
    field: str
    """The property that it looks at; empty for compliance, which looks at all."""
    name: Mapping[str, str]
    """What the method calls it, in four languages."""
    hint: Mapping[str, str]
    """What can be done, in four languages."""


class Dimension(NamedTuple):
    """One of the five aspects that the indicators are grouped in."""

    code: str
    points: int
    """Earned by what was measured."""
    maximum: int
    unmeasured: int
    """Points that nobody has measured, rounded up."""


class Measure(msgspec.Struct, frozen=True):
    """One indicator measured over any number of resources."""

    code: str
    fulfilled: int
    counted: int
    """Datasets or distributions that were measured."""
    unknown: int = 0
    """Those that could not be measured."""

    @property
    def total(self) -> int:
        """Measured or not."""
        return self.counted + self.unknown

    @property
    def _worth(self) -> float:
        """Points of one resource."""
        return indicators()[self.code].points / (self.total or 1)

    @property
    def points(self) -> float:
        """Points earned by those that fulfil it."""
        return self.fulfilled * self._worth if self.fulfilled else 0.0

    @property
    def unmeasured(self) -> float:
        """Points that nobody has measured: neither earned nor lost."""
        return self.unknown * self._worth if self.unknown else 0.0

    @property
    def to_gain(self) -> float:
        """Points that fulfilling it everywhere would add, as far as it was measured."""
        return indicators()[self.code].points - self.points - self.unmeasured


class Score(msgspec.Struct, frozen=True):
    """The score of a dataset, of a publisher's datasets, or of a catalogue."""

    measures: tuple[Measure, ...]

    @property
    def points(self) -> int:
        """Of 405: what the measured indicators earn, drawn to the scale of all."""
        known = indicators()
        possible = sum(known[measure.code].points - measure.unmeasured for measure in self.measures)
        return round(sum(measure.points for measure in self.measures) * MAXIMUM / possible) if possible else 0

    @property
    def unmeasured(self) -> int:
        """Points that nobody has measured, rounded up: 0 only when everything was."""
        return _rounded_up(measure.unmeasured for measure in self.measures)

    @property
    def band(self) -> str:
        """`excellent`, `good`, `sufficient` or `bad`."""
        return band(self.points)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The five aspects, in the order of the method."""
        codes = dict.fromkeys(indicators()[measure.code].dimension for measure in self.measures)
        return tuple(self._dimension(code) for code in codes)

    def _dimension(self, code: str) -> Dimension:
        own = [measure for measure in self.measures if indicators()[measure.code].dimension == code]
        return Dimension(
            code,
            points=round(sum(measure.points for measure in own)),
            maximum=sum(indicators()[measure.code].points for measure in own),
            unmeasured=_rounded_up(measure.unmeasured for measure in own),
        )

    @property
    def hints(self) -> tuple[Measure, ...]:
        """What can be gained, most points first."""
        open_ends = [measure for measure in self.measures if measure.fulfilled < measure.counted or not measure.total]
        return tuple(sorted(open_ends, key=lambda measure: -measure.to_gain))


def _rounded_up(points: Iterable[float]) -> int:
    """The sum, rounded up, but for what is only an error of computing."""
    return ceil(round(sum(points), 6))


def band(points: int) -> str:
    """The band of a number of points, as data.europa.eu draws them."""
    return next(name for least, name in BANDS if points >= least)


@cache
def dimension_names() -> Mapping[str, Mapping[str, str]]:
    """What the five aspects, and `score` for all together, are called, by code and language."""
    return {row["code"]: {language: row[language] for language in OUR_LANGUAGES} for row in table("dimension")}


@cache
def indicators() -> Mapping[str, Indicator]:
    """The 23 indicators by code, in the order of the method."""
    return {row["code"]: _indicator(row) for row in table("indicator")}


def _indicator(row: dict[str, str]) -> Indicator:
    return Indicator(
        code=row["code"],
        dimension=row["dimension"],
        points=int(row["points"]),
        field=row["field"],
        name={language: row[language] for language in OUR_LANGUAGES},
        hint={language: row[f"hint_{language}"] for language in OUR_LANGUAGES},
    )


# --- measuring --------------------------------------------------------------------------------------------------------


def score(dataset: Dataset, reachable: Reachable = unknown, *, is_compliant: bool | None = None) -> Score:
    """The score of one dataset. `is_compliant` saves checking it again when that is known."""
    if is_compliant is None:
        is_compliant = not is_violated(check(dataset))
    return Score(tuple(_measure(code, dataset, reachable, is_compliant=is_compliant) for code in indicators()))


def combined(scores: Iterable[Score]) -> Score:
    """The score of many datasets together: for each indicator the share of all resources that fulfil it."""
    totals = {code: [0, 0, 0] for code in indicators()}
    for one in scores:
        for measure in one.measures:
            for at, number in enumerate((measure.fulfilled, measure.counted, measure.unknown)):
                totals[measure.code][at] += number
    return Score(tuple(Measure(code, *numbers) for code, numbers in totals.items()))


def _measure(code: str, dataset: Dataset, reachable: Reachable, *, is_compliant: bool) -> Measure:
    if code == "compliance":
        return Measure(code, int(is_compliant), 1)
    if of_dataset := OF_DATASET.get(code):
        return Measure(code, int(of_dataset(dataset)), 1)
    answers = [OF_DISTRIBUTION[code](file, reachable) for file in dataset.distribution]
    return Measure(code, answers.count(True), len(answers) - answers.count(None), answers.count(None))


def _term(file: Distribution) -> Term | None:
    return FORMATS.by_iri.get(file.format.iri or "") if file.format else None


def _has_flag(file: Distribution, flag: str) -> bool:
    term = _term(file)
    return term is not None and flag in term.extra.get("flags", "")


def _is_from_vocabularies(file: Distribution) -> bool:
    term = _term(file)
    media_type = (file.media_type.iri or "").removeprefix(MEDIA_TYPES) if file.media_type else ""
    return term is not None and "eu" in term.extra and media_type in registered_media_types()


def _is_eu_licence(file: Distribution) -> bool:
    term = LICENCES.by_iri.get(file.license.iri or "") if file.license else None
    return term is not None and term.scheme is not None


def _answers(addresses: Iterable[str], reachable: Reachable) -> bool | None:
    """True when one of the addresses answers, None when it may be that one does."""
    known = [reachable(address) for address in addresses]
    if not known:
        return False
    return True if True in known else None if None in known else False


OF_DATASET: dict[str, Callable[[Dataset], bool]] = {
    "keyword": lambda dataset: bool(dataset.keyword),
    "theme": lambda dataset: bool(dataset.theme),
    "spatial": lambda dataset: bool(dataset.spatial),
    "temporal": lambda dataset: bool(dataset.temporal),
    "access-rights": lambda dataset: dataset.access_rights is not None,
    "access-rights-vocabulary": lambda dataset: (
        dataset.access_rights is not None and dataset.access_rights.iri in ACCESS_RIGHTS.by_iri
    ),
    "contact-point": lambda dataset: bool(dataset.contact),
    "publisher": lambda dataset: dataset.publisher is not None,
}
"""The indicators of datasets, besides compliance."""

OF_DISTRIBUTION: dict[str, Callable[[Distribution, Reachable], bool | None]] = {
    "access-url-status": lambda file, reachable: _answers(file.access_url, reachable),
    "download-url": lambda file, _: bool(file.download_url),
    "download-url-status": lambda file, reachable: _answers(file.download_url, reachable),
    "format": lambda file, _: file.format is not None,
    "media-type": lambda file, _: file.media_type is not None,
    "format-vocabulary": lambda file, _: _is_from_vocabularies(file),
    "non-proprietary": lambda file, _: _has_flag(file, "N"),
    "machine-readable": lambda file, _: _has_flag(file, "M"),
    "licence": lambda file, _: file.license is not None,
    "licence-vocabulary": lambda file, _: _is_eu_licence(file),
    "rights": lambda file, _: bool(file.rights),
    "byte-size": lambda file, _: file.byte_size is not None,
    "issued": lambda file, _: file.issued is not None,
    "modified": lambda file, _: file.modified is not None,
}
"""The indicators of distributions."""
