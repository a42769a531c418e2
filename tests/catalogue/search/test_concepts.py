"""What words mean in other languages, and what they do not."""

import csv
from importlib.resources import files

import pytest
from msgspec import structs
from searchables import document

from catalogue.search.base import Query
from catalogue.search.fields import shadow
from catalogue.search.language import concepts
from catalogue.search.language.analysis import query_words, stem, words
from catalogue.search.language.elision import without_article
from catalogue.search.language.false_friends import FALSE_FRIENDS
from catalogue.search.language.stopwords import ANY_STOP_WORD
from catalogue.search.plan import plan
from dcat import vocab
from dcat.model import Text
from dcat.our_languages import OUR_LANGUAGES

ROWS = list(csv.DictReader(files("catalogue.search.language").joinpath("concepts.csv").read_text("utf-8").splitlines()))


def meant(text: str, language: str) -> set[str]:
    """The concepts that a query names."""
    return set(plan(Query(text=text, language=language)).concepts)


def test_the_list_is_long_whole_and_free_of_contradictions() -> None:
    assert len(ROWS) >= 300
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        for language in OUR_LANGUAGES:
            labels = row[language].split(" | ")
            assert all(words(label) for label in labels), (row["id"], language)
            assert len(set(labels)) == len(labels), (row["id"], language)


def test_no_name_of_several_words_is_one_common_word_when_stop_words_are_left_out() -> None:
    labels = [words(label) for row in ROWS for language in OUR_LANGUAGES for label in row[language].split(" | ")]
    left = [[word for word in label if word not in ANY_STOP_WORD] for label in labels if len(label) > 1]
    assert [said for said in left if len(said) < 2] == [["indebtedness"]]


@pytest.mark.parametrize("name", ["vélo", "fiets", "Fahrrad", "bicycle"])
@pytest.mark.parametrize("reader", OUR_LANGUAGES)
def test_one_meaning_whatever_the_language_of_word_and_reader(name: str, reader: str) -> None:
    assert "bicycle" in meant(name, reader)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Verkehr", "theme:TRAN"),
        ("csv", "format:CSV"),
        ("quotidien", "frequency:DAILY"),
        ("Mobilität", "hvd:c_b79e35eb"),
        ("Elsene", "area:21009"),
        ("Ixelles", "area:21009"),
    ],
)
def test_the_words_of_the_vocabularies_mean_their_terms(text: str, code: str) -> None:
    carrying = set(concepts.by_code()[code])
    assert any(carrying & meant(text, language) for language in OUR_LANGUAGES)


def test_every_commune_is_one_concept_under_both_names() -> None:
    for place in vocab.PLACES:
        if place.code.startswith("210") and place.code != "21000":
            named = [meant(vocab.label(place, language), language) for language in ("fr", "nl")]
            assert named[0] & named[1], place.code


def test_the_longest_name_is_meant_first_and_the_wider_ones_inside_it_too() -> None:
    assert plan(Query(text="piste cyclable", language="fr")).concepts == ("bike-lane", "bicycle")


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("bike lanes", "en", {"bike-lane", "bicycle"}),
        ("cycle paths", "en", {"bike-lane", "bicycle"}),
        ("qualité de l'air", "fr", {"air-quality", "air", "quality"}),
        ("traffic jams", "en", {"traffic-jam", "traffic"}),
        ("car parks", "en", {"parking"}),
        ("street markets", "en", {"market"}),
        ("maison de repos", "fr", {"nursing-home"}),
        ("Région de Bruxelles-Capitale", "fr", {"brussels-region"}),
    ],
)
def test_words_inside_a_name_mean_what_names_in_several_languages_hold(
    text: str, language: str, found: set[str]
) -> None:
    assert meant(text, language) == found


@pytest.mark.parametrize("reader", OUR_LANGUAGES)
def test_the_longest_name_wins_whatever_the_language_of_the_reader(reader: str) -> None:
    first, *_ = concepts.in_query(query_words("street art"), reader)
    assert first.concept == "street-art"


@pytest.mark.parametrize("reader", ["fr", "nl", "en"])
def test_a_name_as_it_is_written_wins_over_one_with_its_stem(reader: str) -> None:
    assert meant("rent", reader) == {"rent"}


def test_words_that_share_only_their_stems_with_a_long_name_of_another_language_do_not_mean_it() -> None:
    assert meant("population par âge", "fr") == {"population", "age"}


