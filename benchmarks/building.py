"""What building a page of a thread costs: run by `benchmarks.reading` in a process of its own; prints JSON."""

from __future__ import annotations

import gc
import gzip
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

from benchmarks.conversation import BLOCK, SITE, story_key

__all__ = ["main"]

REPEATS = 25
ROUNDS = 9


def cost(run: Callable[[], object]) -> float:
    """Milliseconds of processor time; the least of several rounds, since others may be using the machine."""
    for _ in range(5):
        run()
    rounds = []
    for _ in range(ROUNDS):
        began = process_time()
        for _ in range(REPEATS):
            run()
        rounds.append((process_time() - began) / REPEATS * 1000)
    return min(rounds)


def main(counts: list[int]) -> None:
    """Measure with the database that the environment names."""
    import brotli
    import django

    django.setup()
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    from comity.api import answers
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
    for count in counts:
        key = story_key(count)

        def build(key: str = key) -> str:
            own = find_site(key=SITE, host=None)
            thread = read_thread(site=own, key=key, now=datetime.now(UTC))
            notice = sentence(rules_of(own.id), "fr")
            return render_thread(thread, site=own, language="fr", rules_sentence=notice)

        def build_anew(build: Callable[[], str] = build) -> str:
            comments.forget_all()
            return build()

        def ask(path: str) -> bytes:
            request = factory.get(path)
            response = handler.get_response(request)
            assert response.status_code == 200, response.status_code
            response.close()
            return bytes(response.content)

        thread = read_thread(site=site, key=key, now=datetime.now(UTC))
        body = build().encode()
        assert body.count(b"data-comment=") == BLOCK, body.count(b"data-comment=")
        found[str(count)] = {
            "read": cost(lambda key=key: read_thread(site=site, key=key, now=datetime.now(UTC))),  # type: ignore[misc]  # mypy cannot infer it
            "build": cost(build),
            "build_anew": cost(build_anew),
            "request": cost(lambda key=key: ask(f"/embed/thread?site={SITE}&key={key}")),  # type: ignore[misc]  # likewise
            "page": cost(lambda key=key: ask(f"/threads/{key}?site={SITE}")),  # type: ignore[misc]  # likewise
            "json": cost(lambda key=key: ask(f"/api/v1/threads/{key}?site={SITE}")),  # type: ignore[misc]  # likewise
            "encode_json": cost(lambda thread=thread: answers.thread_json(thread)),  # type: ignore[misc]  # likewise
            "brotli": cost(lambda body=body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5)),  # type: ignore[misc]  # likewise
            "gzip": cost(lambda body=body: gzip.compress(body, 6)),  # type: ignore[misc]  # likewise
            "bytes": len(body),
            "bytes_brotli": len(brotli.compress(body, mode=brotli.MODE_TEXT, quality=5)),
            "bytes_gzip": len(gzip.compress(body, 6)),
        }
        gc.collect()
        with open("/proc/self/statm") as statm:  # noqa: PTH123 - a file of the kernel's
            found[str(count)]["resident_megabytes"] = int(statm.read().split()[1]) * 4096 / 2**20
    print(json.dumps(found))


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]])
