"""The Markdown that readers write, and the fuller one of stories, as safe HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from comity.text.sanitise import comment_html, story_html

__all__ = ["RENDERER_VERSION", "Rendered", "render", "render_story"]

RENDERER_VERSION = 1
"""Grows whenever the same source would give other HTML."""
NESTING_LIMIT = 8
"""Levels of quotation and lists; deeper ones are shown as typed."""
_RUN_LIMIT = 32
# Runs of brackets and of emphasis marks are where Markdown parsers lose their linear time (measured: 5,000 brackets cost
# 88 ms, 10,000 four times that). A longer run than anybody writes is shown as typed.
_LONG_RUN = re.compile(r"(?:[\[\]!(<]\s?){%d,}|[*_`~|]{%d,}" % (_RUN_LIMIT, _RUN_LIMIT))
_SPECIAL = re.compile(r"([\[\]!(<*_`~|\\])")
_QUOTE_MARKS = re.compile(r"^(?:[ \t]{0,3}>[ \t]?)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered comment."""

    html: str
    links: tuple[str, ...]
    """Addresses it links to, in order, each once."""


def _spoiler(state: StateInline, silent: bool) -> bool:
    """`||hidden until asked for||`."""
    if not state.src.startswith("||", state.pos):
        return False
    end = state.src.find("||", state.pos + 2, state.posMax)
    if end <= state.pos + 2:
        return False
    if not silent:
        state.push("spoiler_open", "span", 1)
        position, maximum = state.pos, state.posMax
        state.pos, state.posMax = position + 2, end
        state.md.inline.tokenize(state)
        state.pos, state.posMax = position, maximum
        state.push("spoiler_close", "span", -1)
    state.pos = end + 2
    return True


def _open_spoiler(*_: object) -> str:
    return '<span class="comity-spoiler" tabindex="0">'


def _close_spoiler(*_: object) -> str:
    return "</span>"


@cache
def _comment_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True, "maxNesting": 2 * NESTING_LIMIT + 4})
    parser.enable(["fence", "blockquote", "list", "newline", "escape", "backticks", "emphasis", "link", "linkify"])
    parser.linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    # A link on `||` must not eat a spoiler, so it is looked for before everything else that starts inline.
    parser.inline.ruler.before("text", "spoiler", _spoiler)
    parser.add_render_rule("spoiler_open", _open_spoiler)
    parser.add_render_rule("spoiler_close", _close_spoiler)
    return parser


@cache
def _story_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _flatten(source: str) -> str:
    """The source with quotation no deeper than the limit and endless runs of marks escaped."""

    def cap(match: re.Match[str]) -> str:
        marks = match[0]
        return "> " * NESTING_LIMIT if marks.count(">") > NESTING_LIMIT else marks

    source = _QUOTE_MARKS.sub(cap, source)
    return _LONG_RUN.sub(lambda match: _SPECIAL.sub(r"\\\1", match[0]), source)


def _links(tokens: list[Token]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                found[str(child.attrGet("href"))] = None
    return tuple(address for address in found if address.lower().startswith(("http://", "https://")))


def render(source: str) -> Rendered:
    """A reader's comment: emphasis, strong, quotation, list, code, spoiler and link; a line end is a line end, and
    everything else is shown as typed.

    Args:
        source: cleaned by `plain.clean` and within the site's length limits.
    """
    parser = _comment_parser()
    tokens = parser.parse(_flatten(source))
    html = str(parser.renderer.render(tokens, parser.options, {}))
    return Rendered(html=comment_html(html).strip(), links=_links(tokens))


def render_story(source: str) -> str:
    """A story's body from CommonMark with tables; headings of the first level become the second, since the title is the
    page's first."""
    html = str(_story_parser().render(source)).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return story_html(html).strip()