def test_the_commune_of_forest_is_a_wood_only_to_who_reads_english() -> None:
    assert meant("Forest", "fr") == meant("Vorst", "nl") == {"area:21007"}
    assert meant("Forest", "en") == {"forest"}


@pytest.mark.parametrize(
    ("one", "other", "language", "code"),
    [
        ("bâtiment", "bâtiments", "fr", "hvd:c_60182062"),
        ("building", "buildings", "en", "hvd:c_60182062"),
        ("emission", "émissions", "fr", "hvd:c_4ba9548e"),
        ("adresse", "adresses", "fr", "hvd:c_c3de25e4"),
        ("Adresse", "Adressen", "de", "hvd:c_c3de25e4"),
    ],
)
def test_singular_and_plural_are_one_concept_with_the_term_of_the_vocabulary(
    one: str, other: str, language: str, code: str
) -> None:
    assert meant(one, language) == meant(other, language) == set(concepts.by_code()[code])


@pytest.mark.parametrize(
    ("text", "language", "concept"),
    [
        ("habitants", "fr", "population"),
        ("inwoners per gemeente", "nl", "population"),
        ("Einwohner", "de", "population"),
        ("poubelles", "fr", "waste"),
        ("zwerfvuil", "nl", "litter"),
        ("glasbollen", "nl", "glass-bank"),
        ("Gründächer", "de", "green-roof"),
        ("carrefours à feux", "fr", "traffic-light"),
        ("Straßennamen", "de", "street-name"),
        ("straatnamen", "nl", "street-name"),
        ("baby names", "en", "first-name"),
        ("Schulessen", "de", "school-meal"),
        ("facturen", "nl", "invoice"),
        ("Höchstgeschwindigkeit", "de", "speed"),
        ("Nahverkehr", "de", "public-transport"),
        ("fréquentation", "fr", "ridership"),
        ("fréquentation", "fr", "visitor"),
        ("Fahrradständer", "de", "bike-parking"),
        ("zebrapaden", "nl", "pedestrian-crossing"),
        ("standbeelden", "nl", "sculpture"),
        ("zonnepaneel", "nl", "solar"),
        ("Kitas", "de", "childcare"),
        ("loyers", "fr", "rent"),
        ("treinstations", "nl", "station"),
        ("bruggen", "nl", "bridge"),
        ("bien-être", "fr", "wellbeing"),
        ("sans-abri", "fr", "homeless"),
        ("glascontainer", "nl", "glass-bank"),
        ("oplaadpunten", "nl", "charging-point"),
        ("pm2.5", "fr", "particulate"),
        ("prix maison", "fr", "real-estate"),
        ("huizenprijzen", "nl", "real-estate"),
        ("woonzorgcentra", "nl", "nursing-home"),
        ("gemeentegrenzen", "nl", "administrative-unit"),
        ("file d'attente", "fr", "waiting-list"),
        ("aantal auto's per gezin", "nl", "household"),
        ("topografische kaart", "nl", "topographic-map"),
    ],
)
def test_what_citizens_type_means_something(text: str, language: str, concept: str) -> None:
    assert concept in meant(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *((text, "fr") for text in ("sanitaire", "passages", "rats", "publications", "mode d'emploi", "signalés")),
        *((text, "fr") for text in ("tranche horaire", "travail", "foyer", "feu", "sanitaires", "biens")),
        *((text, "nl") for text in ("station", "stations", "werken", "netheid", "namen", "gift", "hoeveel", "lager")),
        *((text, "de") for text in ("Zahl", "feste", "festen", "Laden", "Art", "Stelle", "gute")),
        *((text, "en") for text in ("pay", "minutes", "reports", "needed")),
    ],
)
def test_a_word_that_says_something_else_means_nothing(text: str, language: str) -> None:
    assert meant(text, language) == set()


@pytest.mark.parametrize(
    ("word", "without"),
    [
        ("lair", "air"),
        ("daccidents", "accidents"),
        ("lhopital", "hopital"),
        *((word, word) for word in ("devenir", "linge", "lage", "dette", "loi", "leaux", "air", "dart2")),
    ],
)
def test_an_article_is_taken_off_a_name_and_off_nothing_else(word: str, without: str) -> None:
    assert without_article(word) == without


def test_a_phrase_silences_only_its_own_word() -> None:
    assert meant("emploi", "fr") == {"employment"}
    assert "timetable" in meant("horaires des bus", "fr")
    assert meant("mesures horaires", "fr") == {"measurement"}
    assert "speed-camera" not in meant("données radar", "fr")


