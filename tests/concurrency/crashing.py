"""Processes that are killed by SIGKILL at one chosen point of their work, and what must stand afterwards.

Run in a process prepared for it (`tests.concurrency.newsroom`, order `crash`): everything is loaded once, then each
victim is a fork, with a connection of its own. A victim counts the points it passes: before and after each statement and
each commit, before and after the request is taken, answered, and each reaction run. At the one it was told, it dies; or
a timer kills it wherever it happens to be, in the middle of SQLite's or libpq's own code too.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.test import Client

from comity import signals
from comity.actions.moderation import decide_comment
from comity.events import CommentDecided, CommentPosted, Event
from comity.models import Comment, Decision, EventRecord, Staff, Story
from comity.queries.sites import find_site
from comity.rules.actors import Actor, StaffRole
from comity.rules.refusals import Refusal
from comity.rules.transitions import Move
from comity.screening.types import Outcome
from comity.worker.pump import Pump
from comity.worker.reactions import Reaction, Spread, reactions_in_force

__all__ = ["KEY", "Asked", "Trial"]

KEY = "treve"
KINDS = ("post", "reply", "vote", "edit", "hold", "publish")
TAKEN = {200, 201, 202}
LEASE = timedelta(seconds=61)
MANY = 30_000
"""Attempts: each death counts as one, and here the dying is on purpose."""
TIMER = -signal.SIGALRM
KILLED = -signal.SIGKILL

Answer = dict[str, Any]


class Points:
    """The points that a victim passes, and the one at which it dies."""

    def __init__(self, telling: int, kill_at: int | None) -> None:
        self._telling = telling
        self._kill_at = kill_at
        self.passed = 0

    def reach(self, place: str) -> None:
        """One more point; the last one, if it is the chosen one."""
        self.passed += 1
        if self.passed == self._kill_at:
            self.tell(at=place)
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, **what: Any) -> None:
        """Say something to whoever watches; what is written to a pipe outlives the writer."""
        os.write(self._telling, json.dumps(what).encode() + b"\n")

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Count every statement and every commit of this process's connection."""
        commit = connection._commit

        def watched_commit() -> None:
            self.reach("before commit")
            commit()
            self.reach("after commit")

        def statement(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
            where = "write" if connection.in_atomic_block else "read"
            self.reach(f"before a statement ({where})")
            done = execute(sql, parameters, many, context)
            self.reach(f"after a statement ({where})")
            return done

        connection._commit = watched_commit
        with connection.execute_wrapper(statement):
            yield


@dataclass
class Ending:
    """What became of a victim."""

    status: int
    """0, or minus the signal that it died of."""
    place: str = ""
    points: int = 0
    answer: Answer | None = None
    """What it had acknowledged before it died."""


class Victim:
    """A fork that does some work, and may be told where to die."""

    def __init__(self, work: Callable[[Points], Answer], *, kill_at: int | None = None, within: float = 0.0) -> None:
        reading, telling = os.pipe()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(reading)
            self._be(Points(telling, kill_at), work, within)
        os.close(telling)
        self._reading = reading

    @staticmethod
    def _be(points: Points, work: Callable[[Points], Answer], within: float) -> None:
        try:
            if within:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, within)
            with points.watch():
                points.reach("before it is taken")
                answer = work(points)
                points.reach("before the answer")
                points.tell(answer=answer)
                points.reach("after the answer")
                points.tell(points=points.passed)
        except BaseException:  # noqa: BLE001 - a fork never goes back into its parent's code
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def end(self) -> Ending:
        """Wait for it."""
        with os.fdopen(self._reading) as told:
            lines = [json.loads(line) for line in told]
        ending = Ending(os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1]))
        for line in lines:
            ending.place = line.get("at", ending.place)
            ending.points = line.get("points", ending.points)
            ending.answer = line.get("answer", ending.answer)
        return ending


