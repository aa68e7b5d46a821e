"""What everybody reads, from memory: byte for byte what Django says, made once, never another reader's, never old for
long. Django is the real one, on a real database; time is given by hand where it matters."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler

from comity.actions.imports import CommentRecord, import_comments
from comity.actions.moderation import decide_comment
from comity.actions.outbox import _hearers, tell_when_recorded
from comity.actions.readers import add_staff
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.events import StoryEvent
from comity.queries.house_rules import rules_of
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor, StaffRole
from comity.rules.transitions import Move
from comity.stream import reading
from comity.stream.cache import Cache
from comity.stream.freshness.listening import Change
from comity.stream.front import Front
from comity.web.etags import MADE_OF, MadeOf
from tests.front.conftest import Answer, Client, front_of

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOST = {"host": "localhost"}


@pytest.fixture
def site(transactional_db: None) -> SiteShape:
    site = create_site(key="gazette", name="La Gazette", domains=["gazette.example"], hosts=["localhost"])
    save_story(site=site, key="treve", title="Une trêve", body_source="Un texte.", published_at=NOW, now=NOW)
    records = [
        CommentRecord(local_id=str(n), author_name="Anne", text=f"Un commentaire, numéro {n}.", created_at=NOW)
        for n in range(1, 15)
    ]
    import_comments(site=site, story_key="treve", records=records)
    return site


def get(front: Front, path: str, query: str = "", method: str = "GET", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(front, method, path, query.encode(), {**HOST, **named}).get()


def number_of_first(site: SiteShape) -> int:
    from comity.queries.threads import read_thread

    return read_thread(site=site, key="treve", now=NOW).comments[0].id


READS = [
    ("/", ""),
    ("/stories/treve", "lang=en"),
    ("/threads/treve", "sort=oldest"),
    ("/threads/treve", "filter=all&lang=fr"),
    ("/threads/rien", "lang=he"),
    ("/comments/{first}", ""),
    ("/house-rules", "lang=de"),
    ("/embed/thread", "key=treve&site=gazette"),
    ("/embed/thread", "key=treve&since=1"),
    ("/embed/count", "key=treve&key=rien"),
    ("/embed/accent.css", "site=gazette"),
    ("/api/v1/threads/treve", "sort=popular"),
    # and what is refused
    ("/threads/treve", "filter=nonsense"),
    ("/threads/treve", "cursor=nonsense"),
    ("/comments/987654321", "lang=en"),
    ("/stories/unknown", ""),
    ("/embed/thread", "key=a%20b"),
    ("/embed/count", ""),
    ("/api/v1/threads/treve", "sort=nonsense"),
    ("/api/v1/threads/treve", "sort="),
    ("/threads/treve", "site=unknown"),
    ("/threads/treve", "site=gazette&site="),
]


@pytest.mark.parametrize(("path", "query"), READS)
def test_the_front_says_what_django_says(site: SiteShape, path: str, query: str) -> None:
    path = path.format(first=number_of_first(site))
    plain, quick = front_of(WSGIHandler()), front_of(WSGIHandler(), cache=Cache(10_000_000))

    def same(method: str = "GET", **headers: str) -> None:
        expected = get(plain, path, query, method, **headers)
        for _ in range(2):  # made, then from memory
            found = get(quick, path, query, method, **headers)
            assert found.status == expected.status
            assert found.body == expected.body
            assert _comparable(found) == _comparable(expected)

    same()
    same("HEAD")
    same(if_none_match="*")
    etag = get(plain, path, query).headers.get("etag", '"none"')
    same(if_none_match=f'"other", {etag}')
    same(if_none_match='W/"other"')


def _comparable(answer: Answer) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    policy = headers.pop("content-security-policy", "")
    if answer.status == 304:
        headers.pop("content-length", None)  # Django says 0; RFC 9110 would have the length of the whole
    return {**headers, "policy": sorted(policy.split("; "))}  # the library gives its parts in any order


@pytest.mark.parametrize(("path", "query"), READS[:12])
def test_nothing_of_the_reader_s_makes_a_difference(site: SiteShape, path: str, query: str) -> None:
    """Rule 5, held against the view itself: what a reader may carry leaves the answer as it is."""
    path = path.format(first=number_of_first(site))
    front = front_of(WSGIHandler())
    expected = get(front, path, query)
    carried = {
        "cookie": "sessionid=" + "x" * 32 + "; comity_device_1=" + "t" * 43,
        "authorization": "Comity-Device " + "t" * 43,
        "accept_language": "he,ar;q=0.5",
        "origin": "https://gazette.example",
        "referer": "https://gazette.example/une?lang=en",
        "user_agent": "Mozilla/5.0",
        "x_forwarded_for": "203.0.113.9",
        "sec_fetch_site": "same-origin",
        "cache_control": "no-cache",
        "range": "bytes=0-1",
        "accept": "application/json",
    }
    for name, value in carried.items():
        found = get(front, path, query, **{name: value})
        assert (found.status, found.body, _comparable(found)) == (200, expected.body, _comparable(expected)), name


def test_each_compression_holds_the_same_bytes(site: SiteShape) -> None:
    front = front_of(WSGIHandler(), cache=Cache(10_000_000))
    whole = get(front, "/threads/treve")
    packed = get(front, "/threads/treve", accept_encoding="br, gzip")
    zipped = get(front, "/threads/treve", accept_encoding="gzip")
    assert (packed.headers["content-encoding"], zipped.headers["content-encoding"]) == ("br", "gzip")
    assert brotli.decompress(packed.body) == gzip.decompress(zipped.body) == whole.body
    assert {whole.headers["etag"]} == {packed.headers["etag"], zipped.headers["etag"]}
    for each in (whole, packed, zipped):
        assert each.headers["vary"] == "Accept-Encoding"
        assert each.headers["content-length"] == str(len(each.body))


SHOWN = MadeOf(1, ((7, "treve"),))


class Kitchen:
    """Django's place, so that its work can be counted and held back."""

    def __init__(self, *, status: str = "200 OK", made_of: MadeOf | None = SHOWN) -> None:
        self.asked: list[str] = []
        self.open = threading.Event()
        self.open.set()
        self.status = status
        self.made_of = made_of

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(environ["QUERY_STRING"])
        number = len(self.asked)
        assert self.open.wait(20)
        environ[MADE_OF] = self.made_of
        body = b"version %d" % number
        start_response(self.status, [("ETag", f'W/"{number}"'), ("Content-Length", str(len(body)))])
        return [body]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def kept_by(kitchen: Callable[..., Iterable[bytes]], clock: Clock) -> tuple[Front, Cache]:
    cache = Cache(10_000_000, clock=clock)
    front = front_of(kitchen, cache=cache)
    assert front.reads is not None
    front.reads._clock = clock
    return front, cache


