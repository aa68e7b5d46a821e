"""What two members of staff in two processes decide on the same comments and the same reports, as orders of
`tests.concurrency.newsroom`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Order = dict[str, Any]
KEY = "treve"
MOMENT = datetime(2026, 5, 1, 13, tzinfo=UTC)
TEXTS = (
    "La cessation des hostilités tiendra-t-elle jusqu’au printemps ?",
    "Merci pour cet article, qui éclaire bien la question de la frontière.",
    "On oublie souvent le rôle des villes dans cette histoire.",
    "Mon grand-père racontait autrement la traversée du fleuve.",
    "Le tableau de la page deux manque de sources, je trouve.",
    "À Genève, les délégations se parlaient dans le couloir.",
    "Il faudrait comparer avec l’accord signé vingt ans plus tôt.",
    "Et les habitants, que pensent-ils de la nouvelle route du port ?",
    "Je relis ce passage et je comprends mieux la position des juges.",
    "La traduction du communiqué me semble trop littérale.",
)


def _moderator(site_id: int) -> Any:
    from comity.models import Staff
    from comity.rules.actors import Actor, StaffRole

    staff = Staff.objects.get(name="Marc")
    return Actor(site_id=site_id, staff_id=staff.pk, staff_role=StaffRole.MODERATOR, staff_name=staff.name)


def offer_cases(_order: Order) -> Order:
    """Publish some comments, each reported: number, what a decider has seen of it, and the case."""
    from comity.actions.comments import post_comment
    from comity.actions.reports import file_report
    from comity.queries.reports import open_case_of
    from comity.queries.sites import find_site
    from comity.rules.actors import Actor
    from comity.rules.reports import check_notice

    site = find_site(key="gazette", host=None)
    notice = check_notice(reason="insult", explanation="", name="", email="", good_faith=False)
    offered = []
    for number, text in enumerate(TEXTS):
        guest = Actor(site_id=site.id, new_device_token=f"d{number}".ljust(43, "x"), network_digest=f"n{number}")
        posted = post_comment(
            actor=guest,
            site=site,
            story_key=KEY,
            story_url="",
            text=text,
            author_name="Anne",
            now=MOMENT,
        )
        comment = posted.own.comment
        assert comment.is_published
        file_report(actor=Actor(site_id=site.id), site=site, comment_id=comment.id, notice=notice, now=MOMENT)
        offered.append([comment.id, comment.seen, open_case_of(site=site, comment_id=comment.id)])
    return {"offered": offered}


def decide_all(order: Order) -> Order:
    """Decide on all of them, the comments or their cases: what each came to, `done` or a refusal's code."""
    from comity.actions.moderation import decide_comment
    from comity.actions.reports import decide_case
    from comity.queries.sites import find_site
    from comity.rules.refusals import Refusal
    from comity.rules.transitions import Move

    site = find_site(key="gazette", host=None)
    actor, came_to = _moderator(site.id), []
    for comment_id, seen, case_id in order["offered"]:
        try:
            if order["cases"]:
                decide_case(
                    actor=actor, site=site, case_id=case_id, remove=order["remove"], rule_key="insult", now=MOMENT
                )
            else:
                move = Move.REMOVE if order["remove"] else Move.HOLD
                decide_comment(
                    actor=actor, site=site, comment_id=comment_id, move=move, rule_key="insult", seen=seen, now=MOMENT
                )
            came_to.append("done")
        except Refusal as refusal:
            came_to.append(refusal.code.value)
    return {"came_to": came_to}


def decided(order: Order) -> Order:
    """How often each comment was decided on by staff, its status, and whether the chain holds."""
    from comity.models import Comment, Decision
    from comity.queries.decisions import verify_chain

    numbers = [each[0] for each in order["offered"]]
    by_staff = Decision.objects.filter(staff__isnull=False)
    return {
        "decisions": [by_staff.filter(comment_id=number).count() for number in numbers],
        "outcomes": [by_staff.filter(comment_id=number).latest("pk").outcome for number in numbers],
        "statuses": [Comment.objects.get(pk=number).status for number in numbers],
        "fault": verify_chain(site_id=Comment.objects.get(pk=numbers[0]).site_id).fault,
    }
