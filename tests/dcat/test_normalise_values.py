"""Single values: what feeds write, and what is published instead."""

import time
from datetime import date

import pyoxigraph as ox
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from patience import ENOUGH

from dcat.datatypes import date_form
from dcat.normalise import dates, geometries, iris, languages, numbers, texts
from dcat.rdf import is_iri, is_language


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023", "2023"),
        ("2023-05", "2023-05"),
        ("2023-05-01", "2023-05-01"),
        ("2023-05-01T10:00:00Z", "2023-05-01T10:00:00Z"),
        ("2024-01-01T00:00:00.000-05:00", "2024-01-01T00:00:00.000-05:00"),
        ("1712", "1712"),
        ("1712-03-04", "1712-03-04"),
        (" 2023-05-01 ", "2023-05-01"),
        ("2023-5-1", "2023-05-01"),
        ("2023/05/01", "2023-05-01"),
        ("20230501", "2023-05-01"),
        ("01/05/2023", "2023-05-01"),
        ("19/11/2026", "2026-11-19"),
        ("05/23/2023", "2023-05-23"),
        ("01-05-2023 00:00:00", "2023-05-01"),
        ("01.05.2023", "2023-05-01"),
        ("2023-05-01T10:00", "2023-05-01T10:00:00"),
        ("2023-05-01 10:00:00.123", "2023-05-01T10:00:00.123"),
        ("2023-05-01T10:00:00+0200", "2023-05-01T10:00:00+02:00"),
        ("2023-05-01Z", "2023-05-01"),
        ("1er janvier 2023", "2023-01-01"),
        ("samedi 3 mars 2018", "2018-03-03"),
        ("12 mei 2021", "2021-05-12"),
        ("3. März 2020", "2020-03-03"),
        ("May 5, 2021", "2021-05-05"),
        ("Mon, 05 Jan 2015 10:00:00 GMT", "2015-01-05T10:00:00Z"),
        ("mai 2021", "2021-05"),
        ("05/2021", "2021-05"),
        ("2022-06-07 08:09:10 UTC", "2022-06-07T08:09:10Z"),
        ("2022-01-07 08:09:10 CET", "2022-01-07T08:09:10+01:00"),
        ("2022-06-07 08:09:10 CEST", "2022-06-07T08:09:10+02:00"),
        ("2022-06-07 08:09:10.5 Europe/Amsterdam", "2022-06-07T08:09:10.5+02:00"),
        ("2022-01-07T08:09:10+01:00[Europe/Brussels]", "2022-01-07T08:09:10+01:00"),
        ("2022-06-07T08:09:10 GMT+2", "2022-06-07T08:09:10+02:00"),
        ("Tue Jun  7 08:09:10 CEST 2022", "2022-06-07T08:09:10+02:00"),
        ("Tue Jun 07 2022 08:09:10 GMT+0200 (heure d’été)", "2022-06-07T08:09:10+02:00"),
        ("2022-06-07 08:09 uur", "2022-06-07T08:09:00"),
        ("2022-06-07T08:09:10 XYZ", "2022-06-07T08:09:10"),
        ("1845-06-07 08:09:10 Europe/Brussels", "1845-06-07T08:09:10"),
        ("2022-06-07T24:00:00", "2022-06-08T00:00:00"),
        ("2022-12-31T24:00:00Z", "2023-01-01T00:00:00Z"),
        ("2022-06-07T08:09:10.12345678901234Z", "2022-06-07T08:09:10.123456789Z"),
        ("2022-06-07T08:09:10,25", "2022-06-07T08:09:10.25"),
        ("http://reference.data.gov.uk/id/day/2022-06-07", "2022-06-07"),
        ("http://reference.data.gov.uk/id/gregorian-instant/2022-06-07T08:09:10", "2022-06-07T08:09:10"),
        ("http://reference.data.gov.uk/id/year/2022", "2022"),
        ('"2022-06-07"^^xsd:date', "2022-06-07"),
        ("Di, 07/06/2022", "2022-06-07"),
        ("1577836800", "2020-01-01T00:00:00Z"),
        ("1577836800000", "2020-01-01T00:00:00Z"),
        ("45292", "2024-01-01"),
        ("45292.75", "2024-01-01"),
        ("1577836800.25", "2020-01-01T00:00:00Z"),
        ("/Date(1577836800000+0100)/", "2020-01-01T00:00:00Z"),
        ("20220607T080910Z", "2022-06-07T08:09:10Z"),
        ("20220607080910", "2022-06-07T08:09:10"),
        ("7-Jun-2022", "2022-06-07"),
        ("June, 2022", "2022-06"),
        ("6/7/2022 02:09:10 PM", "2022-06-07T14:09:10"),
        ("6/7/2022 12:00:00 AM", "2022-06-07"),
        ("23/6/2022 2:09 pm", "2022-06-23T14:09:00"),
        ("Jun 7, 2022, 3:05 p.m.", "2022-06-07T15:05:00"),
        ("2022-06-07 3:05 PM", "2022-06-07T15:05:00"),
        ("07/06/2022 14h05", "2022-06-07T14:05:00"),
        ("7 juin 2022 à 14:05", "2022-06-07T14:05:00"),
        ("2022/6", "2022-06"),
        ("2022-06-00", "2022-06"),
        ("2022-00-00 00:00:00", "2022"),
        ("2022\u201106\u201107", "2022-06-07"),
    ],
)
def test_a_date_is_published_as_w3c_wants_it(text: str, value: str) -> None:
    repair = dates.date(text)
    assert repair.value == value
    assert bool(repair.rule) == (text != value)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "date-empty"),
        ("   ", "date-empty"),
        ("0001-01-01", "date-unlikely"),
        ("0001-01-01T00:00:00+14:00", "date-unlikely"),
        ("0023-05-01", "date-unlikely"),
        ("9999-12-31", "date-unlikely"),
        ("9999-12-31T23:59:59-12:00", "date-unlikely"),
        ("0000-00-00", "date-unlikely"),
        ("99999-01-01", "date-invalid"),
        ("-0044-03-15", "date-invalid"),
        ("2023-02-30", "date-invalid"),
        ("2023-13-01", "date-invalid"),
        ("2023-05-01T24:00:01", "date-invalid"),
        ("2023-05-01 tot heden", "date-invalid"),
        ("2023-05-01T10:00:00 and so on 7", "date-invalid"),
        ("https://example.org/files/2023", "date-invalid"),
        ("9999-12-31T24:00:00", "date-invalid"),
        ("2023-05-01T10:00:60", "date-invalid"),
        ("2023-05-01T10:00:00+99:99", "date-invalid"),
        ("٢٠٢٣", "date-invalid"),
        ("9" * 50_000, "date-invalid"),
        ("today", "date-invalid"),
        ("12345", "date-invalid"),
        ("99999", "date-invalid"),
        ("2021-Q1", "date-invalid"),
        ("31/02/2023", "date-invalid"),
    ],
)
def test_what_is_no_date_is_dropped(text: str, rule: str) -> None:
    assert dates.date(text) == (None, rule)


