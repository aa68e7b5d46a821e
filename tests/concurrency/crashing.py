"""Rounds of killing: what people ask for is carried out by forks that die, and is then asked for again.

Run in a process prepared for it (`tests.concurrency.newsroom`, order `crash`). Whoever asks behaves as the widget does:
the same request with the same key until it is answered. `tests.concurrency.accounts` says what must stand afterwards.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.handlers.base import BaseHandler
from django.test import RequestFactory

from comity import signals
from comity.actions.moderation import decide_comment
from comity.events import CommentPosted, Event
from comity.models import Decision, EventRecord, Staff, Story
from comity.queries.sites import find_site
from comity.rules.actors import Actor, StaffRole
from comity.rules.refusals import Refusal
from comity.rules.transitions import Move
from comity.screening.types import Outcome
from comity.worker.pump import Pump
from comity.worker.reactions import Spread, reactions_in_force
from tests.concurrency.killing import KILLED, TIMER, Answer, Ending, Points, Table, Victim, leave_database, watched

__all__ = ["KEY", "TARGETS", "Asked", "Trial"]

KEY = "treve"
KINDS = ("post", "reply", "vote", "edit", "withdraw", "hold", "publish")
TAKEN = {200, 201, 202}
LEASE = timedelta(seconds=61)
MANY = 30_000
"""Attempts: each death counts as one, and here the dying is on purpose."""
TARGETS = ("anne", "zoe")
"""Who is written to after each comment."""
WORDS = """
    accord aide appel bruit calme carte chemin convoi date effort espoir fin force front heure jour lecteur lettre matin
    mot nord nuit paix parole pays pont porte presse province question raison route semaine soir sud table temps terre
