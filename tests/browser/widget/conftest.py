"""Publishers' pages of another origin, and a reader who opens them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.browser.widget.server import Comity, serve

PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
_numbers = count(1)


@dataclass
class Publisher:
    """A site on `localhost`; its pages are what tests put there."""

    base: str
    pages: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)

    def put(self, path: str, body: str, headers: dict[str, str] | None = None) -> str:
        """Publish a page; its address."""
        self.pages[path] = (headers or {}, body)
        return self.base + path


@pytest.fixture(scope="session")
def comity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comity]:
    yield from serve(tmp_path_factory.mktemp("comity"))


@pytest.fixture(scope="session")
def publisher() -> Iterator[Publisher]:
    pages: dict[str, tuple[dict[str, str], str]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(urlsplit(self.path).path)
            body = found[1].encode() if found else b"nothing here"
            self.send_response(200 if found else 404)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **(found[0] if found else {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Publisher(f"http://localhost:{server.server_address[1]}", pages)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def key() -> str:
    """A story of this test alone."""
    return f"story-{next(_numbers)}"


def page_with(comity: Comity, body: str, *, head: str = "", language: str = "fr", direction: str = "ltr") -> str:
    """A publisher's page with the script and `body`."""
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f'<title>Une trêve</title><link rel="icon" href="data:,">{head}'
        f'<script src="{comity.base}/embed/comity.js" async></script></head>'
        f"<body><main><h1>Une trêve</h1>{body}</main></body></html>"
    )


def element(key: str, more: str = "") -> str:
    return f'<comity-thread site="gazette" key="{key}" lang="fr" {more}></comity-thread>'


def show(reader: Reader, publisher: Publisher, comity: Comity, body: str, **more: str) -> None:
    path = f"/page-{len(publisher.pages)}"
    reader.page.goto(publisher.put(path, page_with(comity, body, **more)))


@dataclass
class Reader:
    """A browser without a past, whose requests and complaints are noted."""

    context: BrowserContext
    page: Page
    requests: list[Request]
    complaints: list[str]

    def asked(self) -> list[str]:
        """Method and path of the requests that left the publisher's page for Comity, in order."""
        return [f"{each.method} {urlsplit(each.url).path}" for each in self.requests if "127.0.0.1" in each.url]

    def thread(self, number: int = 0) -> Locator:
        return self.page.locator("comity-thread").nth(number)

    def comments(self) -> Locator:
        return self.page.locator("comity-thread article[data-comment]")

    def open_composer(self) -> Locator:
        """The form of a new comment, unfolded."""
        composer = self.page.locator("comity-thread [data-comity-composer]")
        if composer.get_attribute("open") is None:
            composer.locator("summary").click()
        return composer

    def write(self, text: str, name: str = "Béatrice") -> None:
        form = self.open_composer()
        form.locator("textarea").fill(text)
        form.locator("[name=author_name]").fill(name)
        form.locator("button[type=submit]").first.click()

    def vote_up(self, comment: Locator | None = None) -> None:
        """Vote for a comment, the first if none is named, and wait until the server has taken it: the page shows it
        before. Where the reader has written, name one of somebody else's."""
        votes = (comment or self.page.locator("comity-thread")).locator("[data-comity-votes] button")
        with self.page.expect_response(lambda answer: answer.request.method == "POST" and "/vote" in answer.url):
            votes.first.click()

    def stored(self) -> dict[str, str]:
        found: dict[str, str] = self.page.evaluate("() => ({...localStorage})")
        return found


@pytest.fixture
def new_reader(chromium: Browser) -> Iterator[Callable[..., Reader]]:
    """Makes readers; options are those of Playwright's contexts."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Reader:
        context = chromium.new_context(**{"locale": "fr-FR", "viewport": {"width": 1000, "height": 900}, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        reader = Reader(context, page, [], [])
        page.on("request", lambda request: reader.requests.append(request))
        page.on("pageerror", lambda error: reader.complaints.append(str(error)))
        page.on("console", lambda said: reader.complaints.append(said.text) if said.type == "error" else None)
        return reader

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def reader(new_reader: Callable[..., Reader]) -> Reader:
    return new_reader()
