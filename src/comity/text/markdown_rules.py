"""Rules of our own for the Markdown reader: bounded nesting, what is shown as typed, spoilers, www addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from linkify_it import LinkifyIt  # type: ignore[import-untyped] # linkify-it-py ships no types
from linkify_it.main import Match  # type: ignore[import-untyped] # linkify-it-py ships no types
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, hr, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_core import linkify as linkify_words
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.rules_inline import linkify as linkify_inside

__all__ = [
    "DEEPEST",
    "READ_ADDRESSES",
    "READ_BRACKETS",
    "add_spoilers",
    "host_after_www",
    "limit_nesting",
    "over_https",
    "show_as_typed",
]

DEEPEST = 12
"""Levels of quotes and lists inside one another: a quote is one level, a list two. Deeper marks are shown as typed."""

READ_BRACKETS = "comity_read_brackets"
"""Key in the reader's environment: whether `[` may begin a link. Absent means yes."""

READ_ADDRESSES = "comity_read_addresses"
"""Key in the reader's environment: whether bare addresses become links. Absent means yes."""

_BlockRule = Callable[[StateBlock, int, int, bool], bool]
_InlineRule = Callable[[StateInline, bool], bool]


def _not_deeper(rule: _BlockRule) -> _BlockRule:
    def limited(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, start_line, end_line, silent)

    return limited


def _if_brackets_are_read(rule: _InlineRule) -> _InlineRule:
    def limited(state: StateInline, silent: bool) -> bool:
        return bool(state.env.get(READ_BRACKETS, True)) and rule(state, silent)

    return limited


def limit_nesting(reader: MarkdownIt) -> None:
    """Keep time and depth bounded without losing a word.

    The reader's own limit drops what lies deeper; here quote and list marks that go too deep are plain words.
    """
    interrupts = ["paragraph", "reference", "blockquote"]
    reader.block.ruler.at("blockquote", _not_deeper(blockquote), {"alt": [*interrupts, "list"]})
    reader.block.ruler.at("list", _not_deeper(list_block), {"alt": interrupts})
    reader.inline.ruler.at("link", _if_brackets_are_read(link))
    reader.inline.ruler.at("image", _if_brackets_are_read(image))


def _picture_as_typed(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not image(state, True):
        return False
    if not silent:
        state.pending += state.src[start : state.pos]
    return True


def _line_as_typed(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A rule across the page would be an empty list item to a reader that does not know it."""
    if not hr(state, start_line, end_line, True):
        return False
    if silent:
        return True
    state.line = start_line + 1
    token = state.push("paragraph_open", "p", 1)
    token.map = [start_line, state.line]
    token = state.push("inline", "", 0)
    content = state.getLines(start_line, state.line, state.blkIndent, False).strip()
    token.content = re.sub(r"([*_-])", r"\\\1", content)
    token.map = [start_line, state.line]
    token.children = []
    state.push("paragraph_close", "p", -1)
    return True


def _if_addresses_are_read(state: StateInline, silent: bool) -> bool:
    return bool(state.env.get(READ_ADDRESSES, True)) and linkify_inside(state, silent)


def _words_if_addresses_are_read(state: StateCore) -> None:
    if state.env.get(READ_ADDRESSES, True):
        linkify_words(state)


def show_as_typed(reader: MarkdownIt) -> None:
    """Show pictures and rules across the page as they were typed, and addresses by the hundred too."""
    reader.inline.ruler.at("image", _if_brackets_are_read(_picture_as_typed))
    reader.inline.ruler.at("linkify", _if_addresses_are_read)
    reader.core.ruler.at("linkify", _words_if_addresses_are_read)
    reader.block.ruler.before(
        "list", "line_as_typed", _line_as_typed, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def add_spoilers(reader: MarkdownIt, attributes: Mapping[str, str]) -> None:
    """Read `||words||` as a span with these attributes; the words touch the bars, so that `a || b || c` is none."""

    def spoiler(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not state.src.startswith("||", start):
            return False
        begin = start + 2
        end = state.src.find("||", begin, state.posMax)
        if end <= begin or state.src[begin].isspace() or state.src[end - 1].isspace():
            return False
        if not silent:
            token = state.push("spoiler_open", "span", 1)
            token.attrs = dict(attributes)
            whole = state.posMax
            state.pos, state.posMax = begin, end
            state.md.inline.tokenize(state)
            state.posMax = whole
            state.push("spoiler_close", "span", -1)
        state.pos = end + 2
        return True

    reader.inline.add_terminator_char("|")
    reader.inline.ruler.before("emphasis", "spoiler", spoiler)


def host_after_www(finder: LinkifyIt) -> Callable[[LinkifyIt, str, int], int]:
    """The rule for what follows `www.`: a host and what belongs to its address."""
    pattern = re.compile(finder.re["src_host_port_strict"] + finder.re["src_path"], re.IGNORECASE)

    def validate(_: LinkifyIt, text: str, position: int) -> int:
        found = pattern.match(text, position)
        return len(found[0]) if found and "." in found[0] else 0

    return validate


def over_https(_: LinkifyIt, found: Match) -> None:
    """An address without a scheme is taken to be over https."""
    found.url = "https://" + found.url