CHANGED = Change(story_ids=frozenset({7}))


def test_a_crowd_is_answered_by_one_building(clock: Clock) -> None:
    kitchen = Kitchen()
    front, _ = kept_by(kitchen, clock)
    kitchen.open.clear()

    async def crowd() -> set[bytes]:
        readers = [asyncio.create_task(Client(front, "GET", "/threads/treve", headers=HOST).ask()) for _ in range(50)]
        while not kitchen.asked:
            await asyncio.sleep(0)
        kitchen.open.set()
        return {(await each).body for each in readers}

    assert asyncio.run(crowd()) == {b"version 1"}
    assert len(kitchen.asked) == 1


def test_after_a_write_the_old_is_given_only_while_the_new_is_made_and_never_to_who_may_have_written(
    clock: Clock,
) -> None:
    kitchen = Kitchen()
    front, cache = kept_by(kitchen, clock)

    async def ask(**headers: str) -> bytes:
        return (await Client(front, "GET", "/threads/treve", headers={**HOST, **headers}).ask()).body

    async def story() -> list[bytes]:
        said = [await ask()]
        clock.now += reading.REBUILD_SECONDS / 2
        cache.forget(CHANGED)
        kitchen.open.clear()
        said += [await ask(), await ask()]  # while it is made
        writer = asyncio.create_task(ask(cookie="comity_device_1=x"))
        while len(kitchen.asked) < 2:
            await asyncio.sleep(0)
        assert not writer.done()
        kitchen.open.set()
        said += [await writer, await ask()]
        return said

    assert asyncio.run(story()) == [b"version 1"] * 3 + [b"version 2"] * 2


