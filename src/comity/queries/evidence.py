"""What there is to put aside of a reported comment for authorities."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from comity.models import Appeal, Comment, CommentRevision, Decision, Report, ReportCase, Restriction
from comity.rules.restrictions import RESTRICTION_OUTCOMES

__all__ = ["preservable", "time_text"]


def time_text(moment: datetime | None) -> str | None:
    """A moment as the file holds it."""
    return None if moment is None else moment.isoformat()


def preservable(case: ReportCase) -> dict[str, Any]:
    """Everything known of a reported comment that can be handed over: the words in all versions, their author as far as
    known, decisions, reports without who sent them, and times. The same until something changes."""
    comment = case.comment
    story = comment.story
    return {
        "story": {"key": story.key, "url": story.url, "title": story.title},
        "comment": {
            "id": comment.pk,
            "answers": comment.reply_to_id,
            "status": comment.status,
            "language": comment.language,
            "created_at": time_text(comment.created_at),
            "edited_at": time_text(comment.edited_at),
            "erased_at": time_text(comment.erased_at),
            "version": comment.revision_number,
            "text": comment.text_source,
            "earlier_versions": [
                {"version": each.number, "text": each.text_source, "written_at": time_text(each.written_at)}
                for each in CommentRevision.objects.filter(comment_id=comment.pk).order_by("number")
            ],
        },
        "author": _author(comment),
        "decisions": _decisions(comment),
        "appeals": [
            {"text": each.text, "filed_at": time_text(each.filed_at), "state": each.state, "answer": each.reason}
            for each in Appeal.objects.filter(comment_id=comment.pk).order_by("pk")
        ],
        "reports": [
            {
                "id": each.pk,
                "by": "staff" if each.by_staff else "reader",
                "reason": each.reason,
                "explanation": each.explanation,
                "filed_at": time_text(each.filed_at),
            }
            for each in Report.objects.filter(case__comment_id=comment.pk).order_by("pk")
        ],
    }


def _author(comment: Comment) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "kind": comment.author_kind,
        "name": comment.author_name,
        "email": comment.author_email,
        "website": comment.author_website,
        "not_kept": "Comity stores no address of a connection.",
    }
    if comment.device is not None:
        mine = Comment.objects.filter(device=comment.device, site_id=comment.site_id)
        span = mine.aggregate(count=Count("pk"), first=Min("created_at"), last=Max("created_at"))
        facts["device"] = {
            "id": comment.device_id,
            "known_since": time_text(comment.device.created_at),
            "comments": span["count"],
            "first_comment_at": time_text(span["first"]),
            "last_comment_at": time_text(span["last"]),
        }
    if comment.reader is not None:
        facts["reader"] = {
            "id": comment.reader_id,
            "name": comment.reader.name,
            "known_since": time_text(comment.reader.created_at),
        }
    facts["restrictions"] = [
        {"kind": each.kind, "began_at": time_text(each.began_at), "until": time_text(each.until), "reason": each.reason}
        for each in Restriction.objects.filter(decision__comment_id=comment.pk).order_by("pk")
    ]
    return facts


def _decisions(comment: Comment) -> list[dict[str, Any]]:
    rows = Decision.objects.select_related("evidence").filter(comment_id=comment.pk).order_by("pk")
    return [
        {
            "number": each.sequence,
            "outcome": each.outcome,
            "restricts": "author" if each.outcome in RESTRICTION_OUTCOMES else "comment",
            "by": each.actor_kind,
            "rule": each.rule_key,
            "rule_version": each.rule_version,
            "version": each.revision_number,
            "found": [{"category": one["category"], "score": str(one["score"])} for one in each.findings],
            "evidence": each.evidence.items if hasattr(each, "evidence") else [],
            "decided_at": time_text(each.decided_at),
            "digest": each.digest,
        }
        for each in rows
    ]