@dataclass
class Asked:
    """Something that somebody asked for, under a key of its own, until it was acknowledged."""

    kind: str
    number: int
    subject: int = 0
    """The comment that is answered, voted on, edited or decided."""
    key: str = ""
    answers: list[Answer] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of a comment; no two are alike."""
        return f"Remarque {self.number}, dite calmement et pour elle seule."

    @property
    def done(self) -> list[Answer]:
        """The acknowledgements."""
        return [each for each in self.answers if each["status"] in TAKEN]


@dataclass
class Trial:
    """Rounds of killing on this process's database, and the accounts of them."""

    seed: int
    folder: Path
    asked: list[Asked] = field(default_factory=list)
    deaths: Counter[str] = field(default_factory=Counter)
    """By what was done and where it died."""
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._now = datetime.now(UTC)
        self._notes = self.folder / f"signals-{self.seed}"
        self._notes.touch()
        self._neighbours = 0
        self.pump_deaths = 0
        self.first_version = Story.objects.get().version
        self.first_event = EventRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._site = find_site(key="gazette", host=None)
        staff = Staff.objects.get()
        self._moderator = Actor(site_id=self._site.id, staff_id=staff.pk, staff_role=StaffRole.MODERATOR)
        self._place = self._new("post")
        self._answer(self._place)  # what replies and votes go to; and everything is warm before the first fork
        self._points = {kind: self._count(kind) for kind in KINDS}
        self._pump_points = self._run(lambda points: self._react(points)).points

    def sweep(self, kinds: Iterable[str] = (*KINDS, "pump"), *, every: int = 1) -> None:
        """Die once at each point (at every `every`th, from one drawn from the seed) of each kind of work."""
        for kind in kinds:
            points = self._pump_points if kind == "pump" else self._points[kind]
            for kill_at in range(1 + self._chance.randrange(every), points + 1, every):
                self._kill(kind, kill_at=kill_at)

    def anywhere(self, count: int, kinds: Iterable[str] = (*KINDS, "pump"), *, longest: float = 0.03) -> None:
        """Die `count` times after a time drawn from the seed, at most `longest` seconds, wherever that is."""
        chosen = list(kinds)
        for _ in range(count):
            self._kill(self._chance.choice(chosen), within=self._chance.uniform(0.0005, longest))

    def settle(self) -> None:
        """Whoever asked asks again with the same key; then the pump runs to the end."""
        for each in self.asked:
            if each.kind not in {"hold", "publish"} or not self._is_decided(each):
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
            "faults": self.faults,
        }

    @property
    def now(self) -> datetime:
        """The pump's time, which each run moves on by a lease."""
        return self._now

    def notes(self) -> Counter[str]:
        """How often the host heard each thing."""
        return Counter(self._notes.read_text().splitlines())

    def _new(self, kind: str) -> Asked:
        number = len(self.asked)
        asked = Asked(kind, number, key=f"{self.seed:06}-{number:06}-{'k' * 32}")
        if kind in {"reply", "vote"}:
            asked.subject = self._place.done[0]["id"]
        elif kind != "post":
            asked.subject = self._find_subject(kind)
        self.asked.append(asked)
        return asked

    def _find_subject(self, kind: str) -> int:
        """A comment to which nothing of that kind has happened; a new one when there is none."""
        used = {each.subject for each in self.asked if kind == "publish" or each.kind != "publish"}
        status = "held" if kind == "publish" else "published"
        used -= {each.subject for each in self.asked if each.kind == "hold"} if kind == "publish" else set()
        used |= {each.subject for each in self.asked if each.kind == kind}
        free = Comment.objects.filter(status=status, parent_id=None).exclude(pk__in=used).order_by("pk").first()
        if free is not None:
            return int(free.pk)
        made = self._new("hold" if kind == "publish" else "post")
        answer = self._answer(made)
        return int(answer["id"])

    def _answer(self, asked: Asked) -> Answer:
        answer = self._carry_out(asked, None)
        asked.answers.append(answer)
        return answer

    def _count(self, kind: str) -> int:
        asked = self._new(kind)
        ending = self._run(lambda points: self._carry_out(asked, points))
        assert ending.answer is not None
        asked.answers.append(ending.answer)
        return ending.points

    def _run(self, work: Callable[[Points], Answer], *, kill_at: int | None = None, within: float = 0.0) -> Ending:
        """Fork, and wait; now and then a neighbour posts meanwhile, whom the death must not hold up."""
        beside = self._new("post") if self._chance.random() < 0.1 else None
        leave_database()
        victim = Victim(work, kill_at=kill_at, within=within)
        neighbour = Victim(lambda points: self._carry_out(beside, points)) if beside is not None else None
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
            self._now += LEASE
            ending = self._run(self._react, kill_at=kill_at, within=within)
            self.pump_deaths += ending.status != 0
        else:
            asked = self._new(kind)
            ending = self._run(lambda points: self._carry_out(asked, points), kill_at=kill_at, within=within)
            if ending.answer is not None:
                asked.answers.append(ending.answer)
        if ending.status == 0:
            self.deaths["ended before its death"] += 1
        else:
            self.deaths[f"{kind}: {ending.place or 'anywhere'}"] += 1

    def _carry_out(self, asked: Asked, points: Points | None) -> Answer:
        if asked.kind in {"hold", "publish"}:
            return self._decide(asked)
        body: dict[str, Any] = {"text": asked.text, "author_name": "Anne", "story_url": "https://gazette.example/treve"}
        method, path, headers = "POST", f"/api/v1/threads/{KEY}/comments", {"Idempotency-Key": asked.key}
        if asked.kind == "reply":
            body["parent_id"] = asked.subject
        elif asked.kind == "vote":
            body, path = {"value": 1}, f"/api/v1/comments/{asked.subject}/vote"
        elif asked.kind == "edit":
            author = next(each for each in self.asked if each.done and each.done[0].get("id") == asked.subject)
            headers = {"Authorization": f"Comity-Device {author.done[0]['token']}"}
            body, method, path = {"text": f"{asked.text} Mieux dit."}, "PATCH", f"/api/v1/comments/{asked.subject}"
        got = Client(raise_request_exception=False, SERVER_NAME="localhost").generic(
            method, path, json.dumps(body), "application/json", headers=headers,
            REMOTE_ADDR=f"10.{asked.number >> 8 & 255}.{asked.number & 255}.7",
        )  # fmt: skip
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
        return {"status": 200, "id": asked.subject}

    def _is_decided(self, asked: Asked) -> bool:
        """What a moderator sees who looks whether it was done."""
        outcome = Outcome.HOLD if asked.kind == "hold" else Outcome.PUBLISH
        decided = Decision.objects.filter(actor_kind=Decision.ActorKind.STAFF, comment_id=asked.subject)
        return decided.filter(outcome=outcome.value).exists()

    def _react(self, points: Points | None) -> Answer:
        """Do everything that is due, with the real reactions; a host listens."""
        notes = os.open(self._notes, os.O_WRONLY | os.O_APPEND)

        def heard_posting(*, comment_id: int, **_: Any) -> None:
            os.write(notes, f"posted {comment_id}\n".encode())

        def heard_decision(*, decision_id: int, **_: Any) -> None:
            os.write(notes, f"decided {decision_id}\n".encode())

        signals.comment_posted.connect(heard_posting)
        signals.comment_decided.connect(heard_decision)
        try:
            table = reactions_in_force()
            pump = Pump(
                watched(table, points) if points is not None else table,
                upkeep=(),
                clock=lambda: self._now,
                batch=5,
                attempts=MANY,
            )
            while pump.run_once():
                pass
        finally:
            signals.comment_posted.disconnect(heard_posting)
            signals.comment_decided.disconnect(heard_decision)
            os.close(notes)
        return {"status": 200}


def watched(
    table: Mapping[type[Event], tuple[Reaction | Spread, ...]], points: Points
) -> Mapping[type[Event], tuple[Reaction | Spread, ...]]:
    """The same reactions, with a point before and after each."""

    def around(reaction: Reaction | Spread) -> Reaction | Spread:
        if isinstance(reaction, Spread):
            deliver = reaction.deliver

            def watched_delivery(event: Event, target: str, now: datetime) -> None:
                points.reach(f"before {reaction.name}")
                deliver(event, target, now)
                points.reach(f"after {reaction.name}")

            return Spread(reaction.name, reaction.targets, watched_delivery, reaction.delay)
        run = reaction.run

        def watched_run(event: Event, now: datetime) -> None:
            points.reach(f"before {reaction.name}")
            run(event, now)
            points.reach(f"after {reaction.name}")

        return Reaction(reaction.name, watched_run)

    assert {CommentPosted, CommentDecided} <= set(table)
    return {kind: tuple(around(each) for each in then) for kind, then in table.items()}


def leave_database() -> None:
    """Close every connection: none may be shared with a fork."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()
