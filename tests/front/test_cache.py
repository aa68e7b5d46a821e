"""The cache by itself: what is kept, what a change takes away, what goes when room is short. Time is given by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from comity.stream.cache import ERROR_LIFETIME, LIFETIME, LIST_LIFETIME, Cache, Kept
from comity.stream.finished import IDENTITY, Finished, accepted_encodings
from comity.stream.freshness.listening import Change
from comity.web.etags import MadeOf

STORY = MadeOf(1, ((7, "treve"),))
UNUSED = MadeOf(1, ((None, "rien"),))
HOME = MadeOf(1, lists_stories=True)


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def finished(size: int = 10, status: int = 200) -> Finished:
    return Finished(status, [(b"etag", b'W/"1"'), (b"content-type", b"text/html")], b"x" * size)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> Cache:
    return Cache(1_000_000, clock=clock)


def kept(cache: Cache, name: str, made_of: MadeOf | None = STORY, *, size: int = 10) -> Kept:
    found = Kept((b"localhost", f"/{name}", b""))
    cache.put(found, finished(size), made_of, changes=cache.changes)
    return found


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (Change(story_ids=frozenset({7})), {"treve", "count", "two"}),
        (Change(story_ids=frozenset({8})), {"two", "count"}),
        (Change(story_ids=frozenset({99})), {"unused"}),
        (Change(site_ids=frozenset({1})), {"treve", "two", "count", "unused", "home"}),
        (Change(everything=True), {"treve", "two", "count", "unused", "home"}),
        (Change(), set()),
    ],
)
def test_a_change_takes_away_what_shows_it(cache: Cache, clock: Clock, change: Change, stale: set[str]) -> None:
    entries = {
        "treve": kept(cache, "treve"),
        "two": kept(cache, "two", MadeOf(1, ((7, "treve"), (8, "autre")))),
        "count": kept(cache, "count", MadeOf(1, ((8, "autre"), (7, "treve")))),
        "unused": kept(cache, "unused", UNUSED),
        "home": kept(cache, "home", HOME),
    }
    cache.forget(change)
    assert {name for name, entry in entries.items() if entry.since(clock.now) is not None} == stale


def test_what_was_being_made_when_a_change_came_is_not_taken_for_true(cache: Cache, clock: Clock) -> None:
    for made_of, change in (
        (STORY, Change(story_ids=frozenset({7}))),
        (UNUSED, Change(story_ids=frozenset({55}))),
        (HOME, Change(site_ids=frozenset({1}))),
    ):
        begun = cache.changes
        cache.forget(change)
        late = Kept((b"", "/late", b""))
        cache.put(late, finished(), made_of, changes=begun)
        assert late.since(clock.now) == clock.now
        cache.put(late, finished(), made_of, changes=cache.changes)
        assert late.since(clock.now) is None


@pytest.mark.parametrize(("made_of", "seconds"), [(STORY, LIFETIME), (HOME, LIST_LIFETIME), (None, ERROR_LIFETIME)])
def test_nothing_is_taken_for_true_for_ever(cache: Cache, clock: Clock, made_of: MadeOf | None, seconds: float) -> None:
    entry = kept(cache, "any", made_of)
    until = clock.now + seconds
    clock.now = until - 0.01
    assert entry.since(clock.now) is None
    clock.now = until + 5
    assert entry.since(clock.now) == until


def test_whoever_wrote_is_told_apart_from_everybody(cache: Cache, clock: Clock) -> None:
    entry, other, unused = kept(cache, "a"), kept(cache, "b", MadeOf(1, ((8, "autre"),))), kept(cache, "c", UNUSED)
    cache.note_written(7)
    assert (entry.is_written, other.is_written, entry.since(clock.now)) == (True, False, None)
    cache.note_written(99)
    assert unused.is_written
    cache.put(entry, finished(), STORY, changes=cache.changes)
    assert not entry.is_written


def test_addresses_asked_for_once_drive_out_only_each_other(clock: Clock) -> None:
    cache = Cache(400_000, clock=clock)
    hot = kept(cache, "hot", size=20_000)
    cache.touch(hot, clock.now)
    for number in range(1000):
        kept(cache, f"made-up-{number}", MadeOf(1, ((number + 10, str(number)),)), size=5_000)
        assert cache.bytes <= 400_000
    assert cache.find(hot.key) is hot
    assert len(cache) < 30
    cache.forget(Change(story_ids=frozenset({7})))
    assert hot.stale_since is not None


def test_what_was_asked_for_the_longest_ago_goes_first(clock: Clock) -> None:
    cache = Cache(100_000, clock=clock)
    entries = []
    for number in range(10):
        entries.append(kept(cache, str(number), MadeOf(1, ((number, str(number)),)), size=10_000))
        cache.touch(entries[-1], clock.now)
        cache.touch(entries[0], clock.now)
    assert cache.find(entries[0].key) is entries[0]
    assert cache.find(entries[1].key) is None
    assert cache.find(entries[9].key) is entries[9]


@pytest.mark.parametrize(
    ("header", "encodings"),
    [
        (b"", [IDENTITY]),
        (b"gzip, deflate, br, zstd", [b"br", b"gzip", IDENTITY]),
        (b"gzip", [b"gzip", IDENTITY]),
        (b"GZIP;q=1.0", [b"gzip", IDENTITY]),
        (b"br;q=0, gzip", [b"gzip", IDENTITY]),
        (b"br;q=0.1, gzip;q=0.9", [b"gzip", b"br", IDENTITY]),
        (b"*", [b"br", b"gzip", IDENTITY]),
        (b"*;q=0", [IDENTITY]),
        (b"*, br;q=0", [b"gzip", IDENTITY]),
        (b"br;q=1.2.3, nonsense;;", [IDENTITY]),
        (b"identity", [IDENTITY]),
    ],
)
def test_which_compressions_a_reader_takes(header: bytes, encodings: list[bytes]) -> None:
    assert list(accepted_encodings(header)) == encodings


def test_what_does_not_gain_by_compressing_is_sent_as_it_is() -> None:
    small, error = finished(10), finished(5000, 404)
    for each in (small, error):
        each.compress(b"br")
        start, _ = each.answer(b"br", b"")
        assert b"content-encoding" not in dict(start["headers"])
    large = finished(5000)
    large.compress(b"gzip")
    start, body = large.answer(b"gzip", b"")
    assert dict(start["headers"])[b"content-encoding"] == b"gzip"
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b'W/"1"', 304),
        (b'"1"', 304),
        (b'"0", W/"1" , "2"', 304),
        (b"*", 304),
        (b'W/"2"', 200),
        (b"nonsense", 200),
        (b"", 200),
    ],
)
def test_who_has_this_version_gets_none(asked: bytes, status: int) -> None:
    start, body = finished().answer(IDENTITY, asked)
    assert (start["status"], bool(body["body"])) == (status, status == 200)
    assert (b"content-length" in dict(start["headers"])) is (status == 200)
    wire = finished().wire(IDENTITY, asked)
    assert wire.status_line.startswith(b"HTTP/1.1 %d " % status)
    assert finished(status=404).answer(IDENTITY, asked)[0]["status"] == 404
