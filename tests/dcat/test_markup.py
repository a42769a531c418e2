"""Texts without their markup: what they say, in which form, and in how much time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patience import ENOUGH

from dcat.markup import has_tags, one_line, without_html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Les arbres", "Les arbres"),
        ("R&amp;D", "R&D"),
        ("x < y > z", "x < y > z"),
        ("&lt;b&gt;Bomen&lt;/b&gt;", " Bomen "),
        ("<p>Un</p><ul><li>a</li></ul>", "\n\nUn\n\n\n\n\n- a \n\n"),
        ("<a href='https://x.be/a'>ici</a>", "ici (https://x.be/a)"),
        ("<a href='https://x.be/a'><em>(ici)</em> et <b>là</b></a>", "(ici) et là (https://x.be/a)"),
        ("<a href='https://x.be/a'>un <a href='https://x.be/b'>deux</a>", " un deux (https://x.be/b)"),
        ("&lt;p&gt;Un&amp;nbsp;R&amp;amp;D&lt;/p&gt;", "\n\nUn\xa0R&D\n\n"),
        ("a<script>alert(1)</script><!-- b -->c", "ac"),
    ],
)
def test_html_becomes_lines(text: str, plain: str) -> None:
    assert without_html(text) == plain


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Un\n\n**deux**", "Un deux"),
        ("__gras__ et ~~vieux~~ a\\*b", "gras et vieux a*b"),
        ("[carte](https://x.be/a_(b)) et <b>gras</b>", "carte et gras"),
        ("Titre\n=====\n> cité\n\n```\ncode *x*\n```", "Titre cité code *x*"),
        ("+32 2 123 - 5 * 3", "+32 2 123 - 5 * 3"),
        ("snake_case_name & C# 100% #1", "snake_case_name & C# 100% #1"),
        ("3) trois", "3) trois"),
        ("[" * 501, "[" * 501),
        ("", ""),
    ],
)
def test_one_line_says_what_is_said(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text(alphabet=st.characters(exclude_characters="<&*_#`[>~|\\-+=.)", exclude_categories=("Cs",))))
def test_a_text_without_signs_of_markup_stays_as_it_is(text: str) -> None:
    assert not has_tags(text)
    assert one_line(text) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["<p>", "[", "*", "> ", "`", "![](", "- ", "1. ", "| a ", "\\", "_a", "<!--", "~~", "#"]
)
def test_no_text_takes_long(text: str) -> None:
    begin = time.process_time()
    one_line(text * (10_000 // len(text)))
    assert time.process_time() - begin < ENOUGH
