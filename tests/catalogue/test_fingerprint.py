"""The fingerprint of what reads records covers everything that reading them stands on."""

import grimp

from catalogue.ingest.fingerprint import READERS

OTHERS = {
    "catalogue",
    "catalogue.audit",
    "catalogue.batches",
    "catalogue.clock",
    "catalogue.disk",
    "catalogue.errors",
    "catalogue.log",
    "catalogue.search",
    "catalogue.settings",
    "catalogue.stopping",
}
"""What is not code that reads: the clock, disks, names, logs, settings (which the fingerprint holds by value)."""


def test_all_that_ingest_imports_is_covered() -> None:
    graph = grimp.build_graph("dcat", "harvesters", "catalogue")
    below = graph.find_upstream_modules("catalogue.ingest", as_package=True)
    strangers = {name for name in below if not f"{name}.".startswith(tuple(f"{reader}." for reader in READERS))}
    assert strangers - OTHERS == set()