@given(st.text(max_size=80))
def test_any_text_gives_a_date_or_nothing(text: str) -> None:
    value, rule = dates.date(text)
    assert value is None or dates.date(value) == (value, "")
    assert rule or value == text


ZONES = st.sampled_from(["Z", "UTC", "CET", "CEST", "+02:00", "-0330", "GMT+1", "Europe/Brussels", "[Asia/Tokyo]"])


MOMENTS = st.tuples(st.dates(date(1000, 1, 2), date(2200, 12, 30)), st.times().map(lambda time: f"{time:%H:%M:%S}"))


@given(MOMENTS, st.sampled_from(["", ".5", ".1234567890123"]), ZONES)
def test_a_moment_keeps_its_day_and_clock_whatever_zone_is_named(
    moment: tuple[date, str], fraction: str, zone: str
) -> None:
    day, clock = moment
    value, _ = dates.date(f"{day} {clock}{fraction} {zone}")
    assert value is not None
    assert value[:19] == f"{day}T{clock}"
    assert date_form(value) == "xsd:dateTime"


@given(st.text(max_size=40))
def test_what_follows_a_moment_never_makes_a_date_that_is_none(text: str) -> None:
    value, _ = dates.date(f"2022-06-07T08:09:10{text}")
    assert value is None or date_form(value)


