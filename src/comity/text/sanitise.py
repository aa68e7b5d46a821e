"""What HTML may reach a reader: two explicit lists, one for comments and one for the body of a story."""

from __future__ import annotations

import re

import nh3

__all__ = ["COMMENT_LINK_REL", "SPOILER_ATTRIBUTES", "comment_html", "story_html"]

COMMENT_LINK_REL = "nofollow ugc noopener noreferrer"

SPOILER_ATTRIBUTES = {"class": "comity-spoiler", "tabindex": "0", "role": "group", "aria-label": "Spoiler"}
"""A spoiler is a span that styles cover until it is pointed at or holds the focus, which a tap gives: no script is
needed. A screen reader says "Spoiler, group" before the words, so that one may move on."""

_DIRECTIONS = {"dir": {"ltr", "rtl"}}

# Elements whose content is never text for a reader: gone with all that is inside.
_EMPTIED = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title", "textarea"}

_COMMENT = nh3.Cleaner(
    tags={"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a", "span"},
    clean_content_tags=_EMPTIED,
    attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
    tag_attribute_values={
        "span": {name: {value} for name, value in SPOILER_ATTRIBUTES.items()},
        **dict.fromkeys(("p", "blockquote", "ul", "ol", "pre"), _DIRECTIONS),
    },
    link_rel=COMMENT_LINK_REL,
    url_schemes={"http", "https"},
    url_relative="deny",
)


def _story_attribute(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        # A picture over plain http would break the lock of a page over https.
        return value if value.strip().lower().startswith("https://") else None
    if attribute in {"width", "height", "start", "colspan", "rowspan"}:
        return value if re.fullmatch(r"[0-9]{1,4}", value) else None
    return value


_STORY = nh3.Cleaner(
    tags={
        *("p", "br", "h2", "h3", "h4", "hr", "blockquote", "ul", "ol", "li", "figure", "figcaption", "img"),
        *("a", "em", "strong", "b", "i", "code", "pre", "sup", "sub", "cite", "q", "abbr"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    },
    clean_content_tags=_EMPTIED,
    attributes={
        "a": {"href", "hreflang"},
        "img": {"src", "alt", "width", "height"},
        "ol": {"start"},
        "th": {"colspan", "rowspan"},
        "td": {"colspan", "rowspan"},
        "abbr": {"title"},
        "blockquote": {"cite"},
        "q": {"cite"},
        "*": {"lang"},
    },
    tag_attribute_values={
        "th": {"scope": {"col", "row"}},
        **dict.fromkeys(("p", "blockquote", "ul", "ol", "table", "figure"), _DIRECTIONS),
    },
    set_tag_attribute_values={"img": {"loading": "lazy", "decoding": "async", "referrerpolicy": "no-referrer"}},
    attribute_filter=_story_attribute,
    link_rel="noopener",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)

_FIRST_HEADING = re.compile(r"(</?)h1(?=[\s/>])", re.IGNORECASE)
_LOW_HEADINGS = re.compile(r"(</?)h[56](?=[\s/>])", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")


def comment_html(html: str) -> str:
    """The HTML of a comment with nothing but the Markdown subset: no picture, no style, no script, safe links."""
    return _COMMENT.clean(_SURROGATES.sub("\ufffd", html))


def story_html(html: str) -> str:
    """The HTML of an article's body with nothing but what an article needs.

    The page's own title is its only first-level heading: `h1` becomes `h2`, and headings below `h4` become `h4`.
    """
    text = _SURROGATES.sub("\ufffd", html)
    return _STORY.clean(_LOW_HEADINGS.sub(r"\1h4", _FIRST_HEADING.sub(r"\1h2", text)))
