"""Drawings of tables as SVG: where lines, bars and points stand. They are small, so that a phone shows their words."""

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from catalogue.coverage.communes import Commune, communes
from catalogue.previews.preview import Chart, Preview
from dcat import vocab

from ..wording import file_words, words

WIDTH = 340
"""Units of every drawing: as many as a narrow phone has pixels, so that letters keep their size."""
LEFT, TOP, PLOT = 8, 22, 150
"""Of the plot of a line: where it begins, and how high it is."""
STEP = 40
LABEL = 34
"""Characters of the name of a bar."""
MARGIN = 0.08
"""Around what is on a map, as a share of it."""
LETTER, LINE = 5.6, 13
"""Width and height of a letter on a map, to keep names apart."""
HIGHEST = 460


class Word(NamedTuple):
    """A word in a drawing."""

    x: float
    y: float
    text: str
    anchor: str = "start"


class Line(NamedTuple):
    """A line along time."""

    height: int
    points: str
    dots: tuple[tuple[float, float], ...]
    words: tuple[Word, ...]


class Bars(NamedTuple):
    """Bars of a few things, each with its name above it."""

    height: int
    bars: tuple[tuple[float, float], ...]
    """Top and length of each."""
    words: tuple[Word, ...]


class Map(NamedTuple):
    """Points, or a box, among the names of communes."""

    height: int
    box: tuple[float, float, float, float]
    """Left, top, width, height of the extent."""
    points: tuple[tuple[float, float], ...]
    words: tuple[Word, ...]


def line(chart: Chart) -> Line | None:
    """A line; None for what is not ordered in time."""
    steps = [_when(label) for label, _ in chart.points]
    if None in steps or steps[0] == steps[-1]:
        return None
    known = [one for one in steps if one is not None]
    heights = [number for _, number in chart.points]
    low, high = min(0.0, *heights) if min(heights) < max(heights) / 2 else min(heights), max(heights)
    across, span = known[-1] - known[0], (high - low) or 1.0
    places = [
        (round(LEFT + (WIDTH - 2 * LEFT) * (at - known[0]) / across, 1), round(TOP + PLOT * (high - number) / span, 1))
        for at, number in zip(known, heights, strict=True)
    ]
    bottom = TOP + PLOT + 18
    told = (
        Word(LEFT, TOP - 8, file_words.amount(high)),
        Word(LEFT, bottom - 4, file_words.amount(low)) if low else Word(LEFT, bottom - 4, "0"),
        Word(LEFT, bottom + 14, file_words.step(chart.points[0][0])),
        Word(WIDTH - LEFT, bottom + 14, file_words.step(chart.points[-1][0]), "end"),
    )
    dots = tuple(places) if len(places) <= 40 else ()
    return Line(bottom + 22, " ".join(f"{x},{y}" for x, y in places), dots, told)


def _when(label: str) -> float | None:
    try:
        if len(label) == 4:
            return float(date(int(label), 1, 1).toordinal())
        if "T" in label:
            return datetime.fromisoformat(label).replace(tzinfo=None).timestamp() / 86_400
        return float(date.fromisoformat(label).toordinal())
    except ValueError:
        return None


def bars(chart: Chart) -> Bars | None:
    """Bars, the longest first; None where some numbers are below zero."""
    found = sorted(chart.points, key=lambda one: -one[1])
    longest = found[0][1]
    if found[-1][1] < 0 or longest <= 0:
        return None
    told = []
    for place, (label, number) in enumerate(found):
        top = 16 + place * STEP
        told.append(Word(0, top, label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"))
        told.append(Word(WIDTH, top, file_words.amount(number), "end"))
    lengths = tuple(
        (22.0 + place * STEP, round(WIDTH * number / longest, 1)) for place, (_, number) in enumerate(found)
    )
    return Bars(len(found) * STEP + 4, lengths, tuple(told))


def drawn_map(preview: Preview) -> Map | None:
    """A map of the points or of the extent; None when nothing is anywhere."""
    if preview.bounds is None:
        return None
    frame = _frame(preview.bounds)
    west, south, east, north = frame
    narrow = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrow)
    height = min(HIGHEST, round((north - south) * scale))
    tall = height / (north - south)

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        return round((longitude - west) / (east - west) * WIDTH, 1), round((north - latitude) * tall, 1)

    left, top = place(preview.bounds[0], preview.bounds[3])
    right, bottom = place(preview.bounds[2], preview.bounds[1])
    named = [(term, place(*centre)) for term, centre in _communes(frame)]
    return Map(
        height,
        (left, top, round(right - left, 1), round(bottom - top, 1)),
        tuple(place(*point) for point in preview.points),
        tuple(_apart([Word(x, y, vocab.label(term, words.language()), "middle") for term, (x, y) in named], height)),
    )


def touched(preview: Preview) -> list[Commune]:
    """The communes in or next to which the things of a table are: those whose box holds a point, or meets the extent.
    Boxes tell no more, and the table of places lacks one; outlines that may be shipped with a portal there are none."""
    if preview.bounds is None:
        return []
    boxes = [(one, _box(vocab.PLACES.by_code[one.code])) for one in communes()]
    if preview.points:
        return [one for one, box in boxes if any(_meet((*point, *point), box) for point in preview.points)]
    bounds = preview.bounds
    return [one for one, box in boxes if _meet(bounds, box)]


def _box(term: vocab.Term) -> tuple[float, ...]:
    return tuple(float(one) for one in term.extra.get("bbox", "").split())


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    """True for two boxes that have a place in common."""
    return bool(other) and one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _frame(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """What the map shows: the extent with a margin, at least two kilometres, and less than the poles."""
    west, south, east, north = bounds
    wide, high = max((east - west) * MARGIN, 0.01), max((north - south) * MARGIN, 0.01)
    return west - wide, max(south - high, -85.0), east + wide, min(north + high, 85.0)


def _communes(frame: tuple[float, float, float, float]) -> Iterator[tuple[vocab.Term, tuple[float, float]]]:
    """The communes whose middle lies in the frame, with it."""
    for term in vocab.PLACES:
        box = _box(term)
        if len(box) == 4 and term.extra.get("postcodes"):
            middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            if frame[0] < middle[0] < frame[2] and frame[1] < middle[1] < frame[3]:
                yield term, middle


def _apart(given: Sequence[Word], height: int) -> Iterator[Word]:
    """The names that do not lie over each other or over the edge."""
    kept: list[tuple[float, float, float]] = []
    for one in given:
        half = len(one.text) * LETTER / 2
        if not (half < one.x < WIDTH - half and LINE < one.y < height - 4):
            continue
        if all(abs(one.y - y) > LINE or abs(one.x - x) > half + other for x, y, other in kept):
            kept.append((one.x, one.y, half))
            yield one
