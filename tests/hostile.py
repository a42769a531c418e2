"""Strings that turn into something else where somebody forgot what they are, entries made of them, and how a page shows
that one did."""

import itertools
import types
import typing
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from dcat.model import Node, Text, properties

NO_CHARACTERS = "\x85next\x9fline\ufffe\uffff\ufdd0\U0001fffe\U0010ffffend"
"""What neither HTML nor XML can hold, or only one of them."""
PAYLOADS = (
    "<script>window.__pwned=1</script>",
    "</script><script>window.__pwned=1</script>",
    "<!--<script>",
    "--><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    '[x](JaVaScRiPt:alert(1) "t")',
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n[a]",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "mailto:x@example.org?body=%0A<script>",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/<script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=//evil.example><button>x",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<details open ontoggle=alert(1)>",
    "<p style='position:fixed;inset:0'>x</p>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "{{ 7*7 }}{% raw %}",
    "%(value)s %s {0}",
    "\u202egnp.exe\u2028\u2066",
    NO_CHARACTERS,
    "x" * 300,
    "🏳️‍🌈 ﷽ Z̸̢͝a̷l̵g̸o̵",
)

OPENERS = (
    "",
    '"',
    "'",
    ">",
    '">',
    "'>",
    "</script>",
    "</title>",
    "</textarea>",
    "-->",
    "]]>",
    "${",
    "{{",
    "\x01",
    "\u2028",
)
"""What ends the place where a string stands."""
ATTACKS = (
    "<script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=1>",
    "<svg onload=window.__pwned=1>",
    "<iframe src=javascript:window.__pwned=1>",
    "<a href=javascript:window.__pwned=1>x</a>",
    " onmouseover=window.__pwned=1 x=",
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "> . <http://evil.example/s> <http://evil.example/p> <http://evil.example/o> . <",
    '" . <http://evil.example/s> <http://evil.example/p> "o',
    '", "@id": "http://evil.example/s", "x": "',
    "7*7}}{% include '/etc/passwd' %}",
    "__class__.__mro__[1].__subclasses__()}",
    "1;DROP TABLE entries;--",
    "1' OR '1'='1",
    "$(touch /tmp/pwned)`touch /tmp/pwned`|touch /tmp/pwned",
    '=HYPERLINK("http://evil.example")',
    "+cmd|' /C calc'!A0",
    "%s%n%x%d %(value)s {0} %00 %0d%0aSet-Cookie:a=b",
)
ODD = (
    "",
    " ",
    "\t",
    "undefined",
    "null",
    "NULL",
    "None",
    "NaN",
    "Infinity",
    "true",
    "0",
    "-1",
    "1e309",
    "0x0",
    "1/0",
    "''",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "C:\\con\\con",
    "CON",
    "PRN",
    "AUX",
    "COM1",
    "file:///etc/passwd",
    "\x1b[31mred\x1b[0m",
    "a\r\nb",
    "\u202eltr\u202c",
    "\u2066x\u2069",
    "\ufeffbom",
    "\u200bzero\u200bwidth",
    "\u00a0",
    "\u0000nul",
    "\ufffe",
    "\uffff",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "🏳️‍🌈",
    "👩‍👩‍👧‍👦",
    "Ｆｕｌｌｗｉｄｔｈ",
    "ﬀ ﬁ",
    "İı",
    "Z̸̢̡͝͝a̷̧̛l̵̢g̸̛o̵̧",
    "ﷺ",
    "田中さん",
    "ثم نفس سقطت",
    "בְּרֵאשִׁית",
    "ｱｲｳｴｵ",
    "Ω≈ç√∫",
    "¡™£¢∞§¶•ªº",
    "௵" * 50,
    "x" * 5000,
    "(" * 200,
    "[" * 200,
    "\u0301" * 200,
    "a" + "\u0300" * 100,
    "http://a/%%30%30",
    "http://[::1",
    "javascript:window.__pwned=1",
    "data:text/html,<script>1</script>",
    "mailto:a@example.org?bcc=b@example.org",
    "//evil.example",
    "\\\\evil.example\\share",
    "Scunthorpe",
    "<3",
    "a & b",
    "&amp;lt;script&gt;",
    "&#x6a;avascript:window.__pwned=1",
    "<![CDATA[x]]>",
    "]]>",
    "<!--",
    "--",
    "\u2029",
    "\u0085",
    "´`'\u2019",
    "\\",
    '\\"',
    "$HOME",
    "~",
)


def naughty() -> list[str]:
    """515 strings: each attack behind each opener, what has harmed others, and the payloads of this file."""
    made = [*PAYLOADS, *ODD, *(opener + attack for attack, opener in itertools.product(ATTACKS, OPENERS))]
    decorated = (f"{start}{odd}{start}" for start, odd in itertools.product(("'", '"', "\u202e"), ODD))
    return list(dict.fromkeys([*made, *decorated]))[:515]


TAGS = {
    *("html", "head", "meta", "title", "link", "script", "body", "header", "nav", "main", "footer", "section", "aside"),
    *("article", "div", "h1", "h2", "h3", "h4", "p", "a", "span", "small", "b", "mark", "code", "pre", "svg", "path"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("form", "label", "input", "button", "fieldset", "legend", "select", "option", "textarea"),
    *("strong", "em", "blockquote", "br"),
}
ATTRIBUTES = {
    *(
        "lang",
        "charset",
        "name",
        "property",
        "content",
        "rel",
        "href",
        "hreflang",
        "type",
        "title",
        "class",
        "id",
        "role",
        "open",
    ),
    *("for", "form", "action", "maxlength", "value", "checked", "selected", "start", "scope", "tabindex"),
    *("aria-label", "aria-current", "aria-labelledby", "aria-hidden", "focusable", "data-address"),
    *("method", "rows", "required", "aria-describedby", "autocomplete"),
    *("viewBox", "width", "height", "d", "fill", "stroke", "stroke-width"),
}
SCHEMES = ("/", "#", "?", "http://", "https://", "mailto:", "tel:")


def poisoned(struct: type[Node], payload: str, depth: int = 0) -> Any:
    """A struct with the payload in each of its fields, and in the fields of what it holds."""
    fields = {field.name: filled(field.type, payload, depth) for field in properties(struct)}
    own = {name: value for name, value in fields.items() if value is not None}
    return struct(iri=payload, **own) if depth else struct(**own)


def filled(kind: Any, payload: str, depth: int) -> Any:
    """A value of a field's type that holds the payload."""
    options = typing.get_args(kind) if typing.get_origin(kind) in {types.UnionType, typing.Union} else (kind,)
    wanted = next(option for option in options if option is not type(None))
    if typing.get_origin(wanted) is tuple:
        inner = filled(typing.get_args(wanted)[0], payload, depth)
        return () if inner is None else (inner,)
    if wanted is Text:
        return Text(payload, "fr")
    if isinstance(wanted, type) and issubclass(wanted, Node):
        return poisoned(wanted, payload, depth + 1) if depth < 2 else None
    return payload


def foreign(page: Element) -> Iterator[str]:
    """Whatever in a page is not of our making."""
    for element in page.iter():
        if not isinstance(element.tag, str):
            yield "a comment"
            continue
        name = element.tag.rpartition("}")[2]
        if name not in TAGS:
            yield f"<{name}>"
        yield from (f"<{name} {attribute}>" for attribute in element.attrib if attribute not in ATTRIBUTES)
        for attribute in ("href", "action"):
            address = element.get(attribute)
            if address is not None and (not address.startswith(SCHEMES) or address.startswith("//")):
                yield f"{attribute}={address}"
