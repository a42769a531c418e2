"""Stands in for parts of dcat that have not landed yet; goes as soon as they have."""

import importlib
import sys
import types
from collections import defaultdict
from typing import Any

from dcat.findings import Rule, Severity


def attribute(module: str, name: str, otherwise: Any) -> Any:
    """What the module will give."""
    try:
        return getattr(importlib.import_module(module), name, otherwise)
    except ImportError:
        return otherwise


if not attribute("dcat.messages", "RULES", None):
    stub: Any = types.ModuleType("dcat.messages")
    stub.RULES = defaultdict(lambda: Rule(Severity.INFO, "", {}, {}))
    sys.modules["dcat.messages"] = stub


def own_and_shared(node: Any) -> tuple[str, str]:
    """All lines as own ones, until dcat.write tells them apart."""
    from dcat import rdf, write  # noqa: PLC0415

    try:
        return write.own_and_shared(node)
    except TypeError:
        return rdf.ntriples(write.write(node)), ""
