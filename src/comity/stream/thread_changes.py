"""The bytes of what changed in a thread, for pages that hold it already."""

from __future__ import annotations

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils import translation

from comity.queries.shapes import SiteShape, ThreadChanges
from comity.stream.fragments import render_comment

__all__ = ["render_changes"]


def render_changes(
    changes: ThreadChanges, *, site: SiteShape, language: str, carried: Mapping[str, str] | None = None
) -> str:
    """The comments that changed, as they are now, each with its parent and whether it is new; and which are gone.

    Args:
        carried: `site` and `lang` that the links carry on.
    """
    items = [
        (
            each.id in changes.new_ids,
            each.parent_id,
            render_comment(each, site, language, carried=carried, story=changes.story),
        )
        for each in changes.changed
    ]
    context = {"changes": changes, "story": changes.story, "items": items}
    with translation.override(language):
        return render_to_string("comity/fragments/changes.html", context)
