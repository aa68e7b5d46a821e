"""Axe on what is said when something cannot be done, on advice before posting, and on what comes meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ELSEWHERE, Demo, OpenPage
from tests.browser.test_accessibility import Theme, violations
from tests.browser.test_founding_page import enter_desk, fill_in_rule_that_advises, write

pytestmark = [pytest.mark.browser, pytest.mark.server]

THEMES = [("light", "fr"), ("dark", "fr"), ("light", "he"), ("dark", "ar")]
SEND_VOTE = """action => {
    const form = document.body.appendChild(document.createElement('form'));
    form.method = 'post';
    form.action = action;
    form.innerHTML = '<input name=value value=1>';
    form.submit();
}"""


def votes_of(page: Page, demo: Demo, language: str) -> str:
    """Where the first comment's votes are sent."""
    page.goto(f"{demo.base}/threads/{demo.story}?lang={language}")
    found = page.locator("[data-comity-votes]").first.get_attribute("action")
    assert found
    return found


def refused(page: Page, status: int, language: str) -> None:
    """The page one is on says that something was refused, in this language, and axe finds nothing."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == [], status


@pytest.mark.parametrize(("theme", "language"), THEMES)
def test_too_many_requests(open_page: OpenPage, demo: Demo, theme: Theme, language: str) -> None:
    page: Page = open_page(color_scheme=theme)
    action = votes_of(page, demo, language)
    headers = {"Origin": demo.base, "Sec-Fetch-Site": "same-origin"}
    for _ in range(80):
        answer = page.request.post(f"{demo.base}{action}", form={"value": "1"}, headers=headers, max_redirects=0)
        if answer.status == 429:
            break
    with page.expect_navigation() as sent:
        page.evaluate(SEND_VOTE, action)
    assert sent.value
    assert sent.value.status == 429
    refused(page, 429, language)


@pytest.mark.parametrize(("theme", "language"), THEMES)
def test_unavailable(open_page: OpenPage, demo: Demo, theme: Theme, language: str) -> None:
    """Another program holds the database, so that nothing can be written."""
    page: Page = open_page(color_scheme=theme)
    action = votes_of(page, demo, language)
    database = sqlite3.connect(demo.folder / "data/comity.sqlite3", isolation_level=None)
    with closing(database), page.expect_navigation(timeout=60_000) as sent:
        database.execute("BEGIN IMMEDIATE")
        page.evaluate(SEND_VOTE, action)
        page.wait_for_url("**/vote*", timeout=60_000)
    assert sent.value
    assert sent.value.status == 503
    refused(page, 503, language)


@pytest.mark.parametrize(("theme", "language"), THEMES)
def test_not_here(open_page: OpenPage, demo: Demo, front: str, theme: Theme, language: str) -> None:
    """A process that only shows conversations is asked for more, and an address that leads nowhere."""
    page: Page = open_page(color_scheme=theme)
    for where, status in ((f"/threads/{demo.story}/mine", 421), ("/nulle-part", 404)):
        answer = page.goto(f"{front}{where}?lang={language}")
        assert answer
        assert answer.status == status
        refused(page, status, language)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_name_that_the_server_was_not_told_of(open_page: OpenPage, demo: Demo, theme: Theme) -> None:
    page: Page = open_page(color_scheme=theme)
    answer = page.goto(demo.base.replace("localhost", ELSEWHERE))
    assert answer
    assert answer.status == 421
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_advice_before_posting(open_page: OpenPage, demo: Demo, theme: Theme) -> None:
    desk = open_page()
    enter_desk(desk, demo, "rules/new")
    name, word = f"calme-{theme}", {"light": "sapristi", "dark": "diantre"}[theme]
    fill_in_rule_that_advises(desk, key=name, title=f"Ton calme ({theme})", word=word)
    desk.get_by_label("Pourquoi").fill("Un ton plus calme")
    desk.get_by_role("button", name="Enregistrer la nouvelle version").click()
    expect(desk.get_by_role("status")).to_have_text("La nouvelle version est enregistrée.")
    for scripted in (True, False):
        page: Page = open_page(color_scheme=theme)
        if not scripted:
            page.route("**/built/page.js*", lambda route: route.abort())  # by plain forms; axe itself is a script
        page.goto(f"{demo.base}/threads/{demo.story}")
        write(page, f"{word.capitalize()}, quelle nouvelle !", "Camille")
        expect(page.locator("[data-comity-advice]")).to_be_visible()
        assert violations(page) == [], scripted


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_reply_with_its_row_of_marks(open_page: OpenPage, demo: Demo, theme: Theme) -> None:
    """On a page of its own a text has the row above it too, and its marks work."""
    page: Page = open_page(color_scheme=theme)
    page.goto(f"{demo.base}/threads/{demo.story}")
    number = page.locator("article[data-comment]").first.get_attribute("data-comment")
    page.goto(f"{demo.base}/comments/{number}/reply")
    text = page.get_by_label("Votre réponse")
    text.fill("un mot")
    text.select_text()
    page.get_by_role("toolbar").get_by_role("button", name="Gras").click()
    expect(text).to_have_value("**un mot**")
    expect(text).to_be_focused()
    expect(page.locator(".comity-hint .comity-marks")).to_be_hidden()  # the row says the same
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_comes_meanwhile(open_page: OpenPage, demo: Demo, theme: Theme) -> None:
    page: Page = open_page(color_scheme=theme)
    page.goto(f"{demo.base}/threads/{demo.story}")
    with page.expect_request(lambda request: "/embed/live" in request.url):
        page.mouse.move(200, 200)
        page.mouse.move(300, 300)
    for text in (f"Un mot de plus, un soir {theme}.", f"La photographie est {theme}, et belle.", f"Bonsoir ({theme})."):
        other = open_page(java_script_enabled=False)
        other.goto(f"{demo.base}/threads/{demo.story}")
        write(other, text, "Ada")
        expect(other.locator("[data-comity-posted]")).to_be_visible()
    expect(page.get_by_role("button", name="3 nouveaux commentaires")).to_be_visible()
    assert violations(page) == []
