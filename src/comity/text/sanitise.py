"""What HTML may be kept: explicit lists, enforced by nh3."""

from __future__ import annotations

import nh3

__all__ = ["comment_html", "story_html"]

_COMMENT_TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a", "span"}
_STORY_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "figure", "figcaption", "img", "blockquote", "ul", "ol", "li", "a", "em",
    "strong", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "sup", "sub", "cite", "q", "abbr",
}  # fmt: skip


def comment_html(html: str) -> str:
    """A reader's HTML as made by `markdown.render`; links give no credit and lead nowhere but http and https."""
    return nh3.clean(
        html,
        tags=_COMMENT_TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "span": {"tabindex"}, "ol": {"start"}},
        tag_attribute_values={"span": {"class": {"comity-spoiler"}}},
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener noreferrer",
    )


def story_html(html: str) -> str:
    """An article's body: structure, links and https pictures; no style, script, frame or event."""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src" and not value.lower().startswith("https://"):
            return None
        return value

    return nh3.clean(
        html,
        tags=_STORY_TAGS,
        clean_content_tags={"script", "style"},
        attributes={
            "a": {"href", "title"},
            "img": {"src", "alt", "width", "height"},
            "th": {"colspan", "rowspan", "scope"},
            "td": {"colspan", "rowspan"},
            "abbr": {"title"},
            "*": {"lang", "dir"},
        },
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
