"""The site's stories, and the form in which an editor publishes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from comity.actions.stories import save_story
from comity.desk.access import desk_page
from comity.desk.moments import as_typed, moment_of
from comity.queries.stories import newest_stories, story_for_editing
from comity.rules.actors import Actor
from comity.rules.permissions import PERMISSIONS, Permission
from comity.rules.posting import check_story_key
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import StoryState
from comity.stream.layout import render_private
from comity.stream.visits import Visit
from comity.text import markdown, sanitise
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence, status_of

__all__ = ["edit_story", "new_story", "stories"]

STORIES_SHOWN = 100
FORMATS = ("markdown", "html")
_FIELD_OF = {"body": "body_source", "story_url": "url"}
"""How the action names a field that the form names otherwise."""


def _may_publish(actor: Actor) -> bool:
    return actor.staff_role is not None and Permission.PUBLISH_STORIES in PERMISSIONS[actor.staff_role]


@desk_page("GET", permission=Permission.MODERATE)
def stories(visit: Visit, actor: Actor) -> HttpResponse:
    """The newest stories."""
    context = {
        "actor": actor,
        "stories": newest_stories(site=visit.site, now=visit.now, limit=STORIES_SHOWN),
        "may_publish": _may_publish(actor),
        "desk_place": "stories",
    }
    return render_private(
        visit.request,
        "comity/desk/stories.html",
        context,
        site=visit.site,
        language=visit.language,
        with_token=True,
    )


@desk_page("GET", "POST", permission=Permission.PUBLISH_STORIES)
def new_story(visit: Visit, actor: Actor) -> HttpResponse:
    """An empty form, or publishing what it holds."""
    if visit.is_post:
        return _save(visit, actor, key=None)
    values = {"language": visit.site.language, "body_format": "markdown", "state": StoryState.OPEN.value}
    return _form(visit, actor, values=values, key=None)


@desk_page("GET", "POST", permission=Permission.PUBLISH_STORIES)
def edit_story(visit: Visit, actor: Actor, key: str) -> HttpResponse:
    """The form with a story, or publishing the changes."""
    stored = story_for_editing(site=visit.site, key=key)
    if visit.is_post:
        return _save(visit, actor, key=key)
    values = {name: as_typed(value) for name, value in stored.items()}
    return _form(visit, actor, values=values, key=key)


def _state(form: Mapping[str, str]) -> StoryState:
    try:
        return StoryState(form.get("state", ""))
    except ValueError:
        raise Refusal(RefusalCode.FIELD_INVALID, field="state") from None


def _title(form: Mapping[str, str]) -> str:
    title = form.get("title", "")
    if not title.strip():  # a story without one would be found nowhere on the desk
        raise Refusal(RefusalCode.FIELD_INVALID, field="title")
    return title


def _save(visit: Visit, actor: Actor, *, key: str | None) -> HttpResponse:
    form = read_form(visit.request)
    try:
        asked = check_story_key(key if key is not None else form.get("key", ""))
        state, title = _state(form), _title(form)
        published_at, closes_at = moment_of(form, "published_at"), moment_of(form, "closes_at")
        if "preview" in form:
            return _form(visit, actor, values=form, key=key, previewed=True)
        saved = save_story(
            site=visit.site,
            key=asked,
            url=form.get("url", ""),
            title=title,
            body_source=form.get("body_source", ""),
            body_format=form.get("body_format", ""),
            source_credit=form.get("source_credit", ""),
            section=form.get("section", ""),
            authors=[each.strip() for each in form.get("authors", "").split(",") if each.strip()],
            language=form.get("language", ""),
            published_at=published_at,
            state=state,
            closes_at=closes_at,
            now=visit.now,
        )
    except Refusal as refusal:
        return _form(visit, actor, values=form, key=key, refusal=refusal)
    return see_other(visit.address("story" if saved.is_hosted else "thread", key=saved.key))


def _preview(values: Mapping[str, str]) -> dict[str, Any]:
    source = values.get("body_source", "")
    html = sanitise.story_html(source) if values.get("body_format") == "html" else markdown.render_story(source)
    return {"preview_html": html, "previewed": True}


def _form(
    visit: Visit,
    actor: Actor,
    *,
    values: Mapping[str, str],
    key: str | None,
    refusal: Refusal | None = None,
    previewed: bool = False,
) -> HttpResponse:
    field = _FIELD_OF.get(refusal.field or "", refusal.field) if refusal is not None else None
    context = {
        "actor": actor,
        "values": dict(values),
        "is_new": key is None,
        "action": visit.address("desk-story-new") if key is None else visit.address("desk-story", key=key),
        "errors": {field: sentence(refusal)} if refusal is not None and field else {},
        "refusal_sentence": sentence(refusal) if refusal is not None else "",
        "states": [each.value for each in StoryState],
        "formats": FORMATS,
        "desk_place": "stories",
        **(_preview(values) if previewed else {}),
    }
    response = render_private(
        visit.request,
        "comity/desk/story_form.html",
        context,
        site=visit.site,
        language=visit.language,
        status=status_of(refusal) if refusal is not None else 200,
        with_token=True,
    )
    if refusal is not None and refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response
