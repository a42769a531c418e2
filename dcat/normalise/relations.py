"""Relations with a role: said plainly, since the resource they lead to need not be described anywhere near."""

import msgspec

from ..model import Dataset
from .notes import Log
from .terms import said


def plain_relations(entry: Dataset, log: Log) -> Dataset:
    """dcat:qualifiedRelation becomes dct:relation, which may lead anywhere.

    The official shapes want the resource of a dcat:Relationship described as a dataset, series, service or catalogue in
    the same graph, and a record does not know what else the catalogue holds.
    """
    if not entry.qualified_relation:
        return entry
    for given in entry.qualified_relation:
        log.note("dcat:qualifiedRelation", " ".join(filter(None, map(said, given.role))), "relation-plain")
    targets = {target for given in entry.qualified_relation for target in given.relation}
    relation = tuple(sorted({*entry.relation, *targets}))
    return msgspec.structs.replace(entry, relation=relation, qualified_relation=())
