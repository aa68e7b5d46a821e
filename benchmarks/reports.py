"""How many reports of one comment a second of processor time takes in, from the request to the receipt's address.

    python -m benchmarks.reports [--reports 10000] [--database-url postgres://...] [--write]

Four floods of one comment, each of so many posts of the plain form through the whole of Django, limits on: everybody
with an address of their own; the same report from one network over and over; new words each time from one network,
which the limits stop; and notices of illegal content, which are kept word for word. After each, that an honest notice
from elsewhere is still taken in.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic, process_time
from typing import TYPE_CHECKING

from benchmarks.page import machine, renew
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


def flood(name: str, number: int) -> str:
    """Send one flood; the row of the page that says what it cost."""
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
    answers = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items()))
    return (
        f"| {name} | {number / cpu:,.0f} | {cpu:.0f} | {seconds:.0f} | {answers} | {case.report_count:,}, {kept:,} |"
        f" {'taken in' if honest.status_code in {200, 201, 302, 303} else honest.status_code} |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--database-url", default="", help="measure on this PostgreSQL server instead of on SQLite")
    parser.add_argument("--write", action="store_true", help="renew the section of docs/benchmarks.md")
    given = parser.parse_args()
    import multiprocessing

    with database(multiprocessing.get_context("spawn"), given.database_url) as environment:
        os.environ.update(environment)
        import django

        django.setup()
        rows = []
        for name in FLOODS:
            rows.append(flood(name, given.reports))
            print(rows[-1], flush=True)
    store = "PostgreSQL" if given.database_url else f"SQLite {sqlite3.sqlite_version}"
    section = "\n".join(
        [
            "## Reports",
            "",
            f"`python -m benchmarks.reports --write`. {machine()}, {store}. {given.reports:,} reports of one"
            " comment, each through the whole of Django with limits on, one after another; promised: ten thousand in a"
            " minute, nothing lost, nobody honest shut out.",
            "",
            "| flood | reports per second of processor time | seconds of one core | seconds in all | answers |"
            " counted, kept | an honest notice afterwards |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *rows,
        ]
    )
    if given.write:
        renew("reports", section)


if __name__ == "__main__":
    sys.exit(main())
