"""Published comments that a house rule has marked for the newsroom."""

from __future__ import annotations

from comity.models import MarkedComment
from comity.queries.comments import HeldComment
from comity.queries.house_rules import rule_of_version
from comity.queries.shapes import SiteShape
from comity.queries.threads import comment_shape
from comity.rules.statuses import CommentStatus
from comity.screening.house_rules import in_language

__all__ = ["marked_comments", "marked_count"]


def marked_count(*, site: SiteShape) -> int:
    """How many wait to be looked at."""
    return MarkedComment.objects.filter(site_id=site.id, comment__status=CommentStatus.PUBLISHED).count()


def marked_comments(*, site: SiteShape, language: str, limit: int = 50) -> tuple[HeldComment, ...]:
    """What is marked and published, longest marked first, with the rule that marked it as it read then."""
    rows = (
        MarkedComment.objects.select_related("comment__story")
        .filter(site_id=site.id, comment__status=CommentStatus.PUBLISHED)
        .order_by("marked_at", "comment_id")[:limit]
    )
    found = []
    for row in rows:
        rule = rule_of_version(site.id, key=row.rule_key, version=row.rule_version)
        found.append(
            HeldComment(
                comment=comment_shape(row.comment, story_key=row.comment.story.key, show_words=True),
                story_title=row.comment.story.title or row.comment.story.key,
                rule_key=row.rule_key,
                rule_title=in_language(rule.title, language) if rule is not None else row.rule_key,
                explanation="",
            )
        )
    return tuple(found)
