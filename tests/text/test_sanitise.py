"""What HTML is kept in comments and in stories."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.text.markdown import render_story
from comity.text.sanitise import comment_html, story_html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h1>Un</h1><h2>Deux</h2><h6>Six</h6>", "<h2>Un</h2><h2>Deux</h2><h4>Six</h4>"),
        ("<p onclick=x style=y class=z id=w>a</p>", "<p>a</p>"),
        ("<script>alert(1)</script><style>p{}</style>b", "b"),
        ("<iframe src=https://a.example></iframe>c", "c"),
        ("<a href=javascript:alert(1)>d</a>", '<a rel="noopener">d</a>'),
        ("<a href=/relatif>e</a>", '<a rel="noopener">e</a>'),
        ("<a href=https://a.example target=_blank>f</a>", '<a href="https://a.example" rel="noopener">f</a>'),
        (
            "<table><tr><td colspan=2 onclick=x>g</td></tr></table>",
            '<table><tbody><tr><td colspan="2">g</td></tr></tbody></table>',
        ),
        ("<td>", ""),
        ("H<sub>2</sub>O<sup>3</sup><hr>", "H<sub>2</sub>O<sup>3</sup><hr>"),
        ("<figure><figcaption>h</figcaption></figure>", "<figure><figcaption>h</figcaption></figure>"),
        ("<svg><script>alert(1)</script></svg>i", "i"),
        ("<p>j\ud800", "<p>j\ufffd</p>"),
    ],
)
def test_story_html(source: str, expected: str) -> None:
    assert story_html(source) == expected


def test_pictures_come_over_https_only() -> None:
    kept = story_html('<img src="https://a.example/b.png" alt="c" onerror="x" srcset="y" width="10" height="9999999">')
    assert 'src="https://a.example/b.png"' in kept
    assert 'alt="c"' in kept
    assert 'width="10"' in kept
    assert 'loading="lazy"' in kept
    assert "onerror" not in kept
    assert "srcset" not in kept
    assert "height" not in kept
    for source in ("http://a.example/b.png", "data:image/svg+xml,x", "//a.example/b.png", "b.png"):
        assert "src=" not in story_html(f'<img src="{source}">')


def test_comments_have_no_pictures_no_titles_and_one_class() -> None:
    source = '<p class="comity-spoiler" title="x"><img src="https://a.example/b.png"><span class="autre">a</span></p>'
    assert comment_html(source) == "<p><span>a</span></p>"
    assert comment_html('<p dir="rtl">a</p><p dir="x">b</p>') == '<p dir="rtl">a</p><p>b</p>'


def test_a_story_in_markdown() -> None:
    html = render_story("# Titre\n\nUn *mot*.\n\n| a |\n|---|\n| 1 |\n\n<script>alert(1)</script>\n\n---\n")
    assert html.startswith("<h2>Titre</h2>\n<p>Un <em>mot</em>.</p>\n<table>")
    assert "&lt;script&gt;" in html
    assert html.endswith("<hr>")


def test_a_story_nested_without_end_keeps_its_words() -> None:
    for source in ("> " * 20_000 + "fond", "[" * 20_000 + "fond", "- " * 20_000 + "fond"):
        assert "fond" in render_story(source)


PIECES = [*"<>/=\"' &;!-", "script", "img", " src", " on", "https:", "p", "svg", "h1", "--", "\x00"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_sanitising_twice_changes_nothing(source: str) -> None:
    for sanitise in (story_html, comment_html):
        once = sanitise(source)
        assert sanitise(once) == once
        assert not re.search(r"<(script|svg|iframe|style)", once)
        assert not re.search(r"<[^>]* on[a-z]*=", once)
