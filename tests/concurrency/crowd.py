"""Readers and a moderator at one story, doing what people do, in a mixture drawn from a seed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime

from comity.actions.comments import post_comment
from comity.actions.editing import edit_comment, withdraw_comment
from comity.actions.moderation import decide_comment
from comity.actions.votes import cast_vote
from comity.models import Comment, Staff
from comity.queries.sites import find_site
from comity.rules.actors import Actor, StaffRole
from comity.rules.refusals import Refusal
from comity.rules.transitions import Move

__all__ = ["Crowd"]

STEPS = {"post": 6, "reply": 6, "vote": 9, "edit": 1, "withdraw": 1, "decide": 8}


class Crowd:
    """One process's share of the people. What it does is refused now and then, as in life; nothing else may fail."""

    def __init__(self, seed: int, key: str, now: datetime) -> None:
        self._seed = seed
        self._key = key
        self._now = now
        self._chance = random.Random(seed)
        self._site = find_site(key="gazette", host=None)
        staff = Staff.objects.get()
        self._moderator = Actor(site_id=self._site.id, staff_id=staff.pk, staff_role=StaffRole.MODERATOR)
        self._mine: list[tuple[Actor, int]] = []
        self._number = 0

    def act(self, count: int) -> Counter[str]:
        """Take `count` steps; how often each was taken, and how often each refusal came."""
        outcomes: Counter[str] = Counter()
        for self._number in range(count):
            step = self._chance.choices(list(STEPS), list(STEPS.values()))[0]
            if step in {"reply", "vote"} and not self._ids("published"):
                step = "decide"
            if step == "decide" and not self._ids("held", "published"):
                step = "post"
            if step in {"edit", "withdraw"} and not self._mine:
                step = "post"
            try:
                getattr(self, f"_{step}")()
                outcomes[step] += 1
            except Refusal as refusal:
                outcomes[refusal.code.value] += 1
        return outcomes

    def _ids(self, *statuses: str) -> list[int]:
        return list(Comment.objects.filter(status__in=statuses).order_by("-id").values_list("id", flat=True)[:8])

    def _newcomer(self) -> Actor:
        name = f"{self._seed}-{self._number}"
        return Actor(site_id=self._site.id, new_device_token=name.ljust(43, "x"), network_digest=name)

    def _post(self, parent_id: int | None = None) -> None:
        posted = post_comment(
            actor=self._newcomer(),
            site=self._site,
            story_key=self._key,
            story_url="",
            text=f"Remarque {self._seed} numéro {self._number}, posée calmement.",
            author_name=f"Lectrice {self._number}",
            parent_id=parent_id,
            now=self._now,
        )
        self._mine.append((Actor(site_id=self._site.id, device_id=posted.device_id), posted.own.comment.id))

    def _reply(self) -> None:
        self._post(self._chance.choice(self._ids("published")))

    def _vote(self) -> None:
        voter = self._mine[0][0] if self._mine and self._chance.random() < 0.5 else self._newcomer()
        comment_id = self._chance.choice(self._ids("published"))
        cast_vote(
            actor=voter,
            site=self._site,
            comment_id=comment_id,
            value=self._chance.choice((1, 1, -1, 0)),
            now=self._now,
        )

    def _edit(self) -> None:
        author, comment_id = self._chance.choice(self._mine)
        text = f"Mieux dit, {self._number}."
        edit_comment(actor=author, site=self._site, comment_id=comment_id, text=text, now=self._now)

    def _withdraw(self) -> None:
        author, comment_id = self._chance.choice(self._mine)
        withdraw_comment(actor=author, site=self._site, comment_id=comment_id, now=self._now)

    def _decide(self) -> None:
        """Publish what waits; when nothing does, take something back for another look."""
        held = self._ids("held")
        decide_comment(
            actor=self._moderator,
            site=self._site,
            comment_id=self._chance.choice(held or self._ids("published")),
            move=Move.PUBLISH if held else Move.HOLD,
            now=self._now,
        )