@given(st.integers(0, 10**12), st.integers(0, 5))
def test_a_size_with_an_exponent_is_the_number_it_says(number: int, power: int) -> None:
    assert numbers.byte_size(f"{number}e{power}").value == str(number * 10**power)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P1D", "P1D"),
        ("p1d", "P1D"),
        ("P2W", "P14D"),
        ("PT15M", "PT15M"),
        ("1 hour", "PT1H"),
        ("10 minutes", "PT10M"),
        ("1 mois", "P1M"),
        ("3 jaar", "P3Y"),
        ("often", None),
        ("P", None),
        ("PT", None),
        ("-P1D", None),
    ],
)
def test_durations(text: str, value: str | None) -> None:
    assert dates.duration(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("http://a.be/x", "http://a.be/x"),
        ("https://a.be/é", "https://a.be/é"),
        ("urn:uuid:6f1a2c7e-0000-4000-8000-000000000001", "urn:uuid:6f1a2c7e-0000-4000-8000-000000000001"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        ("http://a.be/x y", "http://a.be/x%20y"),
        ("\u00a0http://a.be/x\u200b ", "http://a.be/x"),
        ("<http://a.be/x>", "http://a.be/x"),
        ("www.brussels.be/x", "http://www.brussels.be/x"),
        ("data.gov.be/x", "http://data.gov.be/x"),
        ("//a.be/x", "https://a.be/x"),
        ("http//a.be/x", "http://a.be/x"),
        ("http:/a.be/x", "http://a.be/x"),
        ("https://https://a.be/x", "https://a.be/x"),
        ("http:// https://a.be/x", "https://a.be/x"),
        ("http:\\\\a.be\\x", "http://a.be/x"),
        ("http://a.be/{id}?q=a|b", "http://a.be/%7Bid%7D?q=a%7Cb"),
        ("http://a.be/[x]", "http://a.be/%5Bx%5D"),
        ("http://a.be/100%", "http://a.be/100%25"),
        ("http://a.be/a#b#c", "http://a.be/a#b%23c"),
        ("http://a.be/a?b#c%20d/e", "http://a.be/a?b#c%20d/e"),
        ("http://a.be/a#b;", "http://a.be/a#b"),
        ("http://a.be#b,", "http://a.be#b"),
        ("httpS://a.be/x", "https://a.be/x"),
        ("http://user:secret@a.be/x", "http://a.be/x"),
        ("http://a.be/x http://b.be/y", "http://a.be/x"),
        ("https://a.be/x;https://b.be/y", "https://a.be/x"),
        ("htp://a.be/x", "http://a.be/x"),
        ("https:// a.be/x", "https://a.be/x"),
        ("hptts://a.be/x", "https://a.be/x"),
        ("ttps://a.be/x", "https://a.be/x"),
        ("http:://a.be/x", "http://a.be/x"),
        ("Http;//a.be/x", "http://a.be/x"),
        ("https//:a.be/x", "https://a.be/x"),
        ("http://https//a.be/x", "https://a.be/x"),
        ("URL: https://a.be/x", "https://a.be/x"),
        ("link=www.a.be/x", "http://www.a.be/x"),
        ("https%3A%2F%2Fa.be%2Fx", "https://a.be/x"),
        ("https://a.be /x y", "https://a.be/x%20y"),
        ("http: // a.be/x", "http://a.be/x"),
        ("https://a.be\\x\\y?q=\\d", "https://a.be/x/y?q=%5Cd"),
        ("http://e.be/a> . <http://evil.be/s>", "http://e.be/a%3E%20.%20%3Chttp://evil.be/s"),
    ],
)
def test_an_iri_is_mended(text: str, value: str) -> None:
    assert iris.iri(text).value == value
    ox.NamedNode(value)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "text-empty"),
        ("csv", "iri-invalid"),
        ("http://", "iri-invalid"),
        ("http://a b.be/", "iri-invalid"),
        ("javascript:alert(1)", "iri-scheme"),
        ("JaVaScRiPt:alert(1)", "iri-scheme"),
        ("\x01javascript:alert(1)", "iri-invalid"),
        ("data:text/html,x", "iri-scheme"),
        ("vbscript:x", "iri-scheme"),
        ("file:///etc/passwd", "iri-scheme"),
        ("http://a.be/" + "x" * 100_000, "iri-invalid"),
    ],
)
def test_what_is_no_iri_is_dropped(text: str, rule: str) -> None:
    assert iris.iri(text) == (None, rule)


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(max_size=60).map("http://a.be/".__add__),
        st.text(max_size=20).map("http://".__add__),
    )
)
def test_what_is_published_as_an_iri_is_one(text: str) -> None:
    value, rule = iris.iri(text)
    assert value is None or (is_iri(value) and iris.iri(value) == (value, ""))
    assert rule or value == text


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("http://localhost/x", "iri-local"),
        ("http://localhost:8080/x", "iri-local"),
        ("http://127.0.0.1/x", "iri-local"),
        ("http://10.0.0.1/x", "iri-local"),
        ("http://[::1]/x", "iri-local"),
        ("http://intranet/x", "iri-local"),
        ("http://files.agency.local/x", "iri-local"),
        ("mailto:a@b.be", "iri-not-web"),
        ("urn:isbn:1", "iri-not-web"),
        ("https://data.brussels:70000/x", "iri-invalid"),
        ("https://data.brussels:8443/x:70000", ""),
        ("https://data.brussels/x", ""),
        ("ftp://ftp.agency.be/x", ""),
    ],
)
def test_a_link_leads_to_the_public_internet(address: str, rule: str) -> None:
    assert iris.link(address).rule == rule


