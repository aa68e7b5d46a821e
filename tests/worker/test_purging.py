"""Shared caches are told by deliveries of their own, a second later, again and again until they have forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from comity.actions.sites import change_site, create_site
from comity.actions.stories import save_story
from comity.cli.doctor import findings
from comity.models import Delivery, WorkState
from comity.notify.purging import shared_caches
from comity.queries.outbox import backlog
from comity.queries.shapes import SiteShape
from comity.web.etags import story_tag
from comity.worker.pump import Pump
from comity.worker.reactions import REACTIONS, reactions_in_force

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Cache:
    """A cache that notes what it is told, and says yes or no."""

    address: str = ""
    status: int = 200
    told: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def cache() -> Iterator[Cache]:
    found = Cache()

    class Handler(BaseHTTPRequestHandler):
        def _note(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found.told.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PURGE = do_BAN = _note  # noqa: N815 - the library looks for methods of these names

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        found.address = f"http://127.0.0.1:{server.server_port}/purge"
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def site(transactional_db: None) -> SiteShape:
    return create_site(key="gazette", name="La Gazette", domains=["gazette.example"])


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def configure(settings: Settings, *addresses: str, **more: object) -> None:
    settings.COMITY = {**settings.COMITY, "purge": list(addresses), **more}


def work(pump: Pump) -> None:
    while pump.run_once():
        pass


@pytest.mark.parametrize("kind", ["", "json+", "xkey+", "ban+"])
def test_a_cache_is_told_in_its_own_words(site: SiteShape, settings: Settings, cache: Cache, kind: str) -> None:
    configure(settings, f"{kind}{cache.address}", purge_header="Authorization: Bearer secret")
    clock = Clock(datetime.now(UTC) + timedelta(minutes=1))
    save_story(site=site, key="treve", title="Une trêve", body_source="Un texte.", now=NOW)
    pump = Pump(clock=clock, upkeep=())
    work(pump)
    assert not [each for each in cache.told if story_tag(site.id, "treve") in str(each)]  # no process gives the new yet
    clock.now += timedelta(seconds=1)
    work(pump)
    told = [each for each in cache.told if story_tag(site.id, "treve") in f"{each[2]} {each[3]!r}"]
    assert len(told) == 1
    method, path, headers, body = told[0]
    tag = story_tag(site.id, "treve")
    assert (path, headers["authorization"]) == ("/purge", "Bearer secret")
    if kind == "xkey+":
        assert (method, headers["xkey-purge"]) == ("PURGE", f"list-{site.id} {tag}")
    elif kind == "ban+":
        assert (method, headers["xkey-ban"]) == ("BAN", rf"(^|\s)(list-{site.id}|{tag})(\s|$)")
    elif kind == "json+":
        assert (method, body) == ("POST", f'{{"tags": ["list-{site.id}", "{tag}"]}}'.encode())
    else:
        assert (method, headers["surrogate-key"], body) == ("POST", f"list-{site.id} {tag}", b"")


def test_one_that_fails_is_told_again_and_holds_up_no_other(
    site: SiteShape, settings: Settings, cache: Cache, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(settings, cache.address, "http://127.0.0.1:9/")  # nobody listens at the discard port
    clock = Clock(datetime.now(UTC) + timedelta(minutes=1))
    pump = Pump(clock=clock, upkeep=(), attempts=2)
    change_site(key=site.key, settings={"page_size": 5})
    work(pump)
    clock.now += timedelta(seconds=2)
    work(pump)
    assert cache.told
    assert all(headers["surrogate-key"] == f"site-{site.id}" for _, _, headers, _ in cache.told)
    states = set(Delivery.objects.values_list("target", "state"))
    assert states == {(cache.address, WorkState.DONE), ("http://127.0.0.1:9/", WorkState.WAITING)}
    clock.now += timedelta(hours=2)
    work(pump)
    parked = backlog(now=clock.now).parked_work
    assert {(each.reaction, each.failure) for each in parked} == {("purge_shared_caches", "PurgeFailedError")}
    said = {finding.sentence: finding.verdict for finding in findings() if finding.subject == "caches"}
    assert said == {
        f"{cache.address} is told of every change": "ok",
        "http://127.0.0.1:9/ does not forget when told to: ConnectionRefusedError": "wrong",
    }


def test_nothing_follows_where_no_cache_is_named(site: SiteShape, settings: Settings) -> None:
    configure(settings)
    assert reactions_in_force() is REACTIONS
    configure(settings, "http://cache.example/")
    assert reactions_in_force() is not REACTIONS


@pytest.mark.parametrize(
    "address",
    ["cache.example", "ftp://cache.example/", "xkey+cache", "http://user:secret@cache.example/", "http://a b/"],
)
def test_what_is_no_address_is_said_without_repeating_it(settings: Settings, address: str) -> None:
    configure(settings, address)
    with pytest.raises(ImproperlyConfigured, match="operations") as said:
        shared_caches()
    assert address not in str(said.value)
