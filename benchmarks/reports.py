"""How many reports of one comment a second of processor time takes in, from the request to the receipt's address.

    python -m benchmarks.reports [--reports 10000] [--database-url postgres://...]

Four floods of one comment, each of so many posts of the plain form through the whole of Django, limits on: everybody
with an address of their own; the same report from one network over and over; new words each time from one network,
which the limits stop; and notices of illegal content, which are kept word for word. After each, that an honest notice
from elsewhere is still taken in.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic, process_time
from typing import TYPE_CHECKING

from benchmarks.writes import database

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

STORY = "treve"
Form = dict[str, str]
NOTICE = {"reason": "illegal", "reporter_name": "Zoé Témoin", "reporter_email": "zoe@example.org", "good_faith": "1"}


def _address(number: int) -> str:
    """One of so many networks: an IPv4 address of its own /24."""
    return f"{10 + (number >> 16) % 200}.{(number >> 8) % 256}.{number % 256}.7"


FLOODS: dict[str, Callable[[int], tuple[str, Form]]] = {
    "each from a network of its own": lambda n: (_address(n), {"reason": "insult"}),
    "one network, the same words": lambda _: ("192.0.2.7", {"reason": "insult"}),
    "one network, other words": lambda n: ("198.51.100.7", {"reason": "insult", "explanation": f"Report {n}."}),
    "notices of illegal content": lambda n: (
        _address(n),
        {**NOTICE, "explanation": f"This passage accuses without proof, number {n}."},
    ),
}


def _request(comment_id: int, address: str, form: Form) -> HttpRequest:
    from django.test import RequestFactory

    return RequestFactory().post(
        f"/comments/{comment_id}/report?site=gazette",
        form,
        REMOTE_ADDR=address,
        HTTP_HOST="localhost",
        HTTP_ORIGIN="http://localhost",
        HTTP_SEC_FETCH_SITE="same-origin",
    )


def flood(name: str, number: int) -> None:
    """Send one flood and print what it cost."""
    from django.core.handlers.base import BaseHandler

    from comity.actions.comments import post_comment
    from comity.models import Report, ReportCase
    from comity.queries.sites import find_site
    from comity.rules.actors import Actor

    site = find_site(key="gazette", host=None)
    posted = post_comment(
        actor=Actor(site_id=site.id, new_device_token=name.ljust(43, "x"), network_digest=name),
        site=site,
        story_key=STORY,
        story_url="",
        text=f"Un avis courtois sur la route du port et la semaine, vu par {name}.",
        author_name="Lectrice",
        now=datetime.now(UTC),
    )
    comment_id = posted.own.comment.id
    handler = BaseHandler()
    handler.load_middleware()

    def send(address: str, form: Form) -> HttpResponse:
        return handler.get_response(_request(comment_id, address, form))

    make = FLOODS[name]
    send("203.0.113.7", {"reason": "spam"})
    requests = [make(each) for each in range(number)]
    statuses: Counter[int] = Counter()
    began, cpu = monotonic(), process_time()
    for address, form in requests:
        statuses[send(address, form).status_code] += 1
    seconds, cpu = monotonic() - began, process_time() - cpu
    honest = send("203.0.113.99", {**NOTICE, "explanation": "An honest word about this passage."})
    case = ReportCase.objects.get(comment_id=comment_id)
    kept = Report.objects.filter(case=case).count()
    print(
        f"{name:32} {number / cpu:7.0f} reports per second of CPU   {cpu / number * 1000:5.2f} ms each   "
        f"{seconds:6.1f} s   answers {dict(sorted(statuses.items()))}   counted {case.report_count}, kept {kept}   "
        f"honest notice: {honest.status_code}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--database-url", default="", help="measure on this PostgreSQL server instead of on SQLite")
    given = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, ", end="")
    print("PostgreSQL" if given.database_url else f"SQLite {sqlite3.sqlite_version}", f"{given.reports} reports each")
    import multiprocessing

    with database(multiprocessing.get_context("spawn"), given.database_url) as environment:
        os.environ.update(environment)
        import django

        django.setup()
        for name in FLOODS:
            flood(name, given.reports)


if __name__ == "__main__":
    sys.exit(main())
