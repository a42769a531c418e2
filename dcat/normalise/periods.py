"""Periods, and dates that contradict each other or the calendar."""

from typing import TypeVar

import msgspec

from ..model import Catalog, DataService, Dataset, DatasetSeries, Date, Distribution, Period, Publication
from .dates import is_after, tomorrow
from .notes import Log

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication, Catalog)
D = TypeVar("D", Dataset, DatasetSeries, DataService, Publication, Distribution)


def mend_periods(entry: R, log: Log) -> R:
    """dct:temporal: instants become dates, and a span that ends before it begins is dropped."""
    if not entry.temporal:
        return entry
    kept = tuple(
        mended
        for number, period in enumerate(entry.temporal, start=1)
        if (mended := _mend(period, f"dct:temporal[{number}]", log)) is not None
    )
    return entry if kept == entry.temporal else msgspec.structs.replace(entry, temporal=kept)


def _mend(period: Period, field: str, log: Log) -> Period | None:
    if period.beginning is not None or period.ending is not None:
        start = period.start or _moment(period.beginning)
        end = period.end or _moment(period.ending)
        period = msgspec.structs.replace(period, start=start, end=end, beginning=None, ending=None)
    if period.start and period.end and is_after(period.start, period.end):
        log.note(field, f"{period.start} / {period.end}", "period-reversed")
        return None
    if period.start is None and period.end is None:
        return None
    return period


def _moment(instant: object) -> Date | None:
    return getattr(instant, "date_time", None) or getattr(instant, "date", None)


def doubt_dates(entry: D, log: Log) -> D:
    """Says when a date lies in the future, or a change before the first issue; both are kept as they are."""
    if log.context.today:
        limit = tomorrow(log.context.today)
        for name, value in (("dct:issued", entry.issued), ("dct:modified", entry.modified)):
            if value and is_after(value, limit):
                log.note(name, value, "date-future", value)
    if entry.issued and entry.modified and is_after(entry.issued, entry.modified):
        log.note("dct:modified", f"{entry.modified} < {entry.issued}", "modified-before-issued", entry.modified)
    return entry