@pytest.mark.parametrize(
    ("cited", "address"),
    [
        ("doi:10.4233/uuid:5a", "https://doi.org/10.4233/uuid:5a"),
        ("DOI: 10.4233/5a ", "https://doi.org/10.4233/5a"),
        ("10.4233/5a", "https://doi.org/10.4233/5a"),
        ("hdl:2078.1/4", "https://hdl.handle.net/2078.1/4"),
        ("https://data.brussels/x?id=1&amp;f=csv", "https://data.brussels/x?id=1&f=csv"),
        ("zie https://data.brussels/x", "https://data.brussels/x"),
        ("[de cijfers](https://data.brussels/x)", "https://data.brussels/x"),
        ("[https://data.brussels/x](https://data.brussels/x)", "https://data.brussels/x"),
        ('<a href="https://data.brussels/x">x</a>', "https://data.brussels/x"),
    ],
)
def test_a_link_that_is_cited_or_escaped_leads_where_it_means(cited: str, address: str) -> None:
    assert iris.link(cited) == (address, "iri-rewritten")
    assert iris.link(address) == (address, "")


def test_local_links_pass_where_settings_allow() -> None:
    assert iris.link("http://127.0.0.1:8080/x", allow_local=True) == ("http://127.0.0.1:8080/x", "")


def test_several_addresses_in_one_value_are_told_apart() -> None:
    assert iris.glued("http://a.be/x;http://b.be/y") == ("http://a.be/x", "http://b.be/y")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a@b.be", "mailto:a@b.be"),
        ("mailto:a@b.be", "mailto:a@b.be"),
        ("mailto:mailto:A@B.be?subject=x", "mailto:A@b.be"),
        ("a at b.be", "mailto:a@b.be"),
        ("a(at)b.be", "mailto:a@b.be"),
        ("a@b.be; c@d.be", "mailto:a@b.be"),
        ("Helpdesk <a@b.be>", "mailto:a@b.be"),
        ("guichet@Mairie-Évere.be", "mailto:guichet@xn--mairie-vere-hbb.be"),
        ("guichet@müll.exemple.be, a@b.be", "mailto:guichet@xn--mll-hoa.exemple.be"),
        ("guichet@evere.b2", None),
        ("mailto%3Aa%40b.be", "mailto:a@b.be"),
        ("a&#64;b.be", "mailto:a@b.be"),
        ("'a@b.be'", "mailto:a@b.be"),
        ("a [at] b [dot] be", "mailto:a@b.be"),
        ("guichet@evere.be-ch", None),
        ("none", None),
        ("a@b", None),
    ],
)
def test_mail_addresses(text: str, value: str | None) -> None:
    assert iris.mail(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+32 2 204 21 11", "tel:+3222042111"),
        ("tel:+32-(0)2-204 21 11", "tel:+3222042111"),
        ("Tél. 02/204.21.11 (9h-12h)", "tel:022042111"),
        ("02 / 204 21 11", "tel:022042111"),
        ("0477/12/34/56", "tel:0477123456"),
        ("02 204 21 11/12", "tel:022042111"),
        ("02 204 21 11 / 0477 12 34 56", "tel:022042111"),
        ("02.204.21.11-0477.12.34.56", None),
        ("n/a", None),
    ],
)
def test_telephone_numbers(text: str, value: str | None) -> None:
    assert iris.telephone(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123456", "123456"),
        ("0", "0"),
        ("007", "7"),
        ("123456.0", "123456"),
        ("1.5 MB", "1500000"),
        ("12 kB", "12000"),
        ("12KiB", "12288"),
        ("1 234 567", "1234567"),
        ("1,234", "1234"),
        ("4.5e6", "4500000"),
        ("4,5E+03", "4500"),
        ("~7 Mo", "7000000"),
        ("7 mégaoctets", "7000000"),
        ("7 kilobytes", "7000"),
        ("7 gib", "7516192768"),
        ("4e30", None),
        ("-1", None),
        ("1e999999999", None),
        ("NaN", None),
        ("9" * 5_000, None),
    ],
)
def test_byte_sizes(text: str, value: str | None) -> None:
    assert numbers.byte_size(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("10", "10"), ("10.0", "10.0"), ("10 m", "10"), ("0,5", "0.5"), ("1 km", "1000"), ("1:10000", None)],
)
def test_distances_in_metres(text: str, value: str | None) -> None:
    assert numbers.metres(text).value == value


