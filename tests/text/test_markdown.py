"""Comments' Markdown: what is read, what is shown as typed, what is bounded."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.text.markdown import MAX_SOURCE, RENDERER_VERSION, render

REL = 'rel="nofollow ugc noopener noreferrer"'
SPOILER = '<span class="comity-spoiler" tabindex="0" role="group" aria-label="Spoiler">'


def test_the_renderer_has_a_version() -> None:
    assert RENDERER_VERSION >= 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Bonjour", "<p>Bonjour</p>"),
        ("*un* **deux** `trois`", "<p><em>un</em> <strong>deux</strong> <code>trois</code></p>"),
        ("une ligne\nune autre", "<p>une ligne<br>\nune autre</p>"),
        ("un\n\ndeux", "<p>un</p>\n<p>deux</p>"),
        ("> cité\n\nrépondu", "<blockquote>\n<p>cité</p>\n</blockquote>\n<p>répondu</p>"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
        ("3. un\n4. deux", '<ol start="3">\n<li>un</li>\n<li>deux</li>\n</ol>'),
        ("```python\n1 < 2\n```", "<pre><code>1 &lt; 2\n</code></pre>"),
        ("||le coupable||", f"<p>{SPOILER}le coupable</span></p>"),
        ("||**gras**|| et ||autre||", f"<p>{SPOILER}<strong>gras</strong></span> et {SPOILER}autre</span></p>"),
        ("a || b || c", "<p>a || b || c</p>"),
        ("|||| et ||", "<p>|||| et ||</p>"),
        ("`||code||`", "<p><code>||code||</code></p>"),
        ("[ici](https://a.example/b)", f'<p><a href="https://a.example/b" {REL}>ici</a></p>'),
        ('[ici](https://a.example "titre")', f'<p><a href="https://a.example" {REL}>ici</a></p>'),
        ("<https://a.example>", f'<p><a href="https://a.example" {REL}>https://a.example</a></p>'),
        (
            "voir https://a.example/b_c_d, merci",
            f'<p>voir <a href="https://a.example/b_c_d" {REL}>https://a.example/b_c_d</a>, merci</p>',
        ),
        ("www.a.example", f'<p><a href="https://www.a.example" {REL}>www.a.example</a></p>'),
        # shown as typed
        ("fini.On reprend", "<p>fini.On reprend</p>"),
        ("www. rien", "<p>www. rien</p>"),
        ("moi@a.example", "<p>moi@a.example</p>"),
        ("mailto:moi@a.example ftp://a.example", "<p>mailto:moi@a.example ftp://a.example</p>"),
        ("# Titre", "<p># Titre</p>"),
        ("Titre\n=====", "<p>Titre<br>\n=====</p>"),
        ("un\n\n---\n\ndeux", "<p>un</p>\n<p>---</p>\n<p>deux</p>"),
        ("- - -", "<p>- - -</p>"),
        ("* * *", "<p>* * *</p>"),
        ("-", "<p>-</p>"),
        ("|a|b|\n|-|-|\n|1|2|", "<p>|a|b|<br>\n|-|-|<br>\n|1|2|</p>"),
        ("<b>gras</b> &amp; &eacute;", "<p>&lt;b&gt;gras&lt;/b&gt; &amp;amp; &amp;eacute;</p>"),
        (
            "![chat](https://a.example/c.png)",
            f'<p>![chat](<a href="https://a.example/c.png" {REL}>https://a.example/c.png</a>)</p>',
        ),
        ("    quatre espaces", "<p>quatre espaces</p>"),
        ("\\*pas d’accent\\*", "<p>*pas d’accent*</p>"),
        ("[a](/relatif) [b](//a.example)", "<p>[a](/relatif) [b](//a.example)</p>"),
        ("[a](https://connu.example@autre.example)", "<p>[a](https://connu.example@autre.example)</p>"),
        ("", ""),
    ],
)
def test_render(source: str, expected: str) -> None:
    assert render(source).html == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("> cité\n> encore\n\nrépondu", "> cité\n> encore\n\nrépondu"),
        ("*un* [deux](https://a.example) ||trois|| `x`", "un deux trois x"),
        ("- un\n- deux\n  - trois\n\nfin", "- un\n- deux\n  - trois\n\nfin"),
        ("2. un\n3. deux", "2. un\n3. deux"),
        ("> - un\n> - deux\n>\n> fin", "> - un\n> - deux\n>\n> fin"),
        ("- > un", "- > un"),
        ("1. un\n\n   deux\n\n2. trois", "1. un\n   deux\n2. trois"),
    ],
)
def test_plain(source: str, expected: str) -> None:
    assert render(source).plain == expected


def test_links_are_listed_once_in_order() -> None:
    source = "[b](https://b.example) www.a.example https://b.example ![c](https://c.example/x.png) [d](/d)"
    assert render(source).links == ("https://b.example", "https://www.a.example", "https://c.example/x.png")


def test_blocks_say_their_direction_only_where_a_comment_runs_both_ways() -> None:
    assert render("Bonjour\n\nfin").html == "<p>Bonjour</p>\n<p>fin</p>"
    mixed = render("> שלום\n\nBonjour\n\n12").html
    assert mixed == '<blockquote dir="rtl">\n<p dir="rtl">שלום</p>\n</blockquote>\n<p dir="ltr">Bonjour</p>\n<p>12</p>'
    assert render("שלום\n\n```\nx = 1\n```").html == '<p dir="rtl">שלום</p>\n<pre><code>x = 1\n</code></pre>'
    assert '<ul dir="rtl">' in render("Liste :\n\n- מים\n- לחם").html


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    'https://a.example/"onmouseover="alert(1)',
    "[<img src=x onerror=alert(1)>](https://a.example)",
    "[[x](javascript:alert(1))](https://a.example)",
    "||<script>alert(1)</script>||",
    "> <iframe src=https://a.example>\n> </iframe>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "<style>*{display:none}</style>",
    "<p class='comity-spoiler' style='position:fixed'>x</p>",
    "<!--<script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<math><mtext></p><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "＜script＞alert(1)＜/script＞",
    "www.a.example/<script>alert(1)</script>",
    "- [x](javascript:alert(1))\n  <object data=x>",
]
TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z-]+=\"[^\"<>]*\")*)>")
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
ALLOWED = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a", "span"}


def assert_inert(markup: str) -> None:
    rest = TAG.sub("", markup)
    assert "<" not in rest, markup
    for found in TAG.finditer(markup):
        assert found[2] in ALLOWED, markup
        for name, value in ATTRIBUTE.findall(found[3]):
            assert name in {"href", "rel", "class", "tabindex", "role", "aria-label", "start", "dir"}, markup
            if name == "href":
                assert re.match(r"https?://", html.unescape(value)), markup
            if name == "class":
                assert value == "comity-spoiler"


@pytest.mark.parametrize("source", ATTACKS)
def test_attacks_are_inert(source: str) -> None:
    assert_inert(render(source).html)
    assert_inert(render(f"a *b {source} c* d").html)


def test_an_attack_in_text_stays_readable() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in render(ATTACKS[0]).html


MARKS = st.sampled_from(
    [
        *"*_`[]()<>|!#-+>~\\&;:\"' \n\t1.aא",
        *("||", "](", "](https://a.example)", "javascript:", "https://a.example/", "\n> ", "\n- ", "\n```\n"),
        *("<script>", "www.", "&#x6a;", "\u202e", "\ud800", "\x00"),
    ]
)


@given(st.one_of(st.text(st.characters(exclude_categories=[])), st.lists(MARKS, max_size=80).map("".join)))
def test_any_text_is_rendered_and_inert(source: str) -> None:
    rendered = render(source)
    assert_inert(rendered.html)
    assert render(source) == rendered
    for link in rendered.links:
        assert link.startswith(("http://", "https://")) or link.lower().startswith("http")


WORDS = st.lists(
    st.sampled_from(["trêve", "aide", "Munich", "> ", "- ", "1. ", "**", "[", "](", "||", "\n", " ", "# "])
)


@given(WORDS)
def test_no_word_is_lost(pieces: list[str]) -> None:
    source = "".join(pieces)
    shown = html.unescape(re.sub(r"<[^>]*>", "", render(source).html)) + " ".join(render(source).links)
    for word in ("trêve", "aide", "Munich"):
        assert shown.count(word) == source.count(word)


HOSTILE = {
    "nested quotes": "> " * 10_000,
    "close quotes": ">" * 10_000,
    "quote lines": ">\n" * 10_000,
    "lists in quotes": "> - " * 10_000,
    "lists": "- " * 10_000,
    "deep lists": "\n".join("  " * depth + "- x" for depth in range(200)),
    "brackets": "[" * 10_000,
    "brackets and a link": "[" * 10_000 + "](https://a.example)",
    "as many brackets as are read": "[" * 200 + "a" * 9_000 + "](https://a.example)" * 200,
    "pictures": "![" * 200 + "](https://a.example)",
    "open links": "[a](" * 2_500,
    "stars": "*a **" * 5_000,
    "underscores": "_a" * 10_000,
    "ticks": " ".join("`" * length for length in range(1, 200)),
    "angles": "<" * 10_000,
    "bars": "||a" * 10_000,
    "addresses": "https://a.example " * 2_500,
    "schemes": ("a" * 400 + "://") * 99,
    "paragraphs": "a\n\n" * 15_000,
    "items": "1. a\n" * 9_000,
    "rules": "- - -\n" * 8_000,
    "marks": "a" + "\u0301\u0323" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sources_take_bounded_time(name: str) -> None:
    source = HOSTILE[name][:MAX_SOURCE]
    started = time.process_time()
    rendered = render(source)
    # Measured 5 to 300 ms on a slow core; what this guards against is growth by the square, which takes minutes.
    assert time.process_time() - started < 5
    assert_inert(rendered.html)
    assert rendered.html.count("<blockquote") <= 12 or name == "quote lines"


def test_marks_nested_too_deep_keep_their_words() -> None:
    rendered = render("> " * 10_000 + "fond")
    assert rendered.html.count("<blockquote>") == 12
    assert "&gt; &gt; fond" in rendered.html


def test_a_source_beyond_the_limit_is_shown_as_typed() -> None:
    rendered = render("**a**\nb\n\n" + "c" * MAX_SOURCE)
    assert rendered.html.startswith("<p>**a**<br>\nb</p>\n<p>ccc")
    assert rendered.links == ()
