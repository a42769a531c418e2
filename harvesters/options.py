"""The options of a source: what each kind can be told, and whether what an operator tells it means something.

An option that is taken and does nothing is worse than one that is refused: the operator believes that it works.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from dcat.near_values import near, near_terms
from dcat.vocab import LANGUAGES, LICENCES, PLACES, THEMES

Check = Callable[[Any], str]
"""Why a value of the right type cannot be used, as what follows its quotation in a sentence; empty when it can."""


def anything(value: Any) -> str:  # noqa: ARG001 (a check of every value)
    """Any value of the type."""
    return ""


class Option(msgspec.Struct, frozen=True):
    """One option of a kind of source, for `datastore source kinds` and for checking `--config`."""

    name: str
    type: type
    default: Any
    help: str
    check: Check = anything

    def problem(self, value: Any) -> str:
        """Why a value cannot be used, as a sentence; empty when it can. The default always can."""
        if not isinstance(value, self.type) or (isinstance(value, bool) and self.type is not bool):
            return f"Option {self.name!r} must be {self.type.__name__}, not {value!r}."
        why = "" if value == self.default else self.check(value)
        return f"Option {self.name!r}: {value!r} {why}." if why else ""


_SECRET = re.compile(r"key|token|passw|user(?!.?agent)|login|auth(?!or)|secret|bearer|header|cookie", re.IGNORECASE)
"""Names of options that somebody means to let us in with."""


def problem(options: Iterable[Option], config: Mapping[str, Any], kind: str) -> str:
    """What is wrong with the options of a source of that kind, as a sentence; empty when nothing is."""
    known = {option.name: option for option in options}
    for name, value in config.items():
        if name not in known:
            if _SECRET.search(name):
                return f"Option {name!r} is unknown. What lets us in is given as credentials (--credentials)."
            names = ", ".join(sorted(known)) or "none"
            return f"Option {name!r} is unknown for kind {kind!r}{near(name, known)}. Its options: {names}."
        if why := known[name].problem(value):
            return why
    return ""


def language(value: str) -> str:
    """A language of the EU's table."""
    from dcat.normalise import languages  # noqa: PLC0415 (who only names a kind waits for nothing that cleans values)

    code, repaired = languages.tag(value)
    term = None if repaired else LANGUAGES.find(code.partition("-")[0])
    why = "is no language that we know; write a code such as 'fr' or 'nl'"
    return "" if term and "tag" in term.extra else why + near_terms(value, LANGUAGES)


def languages(value: list[Any]) -> str:
    """A list of languages of the EU's table."""
    wrong = [each for each in value if not isinstance(each, str) or language(each)]
    return f"names {wrong[0]!r}, which is no language that we know; write codes such as ['fr', 'nl']" if wrong else ""


def themes(value: dict[str, Any]) -> str:
    """Codes of EU themes by the words that a portal has for them."""
    wrong = [code for code in value.values() if not isinstance(code, str) or code.upper() not in THEMES.by_code]
    return f"names {wrong[0]!r}, which is no code of an EU theme such as 'TRAN'" if wrong else ""


def license(value: str) -> str:
    """A licence of our table."""
    why = "is no licence that we know; write a code such as 'CC_BY_4_0', or its IRI"
    return "" if LICENCES.find(value) else why + near_terms(value, LICENCES)


def place(value: str) -> str:
    """A place of our table."""
    from dcat.normalise import places  # noqa: PLC0415 (as above)

    why = "is no place that we know; write a name or code of the place table"
    return "" if places.place(value) else why + near_terms(value, PLACES)


def agreed(value: dict[str, Any]) -> str:
    """Fields with values of the right tables."""
    from dcat.normalise.agreed import read  # noqa: PLC0415 (as above)

    try:
        read(value)
    except ValueError as error:
        return f"says {error}"
    return ""


FILTERED = ("publisher", "theme", "keyword", "title", "identifier")
"""By what records are taken or left out."""


def pattern(value: dict[str, Any]) -> str:
    """Fields with lists of patterns, those of themes in the EU's table."""
    for name, patterns in value.items():
        if name not in FILTERED:
            return f"names {name!r}, which is none of {', '.join(FILTERED)}{near(name, FILTERED)}"
        listed = patterns if isinstance(patterns, list) else [patterns]
        if not listed or texts(listed):
            return f"has for {name!r} no text and no list of texts"
        unknown = [text for text in listed if name == "theme" and "*" not in text and not THEMES.find(text)]
        if unknown:
            return f"names {unknown[0]!r}, which is no European theme, such as 'ENVI'{near_terms(unknown[0], THEMES)}"
    return ""


def texts(value: list[Any]) -> str:
    """A list of texts, none of them empty."""
    good = all(isinstance(each, str) and each.strip() for each in value)
    return "" if good else "is no list of texts, such as ['one', 'two']"


def host(value: str) -> str:
    """The name of a host, without a path."""
    good = re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", value)
    return "" if good else "is not the name of a host, such as 'data.example.org'"


def between(least: int, most: int) -> Check:
    """A number within these bounds, both included."""

    def check(value: int) -> str:
        return "" if least <= value <= most else f"is not between {least} and {most}"

    return check


def one_of(*known: str) -> Check:
    """One of these words."""

    def check(value: str) -> str:
        return "" if value in known else f"is not one of {', '.join(map(repr, known))}"

    return check


def matching(pattern: str, like: str) -> Check:
    """A text of that form; `like` is an example."""

    def check(value: str) -> str:
        return "" if re.fullmatch(pattern, value) else f"is not written like {like!r}"

    return check


COMMON_OPTIONS = (
    Option("language", str, "", "Language of texts that say none, such as `fr`.", language),
    Option("license", str, "", "Licence of files that name none: a code or IRI of the licence table.", license),
    Option("place", str, "", "Area of what names none: a name or code of the place table.", place),
    Option(
        "defaults",
        dict,
        {},
        "What is put where a record says nothing: publisher, contact, license, theme, keyword, language, frequency.",
        agreed,
    ),
    Option("overrides", dict, {}, "The same, put whatever a record says.", agreed),
    Option(
        "include",
        dict,
        {},
        "Only records that match: publisher, theme, keyword, title, identifier with lists of texts; `*` is anything.",
        pattern,
    ),
    Option("exclude", dict, {}, "Records that are left out, written the same way.", pattern),
    Option("deadline", int, 120, "Seconds that one answer of the source may take.", between(5, 3_600)),
    Option("pace", int, 1, "Seconds between two requests to its server.", between(1, 300)),
)
"""Options of every kind: what a source does not say itself (`dcat.normalise` fills it in, and says so), which of its
records are taken, and how it is asked."""
