"""IRIs that every reader accepts (RFC 3987, absolute, at most 2,048 characters), and links that lead somewhere."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from ipaddress import ip_address
from urllib.parse import unquote

from ..rdf import is_iri
from .notes import Repair

LIMIT = 2_048

WEB = frozenset({"http", "https", "ftp"})
"""Schemes that a reader may follow."""

KNOWN = WEB | {"urn", "mailto", "tel", "doi", "info", "tag", "hdl", "ark", "geo", "ftps", "sftp"}
"""Schemes that may name something. Everything else (`javascript:`, `data:`, `file:`) is dropped."""

# In both cases by hand: re.IGNORECASE would take half as long again, for every letter of every address.
_SIGNS = r"[!$&'()*+,;=:@/?a-zA-Z0-9._~-]*+(?:%[0-9a-fA-F]{2}[!$&'()*+,;=:@/?a-zA-Z0-9._~-]*+)*+"
_ORDINARY = re.compile(
    r"https?://(?![hH][tT][tT][pP][sS]?:?//)(?P<host>[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*)(?::(?P<port>\d{1,5}))?"
    rf"(?:[/?]{_SIGNS})?(?:#{_SIGNS}(?<![',;]))?",
    re.ASCII,
)
"""As most addresses are: nothing in them has to be mended, and one look tells where they lead."""
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\ud800-\udfff]"
)
_AROUND = " \t\r\n\f\v\u00a0\u2007\u202f\"'<>;,"
_LOST_SLASH = re.compile(r"(https?|ftp):/{0,1}(?=[^/])|(https?|ftp):?/{2,}(?=[^/])", re.IGNORECASE)
_SLIP = re.compile(r"(?=[htps]*t)(?=[htps]*p)[htp]{2,6}(?P<s>s?) ?(?:[:;.]{1,2}/{1,3}|//:?)(?=[^/])", re.IGNORECASE)
"""`http` or `https` with a letter too many, too few or out of place, or another sign behind: `htp://`, `http;//`."""
_TWICE = re.compile(r"(?:https?:/*\s*)+(?=https?:?//)", re.IGNORECASE)
_START = re.compile(r"(https?:)\s*//\s*([^\s/?#]+)\s*(?=/|\Z)", re.IGNORECASE)
_LABEL = re.compile(r"(?:url|uri|link|lien|adres|adresse|website)\s*[:=]\s*(?=https?:|www\.)", re.IGNORECASE)
_ENCODED_WHOLE = re.compile(r"https?%3a%2f%2f", re.IGNORECASE)
_GLUED = re.compile(r"[\s;,|]+(?=(?:https?|ftp)://)", re.IGNORECASE)
NO_SCHEME = re.compile(
    r"(?:www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:be|brussels|eu|org|com|net|fr|nl|de)(?=[/:?#]|\Z))", re.IGNORECASE
)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FORBIDDEN = re.compile(r"[\x00-\x20\"<>\\^`{|}\[\]\x7f-\x9f\u00a0]")
_HOST = re.compile(r"(?:https?|ftp)://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)", re.IGNORECASE)
_PORT = re.compile(r":(\d*)(?=[/?#]|\Z)")
_HIGHEST_PORT = 65_535
_PERSISTENT = re.compile(r"(?:(?P<scheme>doi|hdl)[:\s]\s*|(?=10\.\d{4,9}/))(?P<name>\d[\d.]*/\S+)", re.IGNORECASE)
"""A DOI or handle as it is cited; a DOI is known without its scheme too."""
_AMONG_WORDS = re.compile(r"(?<=[\s\"'(\[])https?://[^\s\"'<>()\[\]]+", re.IGNORECASE)
_RESOLVERS = {"doi": "https://doi.org/", "hdl": "https://hdl.handle.net/"}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_MAIL = re.compile(
    r"[^@\s;,<>\"()\[\]\\:%/?#|{}^`]+@"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})(?![\w-]*\w)",
    re.IGNORECASE,
)
"""A mailbox whose domain is whole: the part of a name before a letter that we do not know would be somebody else's."""
_MAIL_MASK = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|\s+at\s+|\(a\)|＠)\s*", re.IGNORECASE)
_DOT_MASK = re.compile(r"\s*[(\[{](?:dot|punt|point|punkt)[)\]}]\s*", re.IGNORECASE)
_DIGITS = r"(?:\(\+?\d{1,4}\)|\d+(?!\w))"
"""Of a telephone number: those before a letter are another thing's (`9h-12h`)."""
_PHONE = re.compile(rf"\+?{_DIGITS}(?:[.\s/-]*{_DIGITS})*", re.ASCII)
_BETWEEN_PHONES = re.compile(r"\s+[/–-]\s+|/(?=\s*\+)")
_RANGE = re.compile(r"/\s?\d{1,2}\Z")
_NO_DIGITS = re.compile(r"\(0\)|[^\d+]")
_PHONE_DIGITS = range(6, 16)
"""How many a number may have (ITU-T E.164)."""
_SHORTEST = 8
"""Digits of a number that stands beside another: fewer may be the rest of it."""


