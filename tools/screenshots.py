"""Pictures of every page, to be looked at: `python tools/screenshots.py [http://localhost:8000 [story key]]`.

Takes each in French, English and Hebrew, on a desktop and a phone, light and dark, into `screenshots/`: from the server
at this address, else from a demo of its own. Needs Playwright and Chromium (`COMITY_CHROMIUM`, else the system's).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = ("fr", "en", "he")
START_SECONDS = 60
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


def story_key(page: Page, base: str) -> str:
    """The story with most comments on the first page."""
    page.goto(base)
    found: str = page.eval_on_selector_all(
        ".comity-stories .comity-line a",
        """links => {
            const count = link => parseInt(link.textContent) || 0;
            const best = links.sort((one, other) => count(other) - count(one))[0];
            return best.pathname.split('/').pop();
        }""",
    )
    return found


def views(key: str) -> Iterator[tuple[str, str]]:
    """Name and address of each page."""
    yield "home", "/"
    yield "story", f"/stories/{key}"
    yield "popular", f"/threads/{key}?sort=popular"
    yield "empty", "/threads/nobody-wrote-here"
    yield "house-rules", "/house-rules"
    yield "missing", "/nothing"
    yield "sign-in", "/desk/sign-in"


def take(browser: Browser, base: str, key: str, folder: Path, size: str, theme: Literal["light", "dark"]) -> int:
    """Take every picture of one size and theme; how many."""
    width, height = SIZES[size]
    taken = 0
    for language in LANGUAGES:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, has_touch=size == "phone"
        )
        page = context.new_page()
        for name, address in views(key):
            page.goto(f"{base}{address}{'&' if '?' in address else '?'}lang={language}")
            page.screenshot(path=folder / f"{name}-{language}-{size}-{theme}.png", full_page=True)
            taken += 1
        page.goto(f"{base}/threads/{key}?lang={language}")
        page.click(".comity-composer > summary")
        page.fill("#root-text", "…")
        page.screenshot(path=folder / f"composer-{language}-{size}-{theme}.png")
        reply = page.get_attribute("[data-comity-reply]", "href")
        page.goto(f"{base}{reply}")
        page.screenshot(path=folder / f"reply-{language}-{size}-{theme}.png", full_page=True)
        taken += 2
        context.close()
    return taken


@contextmanager
def demo() -> Iterator[str]:
    """A demo served for the pictures, on a database that is thrown away; its address."""
    with closing(socket.socket()) as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        server = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "serve", "--demo", "--port", port],
            cwd=folder,
            env={**os.environ, "COMITY_DATA": f"{folder}/data", "PYTHONPATH": str(ROOT / "src")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            base = f"http://localhost:{port}"
            wait_for(base, server)
            yield base
        finally:
            server.terminate()
            server.wait(timeout=15)


def wait_for(base: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers.

    Raises:
        SystemExit: it ended, or does not answer within a minute.
    """
    for _ in range(START_SECONDS * 5):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The demo does not start: try `comity serve --demo`.")


def main(arguments: list[str]) -> int:
    """Take them all."""
    if arguments and urlsplit(arguments[0]).scheme not in {"http", "https"}:
        print(__doc__, file=sys.stderr)
        return 2
    with nullcontext(arguments[0].rstrip("/")) if arguments else demo() as base:
        return take_all(base, arguments[1] if len(arguments) > 1 else None)


def take_all(base: str, key: str | None) -> int:
    """Take them all from one server."""
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("COMITY_CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        page = browser.new_page()
        key = key or story_key(page, base)
        page.close()
        taken = sum(take(browser, base, key, folder, size, theme) for size in SIZES for theme in THEMES)
        browser.close()
    print(f"{taken} pictures in {folder.name}/")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
