"""The documented nginx and Varnish files before a real Comity, with the real programs."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path

import brotli
import httpx
import pytest

from comity.notify.purging import PurgeFailedError, SharedCache, purge
from tests.peers import caches

pytestmark = pytest.mark.peers

THREAD = "/embed/thread?key=treve"


def get(port: int, path: str, **headers: str) -> httpx.Response:
    named = {"accept-encoding": "identity", **{name.replace("_", "-"): value for name, value in headers.items()}}
    with (
        httpx.Client(timeout=30) as client,
        client.stream("GET", f"http://127.0.0.1:{port}{path}", headers=named) as answer,
    ):
        body = b"".join(answer.iter_raw())
    answer.__dict__["raw"] = body
    return answer


def raw(answer: httpx.Response) -> bytes:
    body = answer.__dict__["raw"]
    assert isinstance(body, bytes)
    return body


def whole(answer: httpx.Response) -> bytes:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(answer.headers.get("content-encoding", ""), bytes)
    return bytes(unpack(raw(answer)))


@pytest.fixture(scope="module", params=["nginx", "varnish"])
def ports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """The ports of Comity and of the cache before it."""
    environment = caches.seeded(tmp_path_factory.mktemp("comity"))
    folder = tmp_path_factory.mktemp(request.param)
    with caches.serving(environment) as origin:
        caches.post(origin, "Un premier commentaire.")
        before = (
            caches.nginx(folder, origin)
            if request.param == "nginx"
            else caches.varnish(folder, origin, port=caches.free_port())
        )
        with before as port:
            yield origin, port


def test_each_compression_has_a_copy_of_its_own(ports: tuple[int, int]) -> None:
    origin, port = ports
    expected = raw(get(origin, THREAD))
    for wish, encoding in (("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None), ("br;q=0, gzip", "gzip")):
        answers = [get(port, THREAD, accept_encoding=wish) for _ in range(3)]
        assert {each.headers.get("content-encoding") for each in answers} == {encoding}
        assert {whole(each) for each in answers} == {expected}
        assert answers[-1].headers["x-cache"] == "HIT"
        assert len({each.headers["etag"] for each in answers}) == 1
        assert "surrogate-key" not in answers[0].headers
        assert "accept-encoding" in answers[0].headers["vary"].lower()


def test_addresses_do_not_share_and_who_has_a_version_is_told_so(ports: tuple[int, int]) -> None:
    origin, port = ports
    for path in (
        THREAD,
        f"{THREAD}&lang=en",
        f"{THREAD}&lang=he",
        "/api/v1/threads/treve",
        "/threads/treve?sort=oldest",
    ):
        for _ in range(2):
            answer = get(port, path, accept_encoding="gzip")
            assert whole(answer) == raw(get(origin, path)), path
        etag = answer.headers["etag"]
        unchanged = get(port, path, accept_encoding="gzip", if_none_match=etag)
        assert (unchanged.status_code, raw(unchanged), unchanged.headers["etag"]) == (304, b"", etag)
        assert get(port, path, if_none_match='W/"another"').status_code == 200


def test_who_may_have_written_is_answered_by_comity_and_nobody_s_own_page_is_kept(ports: tuple[int, int]) -> None:
    _, port = ports
    get(port, THREAD)
    assert get(port, THREAD, cookie="comity_device_1=x").headers["x-cache"] in {"BYPASS", "MISS"}
    for _ in range(2):
        own = get(port, "/threads/treve/mine", cookie="a=b")
        assert own.headers["cache-control"] == "private, no-store"
        assert own.headers["x-cache"] != "HIT"
    number = caches.post(port, "Écrit à travers le cache.")
    assert f"comment-{number}".encode() in raw(get(port, THREAD, cookie="comity_device_1=x"))


def test_live_updates_pass_through(ports: tuple[int, int]) -> None:
    _, port = ports
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET /embed/live?key=treve HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b""
        while b"data: " not in received:
            piece = connection.recv(4096)
            assert piece, received
            received += piece
    assert b"text/event-stream" in received


@pytest.mark.parametrize("kind", ["xkey", "ban"])
def test_varnish_forgets_what_comity_says(kind: str, tmp_path: Path) -> None:
    """Kept for a minute, and gone within seconds of a removal: from permalink, orders, JSON and counts."""
    port = caches.free_port()
    environment = caches.seeded(tmp_path, COMITY_PURGE=f"{kind}+http://127.0.0.1:{port}/")
    with caches.serving(environment) as origin, caches.varnish(tmp_path, origin, port=port):
        number = caches.post(origin, "Un commentaire à retirer.")
        caches.post(origin, "Un autre, qui reste.")
        places = [
            f"/comments/{number}",
            *(f"/threads/treve?sort={sort}" for sort in ("newest", "oldest", "popular")),
            THREAD,
            f"{THREAD}&lang=en",
            "/api/v1/threads/treve",
        ]

        def shows(path: str) -> bool:
            body = raw(get(port, path)).decode()
            return f"comment-{number}" in body or f'"id":{number},' in body

        caches.wait_until(lambda: all(shows(path) for path in places))
        assert "s-maxage=60" in get(port, THREAD).headers["cache-control"]
        caches.wait_until(lambda: "2 commentaires" in raw(get(port, "/embed/count?key=treve")).decode())
        caches.wait_until(lambda: all(get(port, path).headers["x-cache"] == "HIT" for path in places))
        caches.run(environment, caches.REMOVE, str(number))
        caches.wait_until(lambda: not any(shows(path) for path in places), seconds=20)
        caches.wait_until(lambda: "1 commentaire<" in raw(get(port, "/embed/count?key=treve")).decode())
        assert get(port, f"/comments/{number}").status_code == 404


def test_varnish_obeys_comity_s_own_machines_alone(tmp_path: Path) -> None:
    port = caches.free_port()
    environment = caches.seeded(tmp_path)
    with caches.serving(environment) as origin, caches.varnish(tmp_path, origin, port=port, workers="192.0.2.1"):
        for kind in ("xkey", "ban"):
            cache = SharedCache(name="a", kind=kind, is_secure=False, host=f"127.0.0.1:{port}", path="/")
            with pytest.raises(PurgeFailedError, match="403"):
                purge(cache, ["site-1"])