@pytest.mark.parametrize(
    ("word", "language", "found"),
    [
        ("verkeersongevallen", "nl", {"traffic", "accident"}),
        ("Wahlergebnisse", "de", {"election", "result"}),
        ("huishoudens", "nl", {"household"}),
        ("xyzongevallen", "nl", set()),
    ],
)
def test_a_compound_means_what_its_parts_mean(word: str, language: str, found: set[str]) -> None:
    assert found <= meant(word, language)
    assert found or not meant(word, language)


def test_a_part_that_only_says_that_there_are_data_is_not_asked_for() -> None:
    assert concepts.in_parts("unfallstatistik", "de") == concepts.in_parts("unfalldatenbank", "de") == ("accident",)
    assert concepts.in_parts("fahrradunfalle", "de") == ("bicycle", "accident")
    assert concepts.in_parts("werkloosheidscijfers", "nl") == concepts.in_parts("arbeitslosenquote", "de")
    assert concepts.in_parts("geburtenrate", "de") == ("birth",)
    assert concepts.in_parts("ratenzahl", "de") == ()


@pytest.mark.parametrize(
    ("word", "language", "found"),
    [
        ("trinkwasserbrunnen", "de", ("drinking-water", "fountain")),
        ("drinkwaterfonteinen", "nl", ("drinking-water", "fountain")),
        ("speelpleinlocaties", "nl", ("playground", "location")),
        ("radwegnetz", "de", ("bike-lane", "network")),
        ("luchtkwaliteitsmetingen", "nl", ("air-quality", "measurement")),
    ],
)
def test_a_part_that_is_a_name_is_not_cut_further(word: str, language: str, found: tuple[str, ...]) -> None:
    assert concepts.in_parts(word, language) == found
    entry = structs.replace(document("entry", fr="x"), title=(Text(word, language),))
    assert set(found) <= set(shadow(entry).texts["concepts"].split())


def test_the_parts_of_a_compound_that_name_something_are_told_even_where_others_name_nothing() -> None:
    assert concepts.of_parts("unfallstatistik", "de") == ("accident", "statistics")
    assert concepts.of_parts("uberschwemmungsgebiete", "de") == ("flood", "zone")
    assert concepts.of_parts("uberschwemmungsskizze", "de") == ("flood",)
    assert concepts.in_parts("uberschwemmungsskizze", "de") == ()
    assert concepts.of_parts("bicyclettes", "fr") == concepts.of_parts("netwerken", "nl") == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [("petite", "fr"), ("importantes", "fr"), ("bibliothèque nationale", "fr"), ("national", "en"), ("steeds", "nl")],
)
def test_a_word_that_only_looks_like_a_name_does_not_mean_it(text: str, language: str) -> None:
    assert not meant(text, language) & {"petition", "import-export", "foreigner", "city"}


def test_false_friends_are_named_only_where_they_are_needed() -> None:
    names = {language: {first for (first, *_) in concepts._names(language).labels} for language in OUR_LANGUAGES}
    for language, friends in FALSE_FRIENDS.items():
        needless = {word for word in friends if all(stem(word, other) not in names[other] for other in names)}
        assert not needless, language


def test_a_name_of_several_words_may_hold_one() -> None:
    assert "childcare" in meant("petite enfance", "fr") or "kindergarten" in meant("petite enfance", "fr")


def test_only_searches_the_words_as_typed() -> None:
    assert plan(Query(text="vélo verkeersongevallen", only=True)).concepts == ()


def test_what_was_typed_is_not_told_again() -> None:
    others = concepts.other_words(meant("fiets", "nl"), query_words("fiets"))
    assert "fiets" not in others
    assert {"vélo", "bicycle"} <= set(others)


@pytest.mark.parametrize(
    ("typed", "language", "same"),
    [
        ("Straßen", "de", "Straße"),
        ("vélos", "fr", "vélo"),
        ("plaine de jeux", "fr", "plaine de jeux"),
        ("traffic jams", "en", "traffic jam"),
        ("qualité de l'air", "fr", "qualité de l'air"),
        ("street markets", "en", "market"),
    ],
)
def test_another_form_of_what_was_typed_is_not_told(typed: str, language: str, same: str) -> None:
    assert same not in concepts.other_words(meant(typed, language), query_words(typed))


@pytest.mark.parametrize("text", ["STIB", "MIVB", "SNCB", "NMBS", "Alost", "9300", "AED"])
def test_a_name_means_the_same_to_readers_of_every_language(text: str) -> None:
    assert len({frozenset(meant(text, language)) for language in OUR_LANGUAGES}) == 1
