"""Axe on the pages of rules, reasons, appeals, reports and right of reply: light and dark, and from right to left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, OpenPage
from tests.browser.test_accessibility import Theme, violations
from tests.browser.test_founding_page import enter_desk, write

pytestmark = [pytest.mark.browser, pytest.mark.server]

THEMES = [("light", "fr"), ("dark", "fr"), ("light", "he"), ("dark", "ar")]
TEXTS = dict(
    zip(
        THEMES,
        (
            "Quel imbécile vous faites.",
            "Franchement, tu n’es qu’un imbécile.",
            "Espèce d’imbécile, va.",
            "Vous êtes un imbécile fini.",
        ),
        strict=True,
    )
)


def in_language(page: Page, language: str) -> None:
    """The page one is on, in another language."""
    mark = "&" if "?" in page.url else "?"
    page.goto(f"{page.url}{mark}lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize(("theme", "language"), THEMES)
def test_reasons_and_the_appeal(open_page: OpenPage, demo: Demo, theme: Theme, language: str) -> None:
    page: Page = open_page(color_scheme=theme, java_script_enabled=True)
    page.goto(f"{demo.base}/stories/{demo.story}")
    write(page, TEXTS[theme, language], "Lecteur")
    expect(page.locator("[data-status=removed]").first).to_be_visible()
    page.goto(f"{demo.base}/threads/{demo.story}/mine")
    assert violations(page) == [], "one's own removed comment"
    address = page.get_by_role("link", name="Lire les motifs").first.get_attribute("href") or ""
    page.goto(f"{demo.base}{address}")
    in_language(page, language)
    assert violations(page) == [], "reasons"
    page.locator("#appeal form button").click()
    expect(page.locator(".comity-error")).to_be_visible()
    assert violations(page) == [], "a refused appeal"
    page.locator("#appeal-text").fill("C’était une citation de la pièce.")
    page.locator("#appeal form button").click()
    expect(page.locator("#appeal [role=status]")).to_be_visible()
    assert violations(page) == [], "the appeal's receipt"


@pytest.mark.parametrize(("theme", "language"), THEMES)
def test_reports_and_right_of_reply(open_page: OpenPage, demo: Demo, theme: Theme, language: str) -> None:
    page: Page = open_page(color_scheme=theme)
    page.goto(f"{demo.base}/stories/{demo.story}")
    number = page.locator("article[data-comment]").nth(3).get_attribute("data-comment")
    page.goto(f"{demo.base}/comments/{number}/report?lang={language}")
    assert violations(page) == [], "a report"
    page.locator("[name=reason][value=illegal]").check()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".comity-error").first).to_be_visible()
    assert violations(page) == [], "a refused report"
    page.locator("[name=explanation]").fill(f"Ce passage accuse sans preuve ({theme}, {language}).")
    page.locator("[name=reporter_name]").fill("Zoé Témoin")
    page.locator("[name=reporter_email]").fill("zoe@example.org")
    page.locator("[name=good_faith]").check()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("[role=status]")).to_be_visible()
    assert violations(page) == [], "the receipt"
    for name in (f"/threads/{demo.story}/right-of-reply", "/house-rules"):
        page.goto(f"{demo.base}{name}?lang={language}")
        assert violations(page) == [], name


@pytest.mark.parametrize(("theme", "language"), [("light", "fr"), ("dark", "fr"), ("light", "he")])
def test_the_newsroom_s_pages(open_page: OpenPage, demo: Demo, theme: Theme, language: str) -> None:
    page: Page = open_page(color_scheme=theme)
    enter_desk(page, demo, "rules/")
    for name in (
        "rules/",
        "rules/of/insult",
        "rules/of/insult/versions",
        "rules/new",
        "rules/import",
        "rules/contacts",
        "marked/",
        "appeals/",
        "reports/",
        "right-of-reply/",
    ):
        page.goto(f"{demo.base}/desk/{name}?lang={language}")
        assert violations(page) == [], name
    page.goto(f"{demo.base}/desk/rules/new?lang={language}")
    page.locator("main form button").first.click()
    expect(page.locator(".comity-error").first).to_be_visible()
    assert violations(page) == [], "a refused rule"


@pytest.mark.parametrize(("theme", "language"), [("light", "fr"), ("dark", "he")])
def test_danger_for_life(open_page: OpenPage, demo: Demo, theme: Theme, language: str) -> None:
    page: Page = open_page(color_scheme=theme)
    page.goto(f"{demo.base}/stories/{demo.story}")
    number = page.locator("article[data-comment]").nth(4).get_attribute("data-comment")
    enter_desk(page, demo, f"comments/{number}/danger?lang={language}")
    assert violations(page) == [], "the form"
    page.locator("main form button").last.click()
    expect(page.locator(".comity-error")).to_be_visible()
    assert violations(page) == [], "a refused form"
    page.locator("#danger-explanation").fill(f"L’auteur annonce un passage à l’acte ({theme}).")
    page.locator("main form button").last.click()
    expect(page.locator("#put-aside")).to_be_visible()
    assert violations(page) == [], "a case of danger"
    why = page.locator("#preserve-why")
    if why.count():  # else the other run has put the same aside
        why.fill("Une vie est peut-être en danger.")
        page.locator("form[action*=preserve] button").click()
    page.locator("form[action*='/told'] button").click()
    expect(page.locator("#told-authority-error")).to_be_visible()
    assert violations(page) == [], "a refused entry"
    page.locator("#told-authority").fill("Police")
    page.locator("form[action*='/told'] button").click()
    expect(page.locator("[role=status]")).to_be_visible()
    with page.expect_download() as taken:
        page.locator("form[action*=export] button").click()
    assert taken.value.suggested_filename.startswith("comity-case-")
    assert violations(page) == [], "with its steps"
