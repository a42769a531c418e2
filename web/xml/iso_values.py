"""Values as ISO 19139 writes them: texts in several languages, terms of code lists, dates, addresses."""

import re
from collections.abc import Iterable

from dcat import vocab
from dcat.model import Text, Texts

from .tree import Element, add

CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)


def add_text(parent: Element, name: str, texts: Texts, language: str) -> None:
    """A text: in the record's own language in one element, in the others beside it; machine translations are left
    out."""
    said = [text for text in texts if not text.is_machine_translated]
    own = next((text for text in said if text.lang in {language, ""}), None)
    others = [text for text in said if text is not own and text.lang]
    if own is None and not others:
        return
    made = add(parent, name, **({tag_type(): "gmd:PT_FreeText_PropertyType"} if others else {}))
    if own:
        add(made, "gco:CharacterString", own.value)
    if others:
        free = add(made, "gmd:PT_FreeText")
        for text in others:
            group = add(free, "gmd:textGroup")
            add(group, "gmd:LocalisedCharacterString", text.value, locale=f"#{locale_id(text.lang)}")


def tag_type() -> str:
    """The attribute that says that an element holds translations."""
    return "{http://www.w3.org/2001/XMLSchema-instance}type"


def locale_id(tag: str) -> str:
    """How translations name a language."""
    return tag.upper()


def add_plain(parent: Element, name: str, text: str) -> None:
    """A text without language."""
    add(add(parent, name), "gco:CharacterString", text)


def add_anchor(parent: Element, name: str, iri: str, words: str = "") -> None:
    """A term or document by its address."""
    add(add(parent, name), "gmx:Anchor", words or iri, **{XLINK: iri})


XLINK = "{http://www.w3.org/1999/xlink}href"


def add_code(parent: Element, name: str, code_list: str, value: str) -> None:
    """A term of a code list of ISO."""
    add(add(parent, name), f"gmd:{code_list}", value, codeList=f"{CODES}#{code_list}", codeListValue=value)


def add_date(parent: Element, text: str, kind: str) -> None:
    """A date of a citation, of a kind (`publication`, `revision`)."""
    made = add(add(parent, "gmd:date"), "gmd:CI_Date")
    when = add(made, "gmd:date")
    add(when, "gco:Date" if _DAY.fullmatch(text) else "gco:DateTime", text)
    add_code(made, "gmd:dateType", "CI_DateTypeCode", kind)


def add_language(parent: Element, name: str, tag: str) -> None:
    """A language, by its three-letter code where our table has it."""
    term = vocab.LANGUAGES.find(tag)
    code = term.code.lower() if term else tag
    made = add(add(parent, name), "gmd:LanguageCode", code)
    made.set("codeList", "http://www.loc.gov/standards/iso639-2/")
    made.set("codeListValue", code)


def tags(*texts: Iterable[Text]) -> list[str]:
    """The languages that texts are written in."""
    found = {text.lang for some in texts for text in some if text.lang and not text.is_machine_translated}
    return sorted(found)