@lru_cache(maxsize=4_096)
def iri(text: str) -> Repair:
    """An absolute IRI of a known scheme, percent-encoded where it must be."""
    return Repair(text) if _ordinary(text) else _mended(text)


def _ordinary(text: str) -> re.Match[str] | None:
    if len(text) > LIMIT or not text.startswith("http") or "://" in text[8:]:
        return None
    return _ORDINARY.fullmatch(text)


def _mended(text: str) -> Repair:
    if len(text) > 4 * LIMIT:
        return Repair(None, "iri-invalid")
    bare = _INVISIBLE.sub("", text).strip(_AROUND)
    if not bare:
        return Repair(None, "text-empty")
    if twice := _TWICE.match(bare):
        bare = bare[twice.end() :]
    bare = _with_scheme(bare)
    parts = _GLUED.split(bare)
    rule = "iri-glued" if len(parts) > 1 else ""
    bare = _encoded(parts[0])
    if len(bare) > LIMIT or not is_iri(bare):
        return Repair(None, "iri-invalid")
    scheme = bare.partition(":")[0].lower()
    if scheme not in KNOWN:
        return Repair(None, "iri-scheme")
    if scheme in WEB:
        if not (found := _HOST.match(bare)) or not found[1]:
            return Repair(None, "iri-invalid")
        bare = f"{scheme}://{bare[found.start(1) :]}"  # a name and password in an address are nobody's business
    return Repair(bare, rule or ("iri-rewritten" if bare != text else ""))


def _with_scheme(text: str) -> str:
    if found := _LABEL.match(text):
        text = text[found.end() :]
    if _ENCODED_WHOLE.match(text):
        text = unquote(text)
    if text[:4].lower() == "http" and ("\\" in text or len(text.split(maxsplit=1)) > 1):
        path, mark, query = text.partition("?")
        text = _without_blanks(path.replace("\\", "/")) + mark + query
    if found := _SLIP.match(text):
        return f"http{found['s'].lower()}://{text[found.end() :]}"
    if found := _LOST_SLASH.match(text):
        return f"{(found[1] or found[2]).lower()}://{text[found.end() :]}"
    if text.startswith("//") and NO_SCHEME.match(text[2:]):
        return f"https:{text}"
    return f"http://{text}" if NO_SCHEME.match(text) and not _SCHEME.match(text.partition(".")[0]) else text


def _without_blanks(text: str) -> str:
    """An address without blanks before its host or path."""
    found = _START.match(text)
    return f"{found[1]}//{found[2]}{text[found.end() :]}" if found else text


def _encoded(text: str) -> str:
    """Percent-encodes what an IRI may not hold; brackets stay in the host of an IPv6 address."""
    head = _HOST.match(text)
    at = head.end() if head else 0
    rest = _FORBIDDEN.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text[at:])
    rest = _BAD_PERCENT.sub("%25", rest)
    path, mark, fragment = rest.partition("#")
    return text[:at] + path + mark + fragment.replace("#", "%23")


def glued(text: str) -> tuple[str, ...]:
    """The addresses in a value that holds several of them."""
    return tuple(part for part in _GLUED.split(text.strip(_AROUND)) if part)


@lru_cache(maxsize=4_096)
def link(text: str, allow_local: bool = False) -> Repair:
    """An address that a reader can follow: http(s) or ftp, to a host of the public internet.

    What is only cited (`doi:10.5281/zenodo.7`) leads to where it is resolved, `&amp;` means the `&`, and the one
    address among words is meant (`see https://…`, `[data](https://…)`).
    """
    if (found := _ordinary(text)) and "&amp;" not in text:
        return _leading(text, found["host"], found["port"], allow_local)
    value, rule = iri(_resolved(text))
    if value is None:
        return Repair(None, rule)
    found = _HOST.match(value)
    if not found:
        return Repair(None, "iri-not-web")
    port = _PORT.match(value, found.end())
    leading = _leading(value, found[1], port and port[1], allow_local)
    return leading if leading.rule else Repair(value, rule or ("iri-rewritten" if value != text else ""))


