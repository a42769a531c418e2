"""The words of the portal, and which of a text's languages a reader is shown.

The catalogues in `translations/` are read as they are written (`.po`): there is nothing to compile, and what a
translator saved is what is shown. English is the language of the messages themselves.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import Babel

from catalogue.store.rows import Label
from dcat.model import Text, Texts
from dcat.our_languages import OUR_LANGUAGES, best_for

from ..current import settings
from ..http import negotiate

NAMES = {"fr": "Français", "nl": "Nederlands", "de": "Deutsch", "en": "English"}
"""Each language by its own name."""

UNKNOWN = frozenset({"", "und", "mis", "mul", "zxx"})
"""What stands for a language that is not known, is none or is several (ISO 639-2): no reader is told of it."""

SOURCE_LANGUAGE = "en"
"""The language that messages are written in."""


@cache
def messages(lang: str) -> NullTranslations:
    """The messages of one language."""
    if lang == SOURCE_LANGUAGE:
        return NullTranslations()
    path = files("web") / "translations" / lang / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as written:
        catalog = read_po(written, locale=lang)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def register(app: Flask) -> None:
    """Lets templates and views speak the reader's language."""
    Babel(app, locale_selector=language)  # dates and numbers
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that Babel adds
        lambda text: messages(language()).gettext(text),
        lambda one, several, number: messages(language()).ngettext(one, several, number),
        newstyle=True,  # puts in the values itself
        pgettext=lambda context, text: messages(language()).pgettext(context, text),
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # Jinja's own looks it up by name each time


def gettext(message: str, **values: object) -> str:
    """A message in the language of the page."""
    said = messages(language()).gettext(message)
    return said % values if values else said


def ngettext(one: str, several: str, number: int, **values: object) -> str:
    """A message about a number of things."""
    said = messages(language()).ngettext(one, several, number)
    return said % {"num": number, **values}


def pgettext(context: str, message: str, **values: object) -> str:
    """A message whose English could mean several things; the context says which."""
    said = str(messages(language()).pgettext(context, message))
    return said % values if values else said


def message(text: str) -> str:
    """Marks a text of a table for the translators; `gettext` translates it when it is shown."""
    return text


def language() -> str:
    """The language of this page: the first step of its address, else what the reader asks for."""
    # A page asks for it a hundred times and more: once past the proxy, a look takes a third of the time.
    if known := g._get_current_object().get("lang"):  # noqa: SLF001 (documented by Werkzeug)
        return str(known)
    step = request.path.lstrip("/").partition("/")[0]
    return step if step in settings().languages else negotiate.language()


def pick(texts: Texts, lang: str = "") -> Label | None:
    """The text for a reader of `lang` (default: of this page); None when there is none at all.

    A machine translation is shown only where no human wrote anything.
    """
    lang = lang or language()
    best = best_for(lang, texts)
    return Label(best, best.language != lang) if best else None


def translated(texts: Texts, lang: str = "") -> Text | None:
    """A machine's translation into the reader's language; None where a human wrote in it, or no machine did."""
    lang = lang or language()
    own = [text for text in texts if text.language == lang]
    if any(not text.is_machine_translated for text in own):
        return None
    return next(iter(own), None)


def tag(lang: str) -> str:
    """A language as HTML has it: empty where nobody knows it
    (https://html.spec.whatwg.org/multipage/dom.html#attr-lang)."""
    return "" if lang.partition("-")[0].lower() in UNKNOWN else lang


def order(lang: str) -> tuple[int, str]:
    """Sorts languages: those of the portal first, in the same order on all pages."""
    known = OUR_LANGUAGES
    return (known.index(lang) if lang in known else len(known), lang)


def written_in(texts: Texts) -> tuple[str, ...]:
    """The languages in which a human wrote, in the order of the portal's languages."""
    found = {text.language for text in texts if tag(text.lang) and not text.is_machine_translated}
    return tuple(sorted(found, key=order))