def test_checksums_and_their_algorithms() -> None:
    assert numbers.hexadecimal("SHA256:ABCDEF01").value == "abcdef01"
    assert numbers.hexadecimal("no sum").value is None
    assert numbers.algorithm("SHA-256").value == "https://spdx.org/rdf/terms#checksumAlgorithm_sha256"
    assert numbers.algorithm("http://spdx.org/rdf/terms#checksumAlgorithm_md5").value == numbers.SPDX + "md5"
    assert numbers.algorithm("rot13").value is None
    assert numbers.fits(numbers.SPDX + "md5", "a" * 32)
    assert not numbers.fits(numbers.SPDX + "sha256", "a" * 32)


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        ("Qualité de l’air", "Qualité de l’air", ()),
        ("  a   b ", "a b", ("text-spaces",)),
        ("a\x00b\ud800", "ab", ("text-controls",)),
        ("DÃ©veloppement", "Développement", ("text-encoding",)),
        ("dâ\x80\x99ici", "d’ici", ("text-encoding",)),
        ("L\x92eau \x96 été", "L’eau – été", ("text-encoding",)),
        ("R&D &eacute;t&eacute;", "R&D été", ("text-markup",)),
        ("http://x.be?a=1&copy=2", "http://x.be?a=1&copy=2", ()),
        ("x < y > z", "x < y > z", ()),
        ("<b>Bomen</b>", "Bomen", ("text-markup", "text-spaces")),
        ("TODO", None, ("text-placeholder",)),
        ("n/a", None, ("text-placeholder",)),
        ("(:unav)", None, ("text-placeholder",)),
        ("{{default.description}}", None, ("text-placeholder",)),
        ("Budget {{year}}", "Budget", ("text-placeholder",)),
        ("", None, ("text-empty",)),
    ],
)
def test_lines(text: str, value: str | None, rules: tuple[str, ...]) -> None:
    assert texts.line(text) == (value, rules)


def test_html_becomes_text_that_keeps_its_paragraphs_items_and_links() -> None:
    value, rules = texts.prose(
        "<p>Bonjour &amp; <a href='http://x.be'>ici</a></p><ul><li>un</li><li>deux</li></ul><script>alert(1)</script>"
    )
    assert value == "Bonjour & ici (http://x.be)\n\n- un\n- deux"
    assert "text-markup" in rules


def test_a_long_text_is_cut_and_said_to_be() -> None:
    value, rules = texts.prose("a b " * 100_000)
    assert value is not None
    assert len(value) == texts.PROSE_LIMIT
    assert "text-cut" in rules


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    value, _ = texts.line(text)
    assert value is None or texts.line(value)[0] == value


