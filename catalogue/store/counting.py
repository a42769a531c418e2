"""Counting no further than somebody wants to know: what waits may be most of what there is, and what is listed may tell
itself how much it is."""

from collections.abc import Callable, Sized
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from .database import Transaction


def counted(tx: Transaction, moments: Select[tuple[Any]], most: int | None) -> tuple[int, datetime | None]:
    """How many rows a query has whose one column is a moment, counted to `most`, and the first moment of these; None
    where there are none. It should come in the order of an index, else all rows are read to be sorted."""
    found = (moments.order_by(None) if most is None else moments.limit(most)).subquery()
    count, first = tx.execute(select(func.count(), func.min(found.c[0])).select_from(found)).one()
    return count, first


def number(listed: Sized, offset: int, limit: int, count: Callable[[], int]) -> int:
    """How many there are of what was listed from one place on: counted only where the list does not end there."""
    is_end = len(listed) < limit and (listed or not offset)
    return offset + len(listed) if is_end else count()