def _leading(address: str, host: str, port: str | None, allow_local: bool) -> Repair:
    """The address, when its host and port can be reached from everywhere."""
    if port and int(port) > _HIGHEST_PORT:
        return Repair(None, "iri-invalid")
    if not allow_local and is_local(host):
        return Repair(None, "iri-local")
    return Repair(address)


def _resolved(text: str) -> str:
    if found := _PERSISTENT.fullmatch(text.strip()):
        return _RESOLVERS[(found["scheme"] or "doi").lower()] + found["name"]
    among_words = [] if _SCHEME.match(text.strip(_AROUND)) else list(dict.fromkeys(_AMONG_WORDS.findall(text)))
    return (among_words[0] if len(among_words) == 1 else text).replace("&amp;", "&")


@lru_cache(maxsize=4_096)
def name(text: str, allow_local: bool = False) -> Repair:
    """An IRI that says what something is called: on the host of one machine or network everybody could be called so.

    `allow_local` admits hosts that are numbers, as those of a test.
    """
    ordinary = _ordinary(text)
    value, rule = Repair(text) if ordinary else iri(text)
    found = ordinary or (_HOST.match(value) if value else None)
    if found and is_local(found[1]) and not (allow_local and _is_number(found[1])):
        return Repair(None, "iri-local")
    return Repair(value, rule)


def _is_number(host: str) -> bool:
    return host.replace(".", "").isdigit() or host.startswith("[")


@lru_cache(maxsize=4_096)
def is_local(host: str) -> bool:
    """True for a host that only its own network knows: `localhost`, a name without dot, a private number."""
    bare = host.strip("[]").rstrip(".").casefold()
    if "." not in bare and ":" not in bare:
        return True
    if bare.endswith((".local", ".localhost", ".internal", ".lan", ".intra", ".intranet", ".test", ".invalid")):
        return True
    try:
        return not ip_address(bare).is_global
    except ValueError:
        return False


@lru_cache(maxsize=4_096)
def mail(text: str) -> Repair:
    """A `mailto:` IRI; the first address when there are several."""
    bare = _INVISIBLE.sub("", text).replace("%20", " ").strip()
    bare = unquote(unescape(bare)) if "%" in bare or "&" in bare else bare
    bare = re.sub(r"^(?:mailto:\s*)+", "", bare, flags=re.IGNORECASE).strip("'‘’")
    found = _MAIL.search(bare[:400]) or _MAIL.search(_DOT_MASK.sub(".", _MAIL_MASK.sub("@", bare[:400])))
    name, _, host = found[0].rpartition("@") if found else ("", "", "")
    domain = _ascii_domain(host)
    if not domain:
        return Repair(None, "email-invalid")
    value = f"mailto:{name}@{domain}"
    return Repair(value, "" if value == text else "email-rewritten")


def _ascii_domain(host: str) -> str:
    """A domain as the post knows it, in letters of ASCII (RFC 3490); empty when it cannot be written so."""
    try:
        return host.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""


@lru_cache(maxsize=4_096)
def telephone(text: str) -> Repair:
    """A `tel:` IRI of digits; the first number when there are several."""
    value = next(iter(telephones(text)), None)
    if value is None:
        return Repair(None, "telephone-invalid")
    return Repair(value, "" if value == text else "telephone-rewritten")


@lru_cache(maxsize=4_096)
def telephones(text: str) -> tuple[str, ...]:
    """Every number in a text as a `tel:` IRI."""
    bare = _INVISIBLE.sub("", text).replace("%20", " ")[:200]
    runs = (found[0] for found in _PHONE.finditer(bare))
    return tuple(f"tel:{number}" for run in runs for number in _numbers(run))


def _numbers(run: str) -> Iterator[str]:
    """The numbers in digits that stand together: a blank, slash or line parts the digits of one, and numbers too."""
    parts = [_digits(part) for part in _BETWEEN_PHONES.split(run)]
    is_several = len(parts) > 1 and all(len(part.lstrip("+")) >= _SHORTEST for part in parts)
    for number in parts if is_several else [_digits(run)]:
        if len(number.lstrip("+")) in _PHONE_DIGITS:
            yield number


def _digits(text: str) -> str:
    """The digits of a number; of a range of them (`02 204 21 11/12`) those of the first."""
    first, slash, _ = text.rpartition("/") if _RANGE.search(text) else ("", "", "")
    digits, least = _NO_DIGITS.sub("", first), 10 if first.startswith("+") else 9
    return digits if slash and len(digits) - first.count("+") >= least else _NO_DIGITS.sub("", text)