def test_a_crowd_does_not_wait_for_the_next_version(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(reading, "MOST_WAITING", 3)
    kitchen = Kitchen()
    front, cache = kept_by(kitchen, clock)

    async def crowd() -> list[bytes]:
        await Client(front, "GET", "/threads/treve", headers=HOST).ask()
        clock.now += 1
        cache.forget(CHANGED)
        kitchen.open.clear()
        readers = [asyncio.create_task(Client(front, "GET", "/threads/treve", headers=HOST).ask()) for _ in range(10)]
        while len(kitchen.asked) < 2:
            await asyncio.sleep(0)
        kitchen.open.set()
        return sorted([(await each).body for each in readers])

    assert asyncio.run(crowd()) == [b"version 1"] * 7 + [b"version 2"] * 3


def test_who_comes_long_after_a_write_waits_for_the_new(clock: Clock) -> None:
    kitchen = Kitchen()
    front, cache = kept_by(kitchen, clock)
    assert get(front, "/threads/treve").body == b"version 1"
    clock.now += 1
    cache.forget(CHANGED)
    clock.now += reading.STALE_SECONDS
    assert get(front, "/threads/treve").body == b"version 2"
    clock.now += 3600  # nothing was heard, but stories close by the clock
    assert get(front, "/threads/treve").body == b"version 3"


def test_own_writes_are_seen_before_anybody_has_been_told(clock: Clock) -> None:
    kitchen = Kitchen()
    front, cache = kept_by(kitchen, clock)
    assert get(front, "/threads/treve").body == b"version 1"
    clock.now += 1
    cache.note_written(7)
    assert get(front, "/threads/treve").body == b"version 1"
    assert get(front, "/threads/treve", authorization="Comity-Device x").body == b"version 2"
    assert get(front, "/threads/treve").body == b"version 2"


def test_versions_are_made_at_most_four_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    kitchen = Kitchen()
    cache = Cache(10_000_000)
    front = front_of(kitchen, cache=cache)

    async def storm() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while len(kitchen.asked) < 4:
            cache.forget(CHANGED)
            await Client(front, "GET", "/threads/treve", headers=HOST).ask()
            await asyncio.sleep(0)
        return loop.time() - began

    assert asyncio.run(storm()) >= 3 * reading.REBUILD_SECONDS * 0.99


def test_made_up_parameters_find_the_same_answer(clock: Clock) -> None:
    kitchen = Kitchen()
    front, cache = kept_by(kitchen, clock)
    for query in ("", "utm_source=a", "x=1&y=2", "lang=", "lang=xx", "page=9"):
        assert get(front, "/threads/treve", query).body == b"version 1"
    for query in ("lang=fr&sort=oldest", "sort=oldest&lang=fr-CA", "sort=newest&q=1&sort=oldest&lang=fr"):
        assert get(front, "/threads/treve", query).body == b"version 2"
    assert kitchen.asked == ["", "lang=fr&sort=oldest"]
    assert len(cache) == 2


@pytest.mark.parametrize(
    "status", ["404 Not Found", "410 Gone", "503 Service Unavailable", "500 Internal Server Error"]
)
def test_refusals_are_kept_for_a_second(clock: Clock, status: str) -> None:
    kitchen = Kitchen(status=status, made_of=None)
    front, _ = kept_by(kitchen, clock)
    assert [get(front, "/threads/treve").body for _ in range(3)] == [b"version 1"] * 3
    clock.now += 1.1
    assert get(front, "/threads/treve").body == b"version 1" or len(kitchen.asked) == 2
    clock.now += 1.1
    get(front, "/threads/treve")
    assert len(kitchen.asked) >= 2


def test_the_last_good_answer_stands_while_no_other_can_be_had(clock: Clock) -> None:
    kitchen = Kitchen()
    front, cache = kept_by(kitchen, clock)
    assert get(front, "/threads/treve").body == b"version 1"
    kitchen.status = "503 Service Unavailable"
    clock.now += 1
    cache.forget(CHANGED)
    clock.now += 1
    for _ in range(3):
        answer = get(front, "/threads/treve")
        assert (answer.status, answer.body) == (200, b"version 1")
    assert len(kitchen.asked) == 2  # and it is not asked again at once
    clock.now += reading.FAILED_SECONDS
    assert get(front, "/threads/treve").status == 200
    kitchen.status = "200 OK"
    clock.now += 2
    assert get(front, "/threads/treve").body == b"version 4"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/threads/treve", {}),
        ("OPTIONS", "/embed/thread", {}),
        ("GET", "/threads/treve/mine", {}),
        ("GET", "/threads/treve/search", {}),
        ("GET", "/comments/3/vote", {}),
        ("GET", "/desk", {}),
        ("GET", "/threads/treve", {"content-length": "3"}),
        ("GET", "/nowhere", {}),
    ],
)
def test_what_is_not_for_everybody_is_never_kept(
    clock: Clock, method: str, path: str, headers: Mapping[str, str]
) -> None:
    kitchen = Kitchen()
    front, cache = kept_by(kitchen, clock)
    sent = [{"type": "http.request", "body": b"abc" if headers else b""}]
    for _ in range(2):
        Client(front, method, path, headers={**HOST, **headers}, sent=sent).get()
    assert (len(kitchen.asked), len(cache)) == (2, 0)


