"""Pictures of every page, to be looked at: `python tools/screenshots.py http://localhost:8000 [story key]`.

Takes each in French and English, on a desktop and on a phone, light and dark, from a running server, into
`screenshots/`. Needs Playwright and Chromium (`COMITY_CHROMIUM`, else the one of the system).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = ("fr", "en")
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


def main(arguments: list[str]) -> int:
    """Take them all."""
    if not arguments or urlsplit(arguments[0]).scheme not in {"http", "https"}:
        print(__doc__, file=sys.stderr)
        return 2
    base = arguments[0].rstrip("/")
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("COMITY_CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        page = browser.new_page()
        key = arguments[1] if len(arguments) > 1 else story_key(page, base)
        page.close()
        taken = sum(take(browser, base, key, folder, size, theme) for size in SIZES for theme in THEMES)
        browser.close()
    print(f"{taken} pictures in {folder.name}/")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
