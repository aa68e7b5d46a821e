"""Markdown to HTML: a small subset for comments, CommonMark with tables for the body of a story."""

from __future__ import annotations

import html as html_escapes
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from linkify_it import LinkifyIt  # type: ignore[import-untyped] # linkify-it-py ships no types
from markdown_it import MarkdownIt
from markdown_it.token import Token

from comity.text import markdown_rules, plain, sanitise
from comity.text.markdown_plain import directions, plain_text

__all__ = ["MAX_SOURCE", "RENDERER_VERSION", "Rendered", "render", "render_story"]

RENDERER_VERSION: int = 1
"""Grows whenever the same source gives other HTML; stored beside the HTML."""

MAX_SOURCE = 50_000
"""Code points of a comment's source beyond which no mark is read and the words are shown as typed."""

MOST_BRACKETS = 200
MOST_ADDRESSES = 100


@dataclass(frozen=True, slots=True)
class Rendered:
    """A comment as readers see it."""

    html: str
    """Safe to put in a page as it is."""
    plain: str
    """The words without marks, with quotes and lists still told apart, for letters and excerpts."""
    links: tuple[str, ...]
    """Addresses of its links, each once, in order."""


class _Reader(MarkdownIt):
    """A Markdown reader that takes no address which could run a script or hide where it leads."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library calls it by this name
        """Whether a link may lead to this address."""
        try:
            parts = urlsplit(url)
            return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        except ValueError:
            return False


def _linkify() -> LinkifyIt:
    """Finds addresses that begin with http, https or www; a bare `word.word` is a missing space more often than not."""
    finder = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})
    for scheme in ("ftp:", "mailto:", "//"):
        finder.add(scheme, None)
    finder.add("www.", {"validate": markdown_rules.host_after_www(finder), "normalize": markdown_rules.over_https})
    return finder


@cache
def _comment_reader() -> MarkdownIt:
    reader = _Reader("zero", {"html": False, "linkify": True, "breaks": True, "maxNesting": 60})
    reader.linkify = _linkify()
    reader.enable(["blockquote", "fence", "list", "linkify", "text_join"])
    reader.enable(["newline", "escape", "backticks", "emphasis", "link", "image", "autolink"])
    reader.inline.ruler2.enable(["balance_pairs", "emphasis", "fragments_join"])
    markdown_rules.limit_nesting(reader)
    markdown_rules.show_as_typed(reader)
    markdown_rules.add_spoilers(reader, sanitise.SPOILER_ATTRIBUTES)
    return reader


@cache
def _story_reader() -> MarkdownIt:
    reader = _Reader("commonmark", {"html": False, "maxNesting": 60})
    reader.enable("table")
    markdown_rules.limit_nesting(reader)
    return reader


def _links_in(tokens: list[Token]) -> tuple[str, ...]:
    links: dict[str, None] = {}
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                links[str(child.attrs["href"])] = None
    return tuple(links)


def _as_typed(source: str) -> Rendered:
    """The source with no mark read."""
    paragraphs = [each.strip("\n") for each in source.split("\n\n")]
    markup = "\n".join(
        f"<p>{html_escapes.escape(each, quote=False)}</p>".replace("\n", "<br>\n") for each in paragraphs if each
    )
    return Rendered(html=sanitise.comment_html(markup), plain=source, links=())


def render(source: str) -> Rendered:
    """A comment's Markdown as HTML, as plain text and as the addresses that it links to.

    Read are emphasis, strong, quotes, lists, code in a line and in fences, `||spoilers||` and links over http and
    https, also bare ones; a newline is a newline. All else - headings, pictures, tables, HTML - is shown as typed.
    Never raises: what is nested too deep or longer than `MAX_SOURCE` keeps its words and loses its marks.
    """
    cleaned = plain.clean(source)
    if len(cleaned) > MAX_SOURCE:
        return _as_typed(cleaned)
    reader = _comment_reader()
    # Brackets and addresses by the hundred are an attack on the reader's time, and are shown as typed.
    env = {
        markdown_rules.READ_BRACKETS: cleaned.count("[") <= MOST_BRACKETS,
        markdown_rules.READ_ADDRESSES: cleaned.count("://") + cleaned.count("www.") <= MOST_ADDRESSES,
    }
    tokens = reader.parse(cleaned, env)
    words = plain_text(tokens)
    if cleaned and not words.strip():
        # Marks around nothing, such as a lone hyphen: the reader meant the sign itself.
        return _as_typed(cleaned)
    directions(tokens, words)
    markup = reader.renderer.render(tokens, reader.options, env)
    return Rendered(html=sanitise.comment_html(markup).strip(), plain=words, links=_links_in(tokens))


def render_story(source: str) -> str:
    """A story's Markdown as safe HTML: CommonMark with headings, pictures over https and tables; HTML as typed."""
    reader = _story_reader()
    env = {markdown_rules.READ_BRACKETS: source.count("[") <= 20 * MOST_BRACKETS}
    return sanitise.story_html(reader.render(plain.clean(source), env)).strip()
