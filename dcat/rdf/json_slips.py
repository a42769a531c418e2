"""The slips in JSON that can be mended without doubt, and cost the feed: `NaN` and `Infinity`, which programs write
where there is no number, a comma after the last item, and a backslash before what needs none (`C:\\data`)."""

import re

from ..findings import Finding, finding

MOST_TOLD = 20
"""Places in which something was mended; each kind costs the document, so the first ones tell enough."""

_SLIP = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|-?\b(?:NaN|Infinity)\b|,(?=\s*[]}])', re.DOTALL)
"""Texts whole, so that what stands in them is no slip, one without end up to that of the document, or the rest would be
read once for each quote in it; numbers that are none; commas before an end."""

_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})?')
"""An escape of JSON, or a backslash alone."""


def mend(text: str, first_line: int = 1) -> tuple[str, list[Finding]]:
    """A document without these slips, its lines as they were, and what was mended; or one from a line on."""
    told: dict[int, str] = {}

    def mended(found: re.Match[str]) -> str:
        given = found[0]
        if given[0] == '"':
            said = _ESCAPE.sub(_escaped, given) if "\\" in given else given
        else:
            said = "" if given == "," else "null"
        if said != given and len(told) < MOST_TOLD:
            told[found.start()] = given
        return said

    mended_text = _SLIP.sub(mended, text)
    findings, line, before = [], first_line, 0
    for at, given in told.items():
        line, before = line + text.count("\n", before, at), at
        findings.append(finding("syntax-mended", "", "JSON", f"{line}: {given}"))
    return mended_text, findings


def _escaped(found: re.Match[str]) -> str:
    return "\\\\" if found[0] == "\\" else found[0]