@pytest.mark.parametrize(
    "text",
    [
        "<p>",
        "<",
        "<a href=",
        "<script>",
        "<!--",
        "&a",
        " \n",
        "{{",
        "<%",
        "Ã©",
        "${",
        "</p",
        "<a href='http://",
        "( at )",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    begin = time.process_time()
    texts.prose(text * (50_000 // len(text)))
    iris.iri("http://" + text * 1_000)
    iris.mail(text * 1_000)
    assert time.process_time() - begin < ENOUGH


@pytest.mark.parametrize(
    ("given_tag", "tag"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fr_BE", "fr-be"),
        ("fre", "fr"),
        ("dut", "nl"),
        ("Nederlands", "nl"),
        ("fr-t-nl-t0-mtec", "fr-t-nl-t0-mtec"),
        ("en> .", ""),
        ("en\n", "en"),
        ("x" * 5_000, ""),
    ],
)
def test_language_tags(given_tag: str, tag: str) -> None:
    assert languages.tag(given_tag)[0] == tag


@given(st.text(max_size=30))
def test_a_published_tag_is_well_formed(text: str) -> None:
    tag, _ = languages.tag(text)
    assert tag == "" or is_language(tag)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Qualité de l’air dans la Région de Bruxelles-Capitale", "fr"),
        ("Luchtkwaliteit van het Brussels Hoofdstedelijk Gewest", "nl"),
        ("Luftqualität in der Region und in den Gemeinden", "de"),
        ("Air quality for the municipalities of the region", "en"),
        ("A series of annual reports, one dataset per year.", "en"),
        ("Number of visitors per day", "en"),
        ("Aantal bezoekers per dag", "nl"),
        ("Gegevens over water per gemeente", "nl"),
        ("Par mois", ""),
        ("Over 100 plus per 10", ""),
        ("Villo", ""),
        ("La base se conforma con las comunicaciones que los tribunales realizan en la jurisdicción del país", ""),
        ("La liste des rues du quartier où est né Ramón García, pour la région", "fr"),
    ],
)
def test_a_language_is_guessed_only_when_certain(text: str, lang: str) -> None:
    assert languages.guess(text) == lang


GML = (
    '<gml:Envelope srsName="http://www.opengis.net/def/crs/OGC/1.3/CRS84"><gml:lowerCorner>4.24 50.76'
    "</gml:lowerCorner><gml:upperCorner>4.48 50.92</gml:upperCorner></gml:Envelope>"
)
BRUSSELS = "POLYGON((4.24 50.92,4.48 50.92,4.48 50.76,4.24 50.76,4.24 50.92))"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (BRUSSELS, BRUSSELS),
        ("POLYGON ((4.24 50.92, 4.48 50.92, 4.48 50.76, 4.24 50.76, 4.24 50.92))", BRUSSELS),
        (
            '{"type":"Polygon","coordinates":[[[4.24,50.92],[4.48,50.92],[4.48,50.76],[4.24,50.76],[4.24,50.92]]]}',
            BRUSSELS,
        ),
        ("4.24,50.76,4.48,50.92", BRUSSELS),
        ("[4.24, 50.76, 4.48, 50.92]", BRUSSELS),
        ("ENVELOPE(4.24,4.48,50.92,50.76)", BRUSSELS),
        ("4.24 50.76 4.48 50.92", BRUSSELS),
        ("4,24; 50,76; 4,48; 50,92", BRUSSELS),
        ("(4.24, 50.76, 4.48, 50.92)", BRUSSELS),
        ("50.76,4.24,50.92,4.48", BRUSSELS),
        ("westlimit=4.24; southlimit=50.76; eastlimit=4.48; northlimit=50.92; name=Brussels", BRUSSELS),
        ('{"xmin":4.24,"ymin":50.76,"xmax":4.48,"ymax":50.92,"spatialReference":{"wkid":4326}}', BRUSSELS),
        ("minLon: 4.24, minLat: 50.76, maxLon: 4.48, maxLat: 50.92", BRUSSELS),
        ("[[4.24, 50.76], [4.48, 50.92]]", BRUSSELS),
        ("4.36 50.84", "POINT(4.36 50.84)"),
        ("lat: 50.84, lon: 4.36", "POINT(4.36 50.84)"),
        ("east=4.36; north=50.84", "POINT(4.36 50.84)"),
        (GML, BRUSSELS),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((50.92 4.24,50.76 4.48,50.92 4.24))", BRUSSELS),
        ("POLYGON((50.92 4.24,50.76 4.48,50.92 4.24))", BRUSSELS),
        ("POINT(4.35 50.85)", "POINT(4.35 50.85)"),
        ('{"type":"Point","coordinates":[4.35,50.85]}', "POINT(4.35 50.85)"),
        ("POLYGON((150000 170000,160000 180000,150000 170000))", None),
        ("GEOMETRYCOLLECTION(POINT(4.24 50.76),POINT(4.48 50.92))", BRUSSELS),
        ("MULTIPOLYGON (((4.24 50.76,4.48 50.92", None),
        ("POLYGON EMPTY", None),
        ("POLYGON((4,24 50,76, 4,48 50,76, 4,48 50,92, 4,24 50,76))", None),
        ("POINT(4,36 50,84)", None),
        ("Brussels", None),
        ("", None),
        ('{"type":"Polygon","coordinates":[[[NaN,1]]]}', None),
        ("[" * 100_000, None),
    ],
)
def test_geometries(text: str, value: str | None) -> None:
    assert geometries.geometry(text).value == value


