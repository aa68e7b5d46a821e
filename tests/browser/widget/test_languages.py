"""A plain HTML page of another origin: the whole conversation in all six languages; and what it is without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.widget.conftest import Publisher, Reader
from tests.browser.widget.server import Comity

pytestmark = pytest.mark.browser

WORDS = {
    "fr": ("1 commentaire", "2 commentaires", "Prendre part à la conversation…", "Publier", "Répondre"),
    "en": ("1 comment", "2 comments", "Join the conversation…", "Publish", "Reply"),
    "es": ("1 comentario", "2 comentarios", "Participar en la conversación…", "Publicar", "Responder"),
    "de": ("1 Kommentar", "2 Kommentare", "Mitdiskutieren …", "Veröffentlichen", "Antworten"),
    "he": ("תגובה אחת", "שתי תגובות", "להצטרף לשיחה…", "פרסום", "להשיב"),
    "ar": ("تعليق واحد", "تعليقان", "المشاركة في النقاش…", "نشر", "رد"),
}
"""One comment, two comments, the composer, its button, the link to reply."""


@pytest.mark.parametrize("language", list(WORDS))
def test_a_plain_page_holds_the_whole_conversation(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str, language: str
) -> None:
    one, two, join, publish, reply = WORDS[language]
    comity.post(key, "Un premier commentaire.")
    reader = new_reader(locale=language)
    direction = "rtl" if language in {"he", "ar"} else "ltr"
    plain = (
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8"><title>…</title>'
        f'<link rel="icon" href="data:,"><script src="{comity.base}/embed/comity.js" async></script>'
        f'<comity-thread site="gazette" key="{key}"></comity-thread></html>'
    )
    reader.page.goto(publisher.put(f"/plain-{key}.html", plain))
    heading = reader.page.get_by_role("heading", level=2)
    expect(heading).to_have_text(one)
    assert (
        reader.page.locator("comity-thread .comity").evaluate("node => getComputedStyle(node).direction") == direction
    )
    time = reader.comments().first.locator("time")
    assert not [digit for digit in time.inner_text() if digit.isdigit() and not digit.isascii()]
    reader.page.get_by_text(join).click()
    form = reader.page.locator("comity-thread [data-comity-composer]")
    form.locator("textarea").fill("Un deuxième commentaire.")
    form.locator("[name=author_name]").fill("Béatrice")
    form.get_by_role("button", name=publish, exact=True).click()
    expect(heading).to_have_text(two)
    expect(reader.page.locator("comity-thread [role=status]").first).not_to_be_empty()
    first = reader.comments().filter(has_text="Un premier commentaire")
    first.get_by_role("link", name=reply).click()
    first.locator("textarea").fill("Une réponse.")
    first.locator("[name=author_name]").fill("Béatrice")
    first.get_by_role("button", name=publish, exact=True).click()
    expect(reader.comments()).to_have_count(3)
    reader.vote_up(first)
    expect(reader.page.locator("comity-thread button[aria-pressed=true]").first).to_be_visible()
    first.locator("[data-comity-opens]").first.click()
    expect(reader.page.get_by_role("dialog").get_by_role("radio").first).to_be_visible()
    assert reader.page.get_by_role("dialog").evaluate("node => getComputedStyle(node).direction") == direction
    assert reader.complaints == []


def test_hebrew_and_arabic_stand_at_their_own_side(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str
) -> None:
    parent = comity.post(key, "Un commentaire en français.")["comment"]["id"]
    comity.post(key, "תגובה בעברית, עם מילה française.", name="דוד", parent=parent)
    reader = new_reader()
    page = (
        f'<!doctype html><html lang="he" dir="rtl"><meta charset="utf-8"><link rel="icon" href="data:,">'
        f'<script src="{comity.base}/embed/comity.js" async></script>'
        f'<comity-thread site="gazette" key="{key}"></comity-thread></html>'
    )
    reader.page.goto(publisher.put(f"/rtl-{key}.html", page))
    expect(reader.comments()).to_have_count(2)
    french, hebrew = reader.comments().first, reader.comments().nth(1)

    def left(place: str, comment: int = 0) -> float:
        box = reader.comments().nth(comment).locator(place).first.bounding_box()
        assert box
        return box["x"]

    assert left(".comity-mark") > left(".comity-name"), "the mark stands before the name, which is to its left"
    assert left("[data-comity-reply]") > left("[data-comity-votes]") > left("[data-comity-opens]")
    directions = "node => getComputedStyle(node).direction"
    assert french.locator(".comity-body p").evaluate(directions) == "ltr"
    assert hebrew.locator(".comity-body p").evaluate(directions) == "rtl"
    outer, inner = french.bounding_box(), hebrew.bounding_box()
    assert outer
    assert inner
    assert inner["x"] + inner["width"] < outer["x"] + outer["width"], "replies are indented from the right"
    fold = reader.page.locator("comity-thread details.comity-replies > summary").bounding_box()
    assert fold
    assert fold["x"] >= inner["x"] + inner["width"] - 1, "the line that folds them stands at their right"
    text = reader.open_composer().locator("textarea")
    expect(text).to_have_css("direction", "rtl")
    text.fill("Some English words.")
    expect(text).to_have_css("direction", "ltr")
    width = reader.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert width <= 0


def test_without_scripts_a_frame_shows_the_conversation(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    reader = new_reader(java_script_enabled=False)
    page = (
        f'<comity-thread site="gazette" key="{key}">'
        f'<iframe title="Commentaires" src="{comity.base}/threads/{key}?site=gazette&lang=de"></iframe></comity-thread>'
    )
    reader.page.goto(publisher.put(f"/frame-{key}.html", page))
    frame = reader.page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=2)).to_have_text("1 Kommentar")
    expect(frame.locator("article[data-comment]")).to_have_count(1)
