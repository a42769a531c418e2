"""Prefixes of the vocabularies in use, and the step between `dct:title` and its IRI."""

from collections.abc import Mapping
from functools import lru_cache

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes that feeds are written with (DCAT-AP 3.0.1, section 3; DQV for quality, with OA and SHACL)."""

_READ_ONLY = {
    "as": "https://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ldes": "https://w3id.org/ldes#",
    "tree": "https://w3id.org/tree#",
    "cc": "http://creativecommons.org/ns#",
    "bibo": "http://purl.org/ontology/bibo/",
    "fabio": "http://purl.org/spar/fabio/",
    "gn": "http://www.geonames.org/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "pav": "http://purl.org/pav/",
    "schema": "http://schema.org/",
    "sdo": "https://schema.org/",
}
"""Prefixes of what is read in feeds, and of event streams: never declared in what is written."""

_ALL = PREFIXES | _READ_ONLY
_BY_LENGTH = sorted(((iri, prefix) for prefix, iri in _ALL.items()), key=lambda pair: -len(pair[0]))


def vocabularies() -> Mapping[str, str]:
    """All prefixes that are read, with their namespaces."""
    return _ALL


@lru_cache(maxsize=4096)
def expand(curie: str) -> str:
    """The IRI of a compact name: `dct:title` → `http://purl.org/dc/terms/title`. Raises `KeyError` for no prefix."""
    prefix, _, name = curie.partition(":")
    return _ALL[prefix] + name


@lru_cache(maxsize=4096)
def compact(iri: str) -> str:
    """The compact name of an IRI, or the IRI itself when none of our prefixes fits."""
    for start, prefix in _BY_LENGTH:
        if iri.startswith(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


RDF_TYPE = expand("rdf:type")
ANY_URI = expand("xsd:anyURI")
