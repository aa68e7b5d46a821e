"""What a reader has written and voted, seen by that reader alone: looking back, editing, withdrawing."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.editing import edit_comment, withdraw_comment
from comity.pages.forms import reasons_address, show_form
from comity.queries.comments import own_comment, own_comments
from comity.queries.shapes import OwnComment
from comity.queries.stories import find_story
from comity.queries.votes import own_votes
from comity.rules.limits import Purpose
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.rules.statuses import CommentStatus
from comity.stream.layout import render_private
from comity.stream.visits import Visit, page
from comity.web import throttle
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence

__all__ = ["edit", "mine", "show_own", "withdraw"]


def _notice(done: str) -> str:
    """What is said after something was done; empty for a word that says nothing."""
    match done:
        case "published":
            return _("Your comment is published.")
        case "held":
            return _("Your comment waits to be read by the newsroom. Until then you alone see it.")
        case "removed":
            return _("Your comment is not published. The reason stands below.")
        case "withdrawn":
            return _("Your comment is withdrawn.")
        case "edited":
            return _("Your changes are saved.")
        case _:
            return ""


@page("GET")
def mine(visit: Visit, key: str) -> HttpResponse:
    """The reader's own comments and votes on a story, with what became of the one just written."""
    asked = visit.request.GET.get("comment", "")
    comment_id = int(asked) if asked.isdecimal() and len(asked) < 20 else None
    return show_own(visit, key, comment_id=comment_id, done=visit.request.GET.get("done", ""))


def show_own(visit: Visit, key: str, *, comment_id: int | None, done: str) -> HttpResponse:
    """The page of what is the reader's own. The widget gets it as the answer to a post, without a second request.

    Args:
        comment_id: the comment that something was just done to, which stands first.
        done: what was done, as an address may say it.
    """
    story = find_story(site=visit.site, key=key, now=visit.now)
    actor = visit.actor()
    own = own_comments(site=visit.site, key=key, actor=actor, now=visit.now, language=visit.language)
    posted = next((each for each in own if each.comment.id == comment_id), None)
    if posted is not None and done != "edited":
        done = posted.status.value  # what the address says may be old, or made up
    if posted is not None:
        own = (posted, *(each for each in own if each is not posted))
    context = {
        "story": story,
        "own_comments": own,
        "posted_id": posted.comment.id if posted is not None else None,
        "notice": _notice(done),
        "notice_status": done if _notice(done) else "",
        "votes": sorted(own_votes(site=visit.site, key=key, actor=actor).items()),
        "back_address": visit.conversation_address(
            story,
            posted.comment.id if posted is not None and posted.status is CommentStatus.PUBLISHED else None,
        ),
    }
    return render_private(visit.request, "comity/own.html", context, site=visit.site, language=visit.language)


def _changeable(own: OwnComment) -> None:
    """Let a change pass whose time is not over.

    Raises:
        Refusal: `comment_unknown`, `transition_refused`, `edit_after_reply`, `edit_window_closed`.
    """
    if own.editable_until is not None:
        return
    if own.status is CommentStatus.WITHDRAWN:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    if own.status is CommentStatus.REMOVED:
        raise Refusal(RefusalCode.TRANSITION_REFUSED, status=own.status.value, move="edit")
    raise Refusal(RefusalCode.EDIT_AFTER_REPLY if own.comment.reply_count else RefusalCode.EDIT_WINDOW_CLOSED)


@page("GET", "POST")
def edit(visit: Visit, comment_id: int) -> HttpResponse:
    """The form with one's own words, or saving them."""
    actor = visit.actor()
    own = own_comment(site=visit.site, comment_id=comment_id, actor=actor, now=visit.now, language=visit.language)
    if not visit.is_post:
        _changeable(own)
        return _edit_form(visit, own, text=own.text_source)
    text = read_form(visit.request).get("text", "")
    try:
        throttle.spend(Purpose.CHANGE, actor)
        changed = edit_comment(
            actor=actor,
            site=visit.site,
            comment_id=comment_id,
            text=text,
            now=visit.now,
            language=visit.language,
        )
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] in {404, 500}:
            raise
        return _edit_form(visit, own, text=text, refusal=refusal)
    done = "edited" if changed.own.status is CommentStatus.PUBLISHED else changed.own.status.value
    if visit.is_embedded:
        return show_own(visit, own.comment.story_key, comment_id=comment_id, done=done)
    query = {"comment": str(comment_id), "done": done}
    return see_other(visit.address("mine", query=query, key=own.comment.story_key))


def _edit_form(visit: Visit, own: OwnComment, *, text: str, refusal: Refusal | None = None) -> HttpResponse:
    site = visit.site
    is_reply = own.comment.parent_id is not None
    in_text = refusal is not None and refusal.field == "text"
    context = {
        "story": find_story(site=site, key=own.comment.story_key, now=visit.now),
        "heading": _("Edit your comment"),
        "form_name": f"edit-{own.comment.id}",
        "is_edit": True,
        "is_reply": is_reply,
        "minimum": site.reply_minimum if is_reply else site.comment_minimum,
        "maximum": site.reply_maximum if is_reply else site.comment_maximum,
        "values": {"text": text},
        "errors": {"text": sentence(refusal)} if refusal is not None and in_text else {},
        "refusal_sentence": sentence(refusal) if refusal is not None and not in_text else "",
        "reasons_address": reasons_address(visit, refusal),
        "action": visit.address("edit", comment_id=own.comment.id),
        "back_address": visit.address("mine", key=own.comment.story_key),
    }
    return show_form(visit, context, refusal=refusal)


@page("GET", "POST")
def withdraw(visit: Visit, comment_id: int) -> HttpResponse:
    """Asking whether a comment is to be withdrawn, or withdrawing it."""
    actor = visit.actor()
    own = own_comment(site=visit.site, comment_id=comment_id, actor=actor, now=visit.now, language=visit.language)
    if visit.is_post:
        throttle.spend(Purpose.CHANGE, actor)
        withdraw_comment(actor=actor, site=visit.site, comment_id=comment_id, now=visit.now, language=visit.language)
        if visit.is_embedded:
            return show_own(visit, own.comment.story_key, comment_id=None, done=CommentStatus.WITHDRAWN.value)
        query = {"done": CommentStatus.WITHDRAWN.value}
        return see_other(visit.address("mine", query=query, key=own.comment.story_key))
    _changeable(own)
    context = {
        "own": own,
        "action": visit.address("withdraw", comment_id=comment_id),
        "back_address": visit.address("mine", key=own.comment.story_key),
    }
    return render_private(visit.request, "comity/withdraw.html", context, site=visit.site, language=visit.language)
