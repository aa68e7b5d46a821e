"""The widget on a publisher's page in each of its states, brought about as a reader would."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from screenshot_scene import HARSH, HELD, REFUSED, WORDS, Scene

__all__ = ["WIDGET"]


def _reading(scene: Scene) -> None:
    scene.host(scene.servers.story)


def _harsh(scene: Scene) -> None:
    scene.host(scene.servers.story, styles=HARSH)


def _empty(scene: Scene) -> None:
    scene.host()


def _composing(scene: Scene) -> None:
    scene.host(scene.servers.story)
    composer = scene.compose(scene.words)
    composer.locator("[name=author_name]").fill("Camille")
    composer.get_by_role("checkbox").check()


def _preview(scene: Scene) -> None:
    scene.host()
    composer = scene.compose(f"> {scene.words}\n\n**{scene.words}**\n\n- 1\n- 2")
    composer.locator("[data-comity-preview]").click()
    composer.locator("[data-comity-previewed]").wait_for()


def _refused(scene: Scene) -> None:
    scene.host()
    scene.send("!", name="")


def _posted(scene: Scene) -> None:
    scene.host()
    scene.send(scene.fresh_words())


def _held(scene: Scene) -> None:
    scene.host()
    scene.send(HELD)


def _removed(scene: Scene) -> None:
    scene.host()
    scene.send(REFUSED)
    scene.page.locator("[data-status=removed]").wait_for()


def _reasons(scene: Scene) -> None:
    _removed(scene)
    scene.open_panel(scene.page.locator("[data-status=removed] [data-comity-opens]").first)


def _reply(scene: Scene) -> None:
    scene.host(scene.servers.story)
    comment = scene.page.locator("[data-comity-list] > li").nth(1).locator("article").first
    comment.locator("[data-comity-reply]").click()
    comment.locator("textarea").fill(scene.words)


def _report(scene: Scene) -> None:
    scene.host(scene.servers.story)
    scene.open_panel(scene.page.locator("article [data-comity-opens]").first)


def _report_refused(scene: Scene) -> None:
    _report(scene)
    scene.page.locator("dialog .comity-button-main").click()
    scene.page.locator("dialog .comity-error").first.wait_for()


def _receipt(scene: Scene) -> None:
    scene.host()
    scene.send(scene.fresh_words())
    scene.page.reload()
    scene.thread.locator("article [data-comity-opens]").first.wait_for()
    dialog = scene.open_panel(scene.page.locator("article [data-comity-opens]").first)
    dialog.locator("input[type=radio]").first.check()
    dialog.get_by_role("checkbox").check()
    dialog.locator(".comity-button-main").click()
    dialog.get_by_role("status").wait_for()


def _rules(scene: Scene) -> None:
    scene.host(scene.servers.story)
    composer = scene.compose()
    scene.open_panel(composer.locator(".comity-rules a"))


def _search(scene: Scene) -> None:
    scene.host(scene.servers.story)
    box = scene.page.get_by_role("searchbox")
    box.fill("accord")
    box.press("Enter")
    scene.page.locator("[data-comity-found]").wait_for()


def _found_nothing(scene: Scene) -> None:
    scene.host(scene.servers.story)
    box = scene.page.get_by_role("searchbox")
    box.fill("xylophone")
    box.press("Enter")
    scene.page.locator("[data-comity-found]").wait_for()


def _offline(scene: Scene) -> None:
    scene.host(scene.servers.story)
    composer = scene.compose(scene.words)
    composer.locator("[name=author_name]").fill("Camille")
    scene.page.context.set_offline(True)
    composer.locator(".comity-button-main").click()
    composer.locator(".comity-problem").wait_for()


def _away(scene: Scene) -> None:
    scene.page.route(re.compile("/embed/thread"), lambda route: route.abort())
    scene.host(waits=False)
    scene.thread.locator("[data-away]").wait_for()


def _slow(scene: Scene) -> None:
    scene.page.route(re.compile("/embed/thread"), lambda route: scene.held.append(route))
    scene.host(waits=False)
    scene.thread.locator(".comity-bone").first.wait_for()


def _vote_back(scene: Scene) -> None:
    scene.host(scene.servers.story)
    scene.page.route(re.compile("/vote"), lambda route: route.abort())
    scene.page.locator("[data-comity-votes] button").first.click()
    scene.page.locator(".comity-acts .comity-error").wait_for()


def _folded(scene: Scene) -> None:
    scene.host(scene.servers.story)
    scene.page.locator("details.comity-replies > summary").first.press("Enter")


def _fresh(scene: Scene) -> None:
    """Three comments come while a reader is here, each unlike what was written before."""
    scene.host(scene.servers.story)
    with scene.page.expect_request(re.compile("/embed/live")):
        scene.page.mouse.move(200, 200)
        scene.page.mouse.move(300, 300)
        scene.page.keyboard.press("Shift")
    address = f"{scene.servers.base}/api/v1/threads/{scene.servers.story}/comments?site=demo"
    words = sorted({word for line in WORDS[scene.language] for word in line.split() if word.isalpha()})
    chance = Random(scene.number)  # noqa: S311 - words for a picture
    for name in ("Ada", "Béatrice", "Chloé"):
        text = f"{' '.join(chance.sample(words, 7))}."
        scene.page.request.post(address, data={"text": text, "author_name": name})
    scene.page.locator("[data-part=fresh]", has_text="3").wait_for()


def _forced(scene: Scene) -> None:
    scene.page.emulate_media(forced_colors="active")
    _composing(scene)


WIDGET: dict[str, Callable[[Scene], None]] = {
    "widget-reading": _reading,
    "widget-harsh": _harsh,
    "widget-empty": _empty,
    "widget-composing": _composing,
    "widget-preview": _preview,
    "widget-refused": _refused,
    "widget-posted": _posted,
    "widget-held": _held,
    "widget-removed": _removed,
    "widget-reasons": _reasons,
    "widget-reply": _reply,
    "widget-report": _report,
    "widget-report-refused": _report_refused,
    "widget-receipt": _receipt,
    "widget-rules": _rules,
    "widget-search": _search,
    "widget-found-nothing": _found_nothing,
    "widget-offline": _offline,
    "widget-away": _away,
    "widget-slow": _slow,
    "widget-vote-back": _vote_back,
    "widget-folded": _folded,
    "widget-fresh": _fresh,
    "widget-forced-colours": _forced,
}
"""Name of each picture, and what brings its state about."""
