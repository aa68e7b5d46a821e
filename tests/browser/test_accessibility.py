"""Axe on every page and state, light and dark; and everything by keyboard."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, OpenPage
from tests.browser.test_founding_page import write

pytestmark = [pytest.mark.browser, pytest.mark.server]

Theme = Literal["light", "dark"]
PAGES = (
    "/",
    "/stories/{story}",
    "/stories/{empty}",
    "/threads/{story}?sort=popular",
    "/threads/nobody",
    "/threads/{story}/search",
    "/threads/{story}/search?q=accord",
    "/threads/{story}/search?q=xylophone",
    "/threads/{story}/right-of-reply",
    "/threads/{empty}/mine",
    "/comments/{comment}",
    "/comments/{comment}/reply",
    "/comments/{comment}/report",
    "/house-rules",
    "/nothing",
    "/desk/sign-in",
)


def violations(page: Page) -> list[str]:
    """What axe finds, each with its rule and its place. The size of targets is new in WCAG 2.2 and runs when asked."""
    page.wait_for_load_state()  # a slow machine shows words before their styles
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def pages(page: Page, demo: Demo) -> list[str]:
    """Every reader's page, with a reply's number in its address where it is about a comment."""
    page.goto(f"{demo.base}/threads/{demo.story}")
    reply = page.locator("details details article").first.get_attribute("data-comment")
    return [address.format(story=demo.story, empty=demo.empty, comment=reply) for address in PAGES]


@pytest.mark.parametrize(
    ("theme", "language"), [("light", "fr"), ("dark", "fr"), ("light", "en"), ("dark", "he"), ("light", "ar")]
)
def test_axe_finds_nothing_on_any_page(open_page: OpenPage, demo: Demo, theme: Theme, language: str) -> None:
    page: Page = open_page(color_scheme=theme)
    for where in pages(page, demo):
        page.goto(f"{demo.base}{where}{'&' if '?' in where else '?'}lang={language}")
        assert violations(page) == [], where


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_states_of_writing(open_page: OpenPage, demo: Demo, theme: Theme) -> None:
    page: Page = open_page(color_scheme=theme)
    page.goto(f"{demo.base}/stories/{demo.story}")
    page.get_by_text("Prendre part à la conversation…").click()
    assert violations(page) == [], "the open form"
    page.get_by_role("button", name="Publier").click()
    expect(page.locator(".comity-error")).to_be_visible()
    assert violations(page) == [], "a refused form"
    write(page, f"Un commentaire pour voir, en {theme}.", "Ada")
    expect(page.locator("[data-comity-posted]")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    assert violations(page) == [], "a comment just written"
    page.locator("[data-comity-list] > li > article").nth(1).get_by_role("link", name="Répondre").click()
    expect(page.get_by_label("Votre réponse")).to_be_visible()
    assert violations(page) == [], "a reply's form"
    number = page.locator("[data-comity-posted] > article").get_attribute("data-comment")
    for name in (f"/threads/{demo.story}/mine", f"/comments/{number}/edit", f"/comments/{number}/withdraw"):
        page.goto(f"{demo.base}{name}")
        assert violations(page) == [], name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_desk(open_page: OpenPage, demo: Demo, theme: Theme) -> None:
    page: Page = open_page(color_scheme=theme)
    name, password = demo.accounts["editor"]
    page.goto(f"{demo.base}/desk/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("À relire")
    assert violations(page) == [], "what waits"
    for address in ("/desk/stories", "/desk/stories/new", f"/desk/stories/{demo.story}/edit"):
        page.goto(f"{demo.base}{address}")
        assert violations(page) == [], address


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_decisions_and_refusals(
    open_page: OpenPage, demo: Demo, theme: Theme
) -> None:
    page: Page = open_page(color_scheme=theme)
    page.route("**/built/page.js*", lambda route: route.abort())  # by plain forms; axe itself is a script
    page.goto(f"{demo.base}/stories/{demo.empty}")
    write(page, "Mon pauvre, tu es un imbécile." if theme == "dark" else "Vous, vous êtes un imbécile.", "Un passant")
    expect(page.locator("[data-status=removed]").first).to_be_visible()
    assert violations(page) == [], "one's own comments, one of them removed"
    page.get_by_role("link", name="Lire les motifs").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Motifs du retrait de votre commentaire")
    assert violations(page) == [], "the reasons"
    page.get_by_role("button", name="Envoyer la contestation").click()
    expect(page.locator(".comity-error")).to_be_visible()
    assert violations(page) == [], "a refused appeal"
    page.goto(f"{demo.base}/threads/{demo.story}")
    page.locator("article [data-comity-opens]").last.click()
    page.get_by_role("radio").nth(4).check()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert violations(page) == [], "a receipt"
    page.goto(f"{demo.base}/threads/{demo.story}")
    page.get_by_text("Prendre part à la conversation…").click()
    page.get_by_label("Votre commentaire").fill("é" * 200_000)
    page.get_by_label("Nom", exact=True).fill("Un bavard")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("alert")).to_contain_text("trop")
    assert violations(page) == [], "what the front refuses"
    assert page.locator("body").evaluate("node => getComputedStyle(node).marginTop") == "0px", "with the pages' styles"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, demo: Demo, width: int) -> None:
    page: Page = open_page(viewport={"width": width, "height": 700})
    for where in pages(page, demo):
        for language in ("fr", "he"):
            page.goto(f"{demo.base}{where}{'&' if '?' in where else '?'}lang={language}")
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width, where


SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }"""
CUT = """() => {
    const parts = [document, ...[...document.querySelectorAll('*')].map(each => each.shadowRoot).filter(Boolean)];
    return parts.flatMap(part => [...part.querySelectorAll('p, h1, h2, h3, a, button, label, li, summary, legend')])
        .filter(each => each.checkVisibility() && !each.closest('.comity-unseen, .comity-decoy, .comity-skip'))
        .filter(each => !each.closest('summary')?.parentElement.open)
        .filter(each => ['hidden', 'clip'].includes(getComputedStyle(each).overflowX))
        .filter(each => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
        .map(each => each.outerHTML.slice(0, 120));
}"""
"""What its own box cuts off: text that a reader has set wider must grow out of nothing."""


@pytest.mark.parametrize("width", [320, 1280])
def test_text_may_be_set_wider(open_page: OpenPage, demo: Demo, width: int) -> None:
    """WCAG 1.4.12: spacing set by the reader loses nothing and makes nothing wider than the screen."""
    page: Page = open_page(viewport={"width": width, "height": 700}, bypass_csp=True)
    for where in pages(page, demo):
        page.goto(f"{demo.base}{where}")
        page.add_style_tag(content=SPACED)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, where
        assert page.evaluate(CUT) == [], where


def test_everything_by_keyboard(open_page: OpenPage, demo: Demo) -> None:
    """Reads, opens the form, writes, publishes and votes without a pointer."""
    page: Page = open_page()
    page.goto(f"{demo.base}/stories/{demo.story}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    summary = page.locator(".comity-composer > summary")
    _tab_to(page, ".comity-composer > summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Votre commentaire")).to_be_focused()
    page.keyboard.type("Écrit du seul clavier.")
    page.keyboard.press("Tab")
    page.keyboard.type("Claude")
    _tab_to(page, ".comity-composer button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-comity-posted]")).to_be_focused()
    _tab_to(page, "article:not(.comity-own) [data-comity-votes] button")
    page.keyboard.press("Space")
    expect(page.get_by_role("status").first).to_have_text("Vous avez voté pour ce commentaire.")


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on something that matches; every stop on the way shows where it is."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
    pytest.fail(f"Tab does not lead to {selector}")
