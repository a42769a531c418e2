"""Structs of the model made by hypothesis: clean and dirty values, in canonical order, as reading would give them."""

from itertools import count
from typing import Any

import msgspec
from hypothesis import strategies as st

from dcat.model import (
    Agent,
    Catalog,
    CatalogRecord,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Date,
    Decimal,
    Duration,
    Hex,
    Integer,
    Iri,
    Node,
    Publication,
    Text,
    Wkt,
    properties,
)
from dcat.order import in_order

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
    lambda c: c in "\t\n\r" or ord(c) >= 0x20
)
"""Every character that a text may hold."""

words = st.text(characters, max_size=12)

languages = st.sampled_from(["", "fr", "nl", "de", "en", "fr-be", "fr-t-nl", "de-1996", "x-local"])

texts = st.builds(Text, words, languages)

valid_iris = st.sampled_from(
    [
        "http://example.org/a",
        "https://example.org/é/%20?a=1&b=2#c",
        "https://example.org/x'y(z)",
        "http://example.org/\u2028end",
        "mailto:open.data@example.org",
        "tel:+3221234567",
        "urn:uuid:6f1a2c7e-0000-4000-8000-000000000001",
        "geo:50.84,4.36",
        "dct:title",
        "http://purl.org/dc/terms/",
        "http://www.w3.org/ns/dcat#Dataset/1.2-3",
    ]
)

dirty_iris = st.one_of(
    words,
    st.sampled_from(
        [
            "",
            "http://example.org/a b",
            "http://example.org/a> . <http://evil.example/s> <http://evil.example/p> <http://evil.example/o",
            "www.example.org",
            "_:b0",
            'http://example.org/"x"',
            "http://example.org/" + "x" * 3000,
        ]
    ),
)

iris = st.one_of(valid_iris, dirty_iris).map(Iri)

_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    Text: texts,
    Iri: iris,
    Date: st.one_of(
        st.dates().map(lambda day: day.isoformat()),
        st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds")),
        st.sampled_from(["2023", "2023-05", "2023-05-01T10:00:00.123+02:00", "01/05/2023", "2023-02-30", "0000"]),
        words,
    ).map(Date),
    Duration: st.one_of(st.sampled_from(["P1D", "PT1H", "P", "P1Y2M3DT4H5M6.7S", "R/P1Y"]), words).map(Duration),
    Decimal: st.one_of(st.decimals(allow_nan=False).map(str), st.sampled_from(["1e999999999", "9" * 5000])).map(
        Decimal
    ),
    Integer: st.one_of(st.integers().map(str), st.just("1" * 5000), words).map(Integer),
    Hex: st.one_of(st.binary(max_size=8).map(bytes.hex), words).map(Hex),
    Wkt: st.one_of(
        st.sampled_from(["POINT(4.36 50.84)", '{"type": "Point"}', "<gml:Point/>", "POLYGON((0 0,1 0,1 1,0 0))"]), words
    ).map(Wkt),
}


@st.composite
def nodes(draw: st.DrawFn, struct: type[Node]) -> Any:
    """A struct with nodes inside; every node has an IRI of its own, or none, or is nothing but an invalid one."""
    numbers = count()
    known: dict[type[Node], list[Node]] = {}

    def node(struct: type[Node], depth: int) -> Any:
        if known.get(struct) and draw(st.booleans()):
            return draw(st.sampled_from(known[struct]))
        if depth and draw(st.integers(0, 9)) == 0:
            return struct(iri=draw(iris))
        values: dict[str, Any] = {"iri": _iri(draw, struct, next(numbers))} if draw(st.integers(0, 3)) else {}
        fields = properties(struct)
        chosen = draw(st.sets(st.sampled_from(fields), max_size=6 if depth else 12)) if fields else set()
        for field in sorted(chosen, key=fields.index):
            if field.item in _VALUES:
                drawn = draw(st.lists(_VALUES[field.item], max_size=3)) if field.many else [draw(_VALUES[field.item])]
            else:
                number = draw(st.integers(0, 2)) if field.many else 1
                drawn = [node(field.item, depth + 1) for _ in range(number)]
            values[field.name] = tuple(in_order(drawn)) if field.many else drawn[0]
        if struct in {Agent, Contact}:
            values["is_individual"] = draw(st.booleans())
        made = struct(**values)
        known.setdefault(struct, []).append(made)
        return made

    return node(struct, 0)


def _iri(draw: st.DrawFn, struct: type[Node], number: int) -> Iri:
    start = draw(st.sampled_from(["https://example.org/id/", "urn:x:", "geo:0,0;", "http://example.org/é#"]))
    return Iri(f"{start}{struct.__name__.lower()}/{number}")


def _terms_on_files(entry: Any) -> Any:
    """Licence and rights stand on an entry only when it has no files that could have them."""
    return msgspec.structs.replace(entry, license=None, rights=()) if entry.distribution else entry


datasets = nodes(Dataset).map(_terms_on_files)
series = nodes(DatasetSeries).map(_terms_on_files)
services = nodes(DataService)
publications = nodes(Publication).map(_terms_on_files)
entries = st.one_of(datasets, series, services, publications)
catalogs = nodes(Catalog)
records = nodes(CatalogRecord)