def test_hosts_do_not_share(clock: Clock) -> None:
    kitchen = Kitchen()
    front, _ = kept_by(kitchen, clock)
    first = Client(front, "GET", "/threads/treve", headers={"host": "a.example"}).get()
    second = Client(front, "GET", "/threads/treve", headers={"host": "b.example"}).get()
    assert (first.body, second.body) == (b"version 1", b"version 2")


@pytest.fixture
def told() -> Iterator[list[Cache]]:
    caches: list[Cache] = []

    def hear(event: object) -> None:
        if isinstance(event, StoryEvent):
            caches[0].note_written(event.story_id)
            caches[0].forget(Change(story_ids=frozenset({event.story_id})))

    tell_when_recorded(hear)
    yield caches
    _hearers.remove(hear)


def test_a_removal_is_gone_from_every_address(site: SiteShape, told: list[Cache]) -> None:
    staff = add_staff(site=site, username="paul", role=StaffRole.MODERATOR, name="Paul", password="une phrase longue")
    moderator = Actor(site_id=site.id, staff_id=staff.id, staff_role=staff.role, staff_name=staff.name)
    cache = Cache(10_000_000)
    told.append(cache)
    front = front_of(WSGIHandler(), cache=cache)
    first = number_of_first(site)
    places = [
        (f"/comments/{first}", ""),
        *(("/threads/treve", f"sort={sort}") for sort in ("newest", "oldest", "popular")),
        ("/embed/thread", "key=treve"),
        ("/api/v1/threads/treve", ""),
        ("/stories/treve", ""),
    ]
    marks = (f"comment-{first}".encode(), f'"id":{first},'.encode())
    for path, query in places:
        assert any(mark in get(front, path, query).body for mark in marks), path
    assert b"14 commentaires" in get(front, "/embed/count", "key=treve").body
    rule = rules_of(site.id).rules[0].key
    decide_comment(actor=moderator, site=site, comment_id=first, move=Move.REMOVE, rule_key=rule, now=NOW)
    for path, query in places:
        answer = get(front, path, query, cookie="comity_device_1=x")
        assert not any(mark in answer.body for mark in marks), path
    assert b"13 commentaires" in get(front, "/embed/count", "key=treve", cookie="x=y").body


def test_a_server_that_stops_lets_connections_go_and_keeps_its_answers_whole(clock: Clock) -> None:
    kitchen = Kitchen()
    front, _ = kept_by(kitchen, clock)
    before = get(front, "/threads/treve")
    asyncio.run(front.drain(0))
    for _ in range(2):
        answer = Client(front, "GET", "/threads/treve", headers=HOST).get()
        names = [name for name, _ in answer.messages[0]["headers"]]
        assert (answer.body, names.count(b"connection")) == (before.body, 1)