"""
"""Comments are drawn from these, so that none repeats another and screening lets them pass."""


_WITH_EVIDENCE = 12
"""As many points more are passed where the engine finds something in the words: what it found is stored."""


@dataclass
class Asked:
    """Something that somebody asked for, under a key of its own, until it was acknowledged."""

    kind: str
    number: int
    key: str
    subject: int = 0
    """The comment that is answered, voted on, edited, withdrawn or decided."""
    token: str = ""
    """Of the subject's author."""
    answers: list[Answer] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of a comment; no two are alike."""
        return " ".join(random.Random(self.key).choices(WORDS.split(), k=18)).capitalize() + "."

    @property
    def done(self) -> list[Answer]:
        """The acknowledgements."""
        return [each for each in self.answers if each["status"] in TAKEN]


@dataclass
class Trial:
    """Rounds of killing on this process's database."""

    seed: int
    folder: Path
    late: Callable[[], None] | None = None
    """What careless people do after they have answered; see `tests.concurrency.carelessness`."""
    asked: list[Asked] = field(default_factory=list)
    deaths: Counter[str] = field(default_factory=Counter)
    """By what was done and where it died."""
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._now = datetime.now(UTC)
        self._notes_path = self.folder / f"signals-{self.seed}"
        self._notes = os.open(self._notes_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._neighbours = 0
        self.pump_deaths = 0
        self._site = find_site(key="gazette", host=None)
        self._moderator = Actor(site_id=self._site.id, staff_id=Staff.objects.get().pk, staff_role=StaffRole.MODERATOR)
        self._requests = RequestFactory(SERVER_NAME="localhost")
        self._django = BaseHandler()
        self._django.load_middleware()
        self._listen()
        self._react(None)
        self.first_version = Story.objects.get().version
        self.first_event = EventRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._place = self._published()  # what replies and votes go to
        self._points = {kind: self._count(kind) for kind in KINDS}
        self._react(None)
        self._give_work()
        self._points["pump"] = self._run(self._react).points

    def sweep(self, *, every: int = 1, kinds: Sequence[str] = (), part: float = 1.0) -> None:
        """Die once at each point (at every `every`th, from one drawn from the seed) of each kind of work, in an order
        drawn from the seed.

        Args:
            kinds: of these alone.
            part: from the end, how much of each kind of work.
        """
        chosen = [
            (kind, kill_at)
            for kind, points in self._points.items()
            if not kinds or kind in kinds
            for kill_at in range(
                1 + int(points * (1 - part)) + self._chance.randrange(every), points + 1 + _WITH_EVIDENCE, every
            )
        ]
        self._chance.shuffle(chosen)
        for kind, kill_at in chosen:
            self._kill(kind, kill_at=kill_at)

    def anywhere(self, count: int, *, longest: float = 0.03) -> None:
        """Die `count` times after a time drawn from the seed, at most `longest` seconds, wherever that is."""
        for _ in range(count):
            self._kill(self._chance.choice(list(self._points)), within=self._chance.uniform(0.0005, longest))

    def settle(self) -> None:
        """Whoever was not answered asks again with the same key, and so do some who were; then the pump runs to the
        end."""
        for each in self.asked:
            if each.kind in {"hold", "publish"}:
                if not self._is_decided(each):
                    self._answer(each)
            elif not each.done or self._chance.random() < 0.3:
                self._answer(each)
        for _ in range(4):
            self._now += LEASE
            self._react(None)

    def report(self) -> dict[str, Any]:
        """The counts, for who reads them."""
        return {
            "seed": self.seed,
            "deaths": dict(self.deaths),
            "asked": dict(Counter(each.kind for each in self.asked)),
            "neighbours": self._neighbours,
            "points": self._points,
        }

    @property
    def now(self) -> datetime:
        """The pump's time, which each run moves on by a lease."""
        return self._now

    @property
    def reactions(self) -> Table:
        """The table in force, and letters to two people after each comment."""

        def write(event: Event, target: str, now: datetime) -> None:
            assert isinstance(event, CommentPosted)
            self._note(f"{target} {event.comment_id}")

        letters = Spread("write_letters", lambda _: TARGETS, write)
        table = reactions_in_force()
        return {**table, CommentPosted: (*table[CommentPosted], letters)}

    def notes(self) -> Counter[str]:
        """How often the host and each person heard each thing."""
        return Counter(self._notes_path.read_text().splitlines())

    def _note(self, what: str) -> None:
        os.write(self._notes, f"{what}\n".encode())

    def _listen(self) -> None:
        """As a host project does: for as long as its processes live."""

        def heard_posting(*, comment_id: int, **_: Any) -> None:
            self._note(f"posted {comment_id}")

        def heard_decision(*, decision_id: int, **_: Any) -> None:
            self._note(f"decided {decision_id}")

        signals.comment_posted.connect(heard_posting, weak=False)
        signals.comment_decided.connect(heard_decision, weak=False)

    def _new(self, kind: str) -> Asked:
        """Something to ask for; what it is about is made on the spot."""
        subject = None
        if kind in {"reply", "vote"}:
            subject = self._place
        elif kind != "post":
            subject = self._published()
        if kind == "publish":
            assert subject is not None
            held = self._ask("hold", subject)
            assert self._answer(held)["status"] == 200
        return self._ask(kind, subject)

    def _ask(self, kind: str, about: Asked | None) -> Asked:
        number = len(self.asked)
        asked = Asked(kind, number, f"{self.seed:06}-{number:06}-{'k' * 32}")
        if about is not None:
            asked.subject, asked.token = about.done[0]["id"], about.done[0]["token"]
        self.asked.append(asked)
        return asked

    def _published(self) -> Asked:
        """A new comment that screening lets pass."""
        for _ in range(20):
            asked = self._ask("post", None)
            if self._answer(asked)["status"] == 201:
                return asked
        raise AssertionError("nothing is published")

    def _give_work(self) -> None:
        """One of each event that reactions follow."""
        self._answer(self._new("hold"))

    def _answer(self, asked: Asked) -> Answer:
        answer = self._carry_out(asked)
        if self.late is not None:
            self.late()
        asked.answers.append(answer)
        return answer

    def _count(self, kind: str) -> int:
        asked = self._new(kind)
        ending = self._run(lambda _: self._carry_out(asked))
        assert ending.answer is not None
        asked.answers.append(ending.answer)
        return ending.points

    def _run(self, work: Callable[[Points], Answer], *, kill_at: int | None = None, within: float = 0.0) -> Ending:
        """Fork, and wait; now and then a neighbour posts meanwhile, whom the death must not hold up."""
        beside = self._ask("post", None) if self._chance.random() < 0.1 else None
        leave_database()
        victim = Victim(work, kill_at=kill_at, within=within, late=self.late)
        neighbour = Victim(lambda _: self._carry_out(beside), late=self.late) if beside is not None else None
        ending = victim.end()
        if neighbour is not None and beside is not None:
            self._neighbours += 1
            answer = neighbour.end().answer
            if answer is None or answer["status"] not in TAKEN:
                self.faults.append(f"a neighbour of {ending.place or 'nothing'} was told {answer}")
            else:
                beside.answers.append(answer)
        if ending.status not in {0, KILLED, TIMER}:
            self.faults.append(f"a victim ended by itself with {ending.status}")
        return ending

    def _kill(self, kind: str, *, kill_at: int | None = None, within: float = 0.0) -> None:
        if kind == "pump":
            self._give_work()
            self._now += LEASE
            ending = self._run(self._react, kill_at=kill_at, within=within)
            self.pump_deaths += ending.status != 0
        else:
            asked = self._new(kind)
            ending = self._run(lambda _: self._carry_out(asked), kill_at=kill_at, within=within)
            if ending.answer is not None:
                asked.answers.append(ending.answer)
        if ending.status == 0:
            self.deaths["ended before its death"] += 1
        else:
            self.deaths[f"{kind}: {ending.place or 'anywhere'}"] += 1

    def _carry_out(self, asked: Asked) -> Answer:
        if asked.kind in {"hold", "publish"}:
            return self._decide(asked)
        method, path, headers = "POST", f"/api/v1/threads/{KEY}/comments", {"Idempotency-Key": asked.key}
        body: dict[str, Any] = {"text": asked.text, "author_name": "Anne"}
        if asked.kind == "reply":
            body["parent_id"] = asked.subject
        elif asked.kind == "vote":
            body, path = {"value": 1}, f"/api/v1/comments/{asked.subject}/vote"
        elif asked.kind in {"edit", "withdraw"}:
            headers, path = {"Authorization": f"Comity-Device {asked.token}"}, f"/api/v1/comments/{asked.subject}"
            method, body = ("PATCH", {"text": asked.text}) if asked.kind == "edit" else ("DELETE", {})
        request = self._requests.generic(
            method, path, json.dumps(body) if body else "", "application/json", headers=headers,
            REMOTE_ADDR=f"10.{asked.number >> 8 & 255}.{asked.number & 255}.7",
        )  # fmt: skip
        got = self._django.get_response(request)
        said = json.loads(got.content)
        return {
            "status": got.status_code,
            "id": (said.get("comment") or {}).get("id") or asked.subject,
            "token": said.get("device_token") or "",
            "code": said.get("code", ""),
        }

    def _decide(self, asked: Asked) -> Answer:
        move = Move.HOLD if asked.kind == "hold" else Move.PUBLISH
        try:
            decide_comment(
                actor=self._moderator,
                site=self._site,
                comment_id=asked.subject,
                move=move,
                now=datetime.now(UTC),
            )
        except Refusal as refusal:
            return {"status": 409, "id": asked.subject, "code": refusal.code.value}
        return {"status": 200, "id": asked.subject, "token": ""}

    def _is_decided(self, asked: Asked) -> bool:
        """What a moderator sees who looks whether it was done."""
        outcome = Outcome.HOLD if asked.kind == "hold" else Outcome.PUBLISH
        decided = Decision.objects.filter(actor_kind=Decision.ActorKind.STAFF, comment_id=asked.subject)
        return decided.filter(outcome=outcome.value).exists()

    def _react(self, points: Points | None) -> Answer:
        """Do everything that is due, with the real reactions."""
        table = self.reactions
        pump = Pump(
            table if points is None else watched(table, points),
            upkeep=(),
            clock=lambda: self._now,
            batch=5,
            attempts=MANY,
        )
        while pump.run_once():
            pass
        return {"status": 200}