def test_swapped_axes_are_told() -> None:
    assert geometries.geometry("POLYGON((50.92 4.24,50.76 4.48,50.92 4.24))").rule == "geometry-swapped"
    box = geometries.geometry("POLYGON((50.8 4.3,50.9 4.3,50.9 4.4,50.8 4.4,50.8 4.3))")
    assert box == ("POLYGON((4.3 50.9,4.4 50.9,4.4 50.8,4.3 50.8,4.3 50.9))", "geometry-swapped")


FIJI = (176.0, -20.0, -178.5, -16.0)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("POLYGON((176 -20,-178.5 -20,-178.5 -16,176 -16,176 -20))", FIJI),
        ("176,-20,-178.5,-16", FIJI),
        ("[176, -20, -178.5, -16]", FIJI),
        ("ENVELOPE(176,-178.5,-16,-20)", FIJI),
        ("POLYGON((176 -18,179 -20,-179.5 -18,-178.5 -16,176 -18))", FIJI),
        ("MULTIPOLYGON(((176 -20,180 -20,180 -16,176 -20)),((-180 -20,-178.5 -16,-180 -16,-180 -20)))", FIJI),
        ("-178.5,-20,176,-16", (-178.5, -20.0, 176.0, -16.0)),
        ("POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))", (-180.0, -90.0, 180.0, 90.0)),
        ("POLYGON((-180 -90,0 -90,180 -90,180 90,-180 90,-180 -90))", (-180.0, -90.0, 180.0, 90.0)),
        ("180,-90,-180,90", (-180.0, -90.0, 180.0, 90.0)),
    ],
)
def test_a_box_across_180_degrees_is_one(text: str, box: tuple[float, ...]) -> None:
    assert geometries.box_of(text)[0] == box


def test_the_middle_of_a_box_across_180_degrees_lies_within_it() -> None:
    assert geometries.Box(*FIJI).centre() == "POINT(178.75 -18)"
    assert geometries.Box(170, -10, -150, 10).centre() == "POINT(-170 0)"


DEGREES = st.tuples(st.integers(-1800, 1800), st.integers(-900, 900)).map(lambda pair: (pair[0] / 10, pair[1] / 10))
NOTATIONS = st.sampled_from(
    [
        "{w},{s},{e},{n}",
        "[{w}, {s}, {e}, {n}]",
        "ENVELOPE({w},{e},{n},{s})",
        "POLYGON(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s}))",
        '{{"xmin":{w},"ymin":{s},"xmax":{e},"ymax":{n}}}',
        "westlimit={w}; southlimit={s}; eastlimit={e}; northlimit={n}",
    ]
)


@given(DEGREES, DEGREES, NOTATIONS)
def test_every_notation_of_a_box_is_read_and_what_is_published_is_stable(
    one: tuple[float, float], other: tuple[float, float], notation: str
) -> None:
    (west, east), (south, north) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    assume(any((west, south, east, north)))
    written = notation.format(w=west, s=south, e=east, n=north)
    value, _ = geometries.geometry(written)
    assert value is not None
    assert geometries.geometry(value) == (value, "")
    if not geometries.is_swapped_belgium(geometries.Box(west, south, east, north)):
        assert geometries.box_of(written)[0] == (west, south, east, north)


def test_a_line_of_three_points_is_no_box_with_heights() -> None:
    assert geometries.geometry("4.3 50.8 4.4 50.9 4.5 51.0").value is None


@pytest.mark.parametrize("text", ["POINT(0 0)", "0,0,0,0", "POLYGON((0 0,0 0,0 0,0 0,0 0))", "[0.0, 0.0, 0.0, 0.0]"])
def test_zeros_alone_are_no_place(text: str) -> None:
    assert geometries.geometry(text) == (None, "geometry-invalid")


@given(st.text(max_size=60))
def test_any_text_is_drawn_or_not(text: str) -> None:
    assert geometries.is_drawn(text) in {True, False}


@pytest.mark.parametrize("text", ["1000", "1000, 1050", "Brussels 1000", "Laken", "2021", "Rue du Nord 4, 1000"])
def test_a_name_with_numbers_is_not_drawn(text: str) -> None:
    assert not geometries.is_drawn(text)
