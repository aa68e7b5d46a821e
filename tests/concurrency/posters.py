"""Readers who post through real HTTP while something goes wrong, each sending again what was not answered.

Each comment comes from a network of its own, by a proxy that the server trusts (`TRUST`), so that no limit holds it up.
As the widget does: the same words with the same key until they are taken. What was answered meanwhile is kept, so that
a test can say what an answer may be.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

__all__ = ["TRUST", "Posters"]

TRUST = {"COMITY_TRUSTED_PROXIES": "127.0.0.0/8"}

PATIENCE = 120.0
PAUSE = 0.02
WORDS = """
    accord aide appel bruit calme carte chemin convoi date effort espoir fin force front heure jour lecteur lettre matin
    mot nord nuit paix parole pays pont porte presse province question raison route semaine soir sud table temps terre
"""


@dataclass
class Posters:
    """So many readers at once, at the story `treve` of the site `gazette`.

    Args:
        address: of the server.
        seed: what they say is drawn from it.
        keep_alive: send one request after the other over one connection; else a connection for each.
    """

    address: str
    count: int = 4
    seed: int = 0
    keep_alive: bool = False
    acknowledged: dict[str, int] = field(default_factory=dict)
    """By its words, the id under which each comment was taken."""
    answers: Counter[str] = field(default_factory=Counter)
    """How often each answer came: its status and code, or the class of what was no answer."""
    faults: list[str] = field(default_factory=list)
    """Answers that nobody should get."""

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._post_on, args=(number,)) for number in range(self.count)]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While this lasts they post; at its end each waits until its last comment is taken."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            for thread in self._threads:
                thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in self._threads), self.answers

    def wait_for_more(self, count: int = 20) -> None:
        """Wait until so many more comments were taken."""
        with self._changed:
            wanted = len(self.acknowledged) + count
            assert self._changed.wait_for(lambda: len(self.acknowledged) >= wanted, PATIENCE), self.answers

    def wait_for_answer(self, answer: str) -> None:
        """Wait until somebody got such an answer again."""
        with self._changed:
            before = self.answers[answer]
            assert self._changed.wait_for(lambda: self.answers[answer] > before, PATIENCE), self.answers

    def _post_on(self, number: int) -> None:
        chance = random.Random(f"{self.seed} {number}")
        with httpx.Client(base_url=self.address, timeout=PATIENCE, trust_env=False) as kept:
            while not self._stopping.is_set():
                words = " ".join(chance.choices(WORDS.split(), k=18)).capitalize() + "."
                key = f"{chance.getrandbits(128):032x}"
                while not self._send(kept if self.keep_alive else None, words, key):
                    self._stopping.wait(PAUSE)

    def _send(self, client: httpx.Client | None, words: str, key: str) -> bool:
        """Send once; whether it was taken."""
        given: dict[str, Any] = {
            "json": {"text": words, "author_name": "Anne"},
            "headers": {
                "Idempotency-Key": key,
                "X-Forwarded-For": ".".join(str(int(key[at : at + 2], 16)) for at in (0, 2, 4, 6)),
            },
        }
        path = "/api/v1/threads/treve/comments?site=gazette"
        try:
            if client is not None:
                answer = client.post(path, **given)
            else:
                answer = httpx.post(f"{self.address}{path}", timeout=PATIENCE, trust_env=False, **given)
        except httpx.TransportError as failure:
            return self._note(type(failure).__name__)
        said = answer.json()
        if answer.status_code in {201, 202}:
            with self._changed:
                self.acknowledged[words] = said["comment"]["id"]
            return self._note("taken") or True
        if answer.status_code != 503 or said["code"] != "service_unavailable":
            self.faults.append(f"{answer.status_code} {answer.text}")
        elif not answer.headers.get("Retry-After", "").isdigit() or not said["detail"]:
            self.faults.append(f"without a word on when to come again: {answer.text}")
        return self._note(f"{answer.status_code} {said['code']}")

    def _note(self, answer: str) -> bool:
        with self._changed:
            self.answers[answer] += 1
            self._changed.notify_all()
        return False
