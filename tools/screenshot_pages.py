"""Comity's own pages in each of their states, brought about as a reader would."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from playwright.sync_api import Page
from screenshot_scene import HELD, LOUD, REFUSED, Scene

__all__ = ["PAGES"]


def _reply_address(scene: Scene, attribute: str = "data-comity-reply") -> str:
    scene.go(f"/threads/{scene.servers.story}?sort=oldest")
    link = scene.page.locator(f"details.comity-replies [{attribute}]").first.get_attribute("href")
    assert link
    return link


def _permalink(scene: Scene) -> None:
    scene.go(f"/threads/{scene.servers.story}")
    link = scene.page.locator("details details a.comity-when").first.get_attribute("href")
    scene.page.goto(f"{scene.servers.base}{link}")


def _reply_page(scene: Scene) -> None:
    scene.page.goto(scene.servers.base + _reply_address(scene))


def _report_page(scene: Scene) -> None:
    scene.page.goto(scene.servers.base + _reply_address(scene, "data-comity-opens"))


def _own(scene: Scene) -> None:
    key = f"scene-{scene.number}"
    scene.go(f"/threads/{key}")
    composer = scene.compose(scene.fresh_words())
    composer.locator("[name=story_url]").fill(f"http://localhost/{key}")
    composer.locator("[name=author_name]").fill("Camille")
    composer.locator(".comity-button-main").click()
    scene.page.locator("[data-comity-posted]").wait_for()
    for text in (HELD, REFUSED):
        scene.go(f"/threads/{key}")
        scene.send(text)
    scene.go(f"/threads/{key}/mine")


def _own_page(name: str) -> Callable[[Scene], None]:
    def bring(scene: Scene) -> None:
        _own(scene)
        link = scene.page.locator(f"[data-comity-{name}]").last.get_attribute("href")
        scene.page.goto(f"{scene.servers.base}{link}")

    return bring


def _reasons_page(scene: Scene) -> None:
    _own(scene)
    link = scene.page.locator("[data-status=removed] [data-comity-opens]").first.get_attribute("href")
    scene.page.goto(f"{scene.servers.base}{link}")


def _post(page: Page, action: str | None) -> None:
    """Send a vote by plain form, and wait for the page that answers."""
    with page.expect_navigation(timeout=60_000):
        page.evaluate(
            "action => { const form = document.body.appendChild(document.createElement('form'));"
            " form.method = 'post'; form.action = action; form.innerHTML = '<input name=value value=1>';"
            " form.submit(); }",
            action,
        )


def _advice(scene: Scene) -> None:
    scene.go(f"/threads/{scene.servers.story}", base=scene.servers.limited)
    composer = scene.compose(f"{LOUD.get(scene.language, 'Gadzooks')} ! {scene.words}")
    composer.locator("[name=author_name]").fill("Camille")
    composer.locator(".comity-button-main").click()
    scene.page.locator("[data-comity-advice]").wait_for()


def _too_many(scene: Scene) -> None:
    """Votes by plain form until the server says it is enough."""
    base = scene.servers.limited
    scene.go(f"/threads/{scene.servers.story}", base=base)
    form = scene.page.locator("[data-comity-votes]").first.get_attribute("action")
    headers = {"Origin": base, "Sec-Fetch-Site": "same-origin"}
    for _ in range(80):
        answer = scene.page.request.post(f"{base}{form}", form={"value": "1"}, headers=headers, max_redirects=0)
        if answer.status == 429:
            break
    _post(scene.page, form)


def _unavailable(scene: Scene) -> None:
    """Another program holds the database, so that nothing can be written."""
    scene.go(f"/threads/{scene.servers.story}")
    form = scene.page.locator("[data-comity-votes]").first.get_attribute("action")
    with closing(sqlite3.connect(scene.servers.data / "comity.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        _post(scene.page, form)
        other.execute("ROLLBACK")


def _too_large(scene: Scene) -> None:
    """More than the front takes."""
    scene.go(f"/threads/{scene.servers.story}")
    with scene.page.expect_navigation(timeout=60_000):
        scene.page.evaluate(
            "() => { const made = document.body.appendChild(document.createElement('form')); made.method = 'post';"
            " const text = made.appendChild(document.createElement('textarea')); text.name = 'text';"
            " text.value = 'x'.repeat(2_000_000); made.submit(); }"
        )


def _page(path: str) -> Callable[[Scene], None]:
    def bring(scene: Scene) -> None:
        scene.go(path.format(story=scene.servers.story, empty=scene.servers.empty))

    return bring


def _print(scene: Scene) -> None:
    scene.go(f"/stories/{scene.servers.story}")
    scene.page.emulate_media(media="print")


PAGES: dict[str, Callable[[Scene], None]] = {
    "home": _page("/"),
    "story": _page("/stories/{story}"),
    "popular": _page("/threads/{story}?sort=popular"),
    "empty": _page("/threads/nobody-wrote-here"),
    "house-rules": _page("/house-rules"),
    "permalink": _permalink,
    "search": _page("/threads/{story}/search?q=accord"),
    "reply": _reply_page,
    "report": _report_page,
    "own": _own,
    "edit": _own_page("edit"),
    "advice": _advice,
    "withdraw": _own_page("withdraw"),
    "reasons": _reasons_page,
    "right-of-reply": _page("/threads/{story}/right-of-reply"),
    "404": _page("/nothing"),
    "429": _too_many,
    "503": _unavailable,
    "413": _too_large,
    "sign-in": _page("/desk/sign-in"),
    "print": _print,
}
"""Name of each picture, and what brings its state about."""
