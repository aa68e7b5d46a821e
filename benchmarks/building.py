"""What building a page of a thread costs: run by `benchmarks.reading` in a process of its own; prints JSON."""

from __future__ import annotations

import gc
import gzip
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from time import process_time

from benchmarks.conversation import BLOCK, SITE, story_key

__all__ = ["main"]

Key = tuple[int, str]

REPEATS = 10
ROUNDS = 20


def costs(runs: Mapping[Key, Callable[[], object]]) -> dict[Key, float]:
    """Milliseconds of processor time of each: the least of its rounds, taken in turn, since others may be using the
    machine."""
    least = dict.fromkeys(runs, float("inf"))
    for run in runs.values():
        for _ in range(3):
            run()
    for _ in range(ROUNDS):
        for key, run in runs.items():
            began = process_time()
            for _ in range(REPEATS):
                run()
            least[key] = min(least[key], (process_time() - began) / REPEATS * 1000)
    return least


def main(counts: list[int]) -> None:
    """Measure with the database that the environment names."""
    import brotli
    import django

    django.setup()
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    from comity.queries.house_rules import rules_of
    from comity.queries.sites import find_site
    from comity.queries.threads import read_thread
    from comity.screening.house_rules import sentence
    from comity.stream import comments
    from comity.stream.fragments import render_thread

    site = find_site(key=SITE, host=None)
    handler = WSGIHandler()
    factory = RequestFactory(headers={"host": "localhost"})
    found: dict[str, dict[str, float]] = {}
    runs: dict[tuple[int, str], Callable[[], object]] = {}

    def build(key: str) -> str:
        own = find_site(key=SITE, host=None)
        thread = read_thread(site=own, key=key, now=datetime.now(UTC))
        notice = sentence(rules_of(own.id), "fr")
        return render_thread(thread, site=own, language="fr", rules_sentence=notice)

    def build_anew(key: str) -> str:
        comments.forget_all()
        return build(key)

    def ask(path: str) -> bytes:
        response = handler.get_response(factory.get(path))
        assert response.status_code == 200, response.status_code
        response.close()
        return bytes(response.content)

    for count in counts:
        key = story_key(count)
        body = build(key).encode()
        assert body.count(b"data-comment=") == BLOCK, body.count(b"data-comment=")
        runs |= {
            (count, "read"): partial(read_thread, site=site, key=key, now=datetime.now(UTC)),
            (count, "build"): partial(build, key),
            (count, "build_anew"): partial(build_anew, key),
            (count, "request"): partial(ask, f"/embed/thread?site={SITE}&key={key}"),
            (count, "page"): partial(ask, f"/threads/{key}?site={SITE}"),
            (count, "json"): partial(ask, f"/api/v1/threads/{key}?site={SITE}"),
            (count, "brotli"): partial(brotli.compress, body, mode=brotli.MODE_TEXT, quality=5),
            (count, "gzip"): partial(gzip.compress, body, 6),
        }
        for _ in range(200):
            build(key)
        gc.collect()
        with open("/proc/self/statm") as statm:  # noqa: PTH123 - a file of the kernel's
            resident = int(statm.read().split()[1]) * 4096 / 2**20
        found[str(count)] = {
            "bytes": len(body),
            "bytes_brotli": len(brotli.compress(body, mode=brotli.MODE_TEXT, quality=5)),
            "bytes_gzip": len(gzip.compress(body, 6)),
            "resident_megabytes": resident,
        }
    for (count, name), milliseconds in costs(runs).items():
        found[str(count)][name] = milliseconds
    print(json.dumps(found))


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]])
