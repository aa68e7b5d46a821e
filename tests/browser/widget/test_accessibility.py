"""Axe on every state of the widget, light and dark; the conversation by keyboard alone; what is said aloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import CUT, SPACED, violations
from tests.browser.widget.conftest import Publisher, Reader, element, page_with, show
from tests.browser.widget.server import Comity
from tests.browser.widget.test_live import settle

pytestmark = pytest.mark.browser

HEAD = (
    "<style>html { color-scheme: light dark } body { font-family: Georgia, serif }"
    "@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e6e3dd } }</style>"
)


@pytest.mark.parametrize("language", ["fr", "en", "he"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(
    new_reader: Callable[..., Reader],
    publisher: Publisher,
    comity: Comity,
    key: str,
    theme: Literal["light", "dark"],
    language: str,
) -> None:
    comity.post(key, "Un premier commentaire.")
    reader = new_reader(color_scheme=theme, reduced_motion="reduce")
    body = f'<comity-thread site="gazette" key="{key}" lang="{language}"></comity-thread>'
    direction = "rtl" if language == "he" else "ltr"
    address = publisher.put(f"/axe-{key}", page_with(comity, body, head=HEAD, language=language, direction=direction))
    reader.page.goto(address)
    expect(reader.comments()).to_have_count(1)
    expect(reader.page.locator("comity-thread .comity-dark")).to_have_count(int(theme == "dark"))
    assert violations(reader.page) == [], "the thread"
    reader.write("!", name="")
    expect(reader.page.locator("comity-thread .comity-error").first).to_be_visible()
    assert violations(reader.page) == [], "a refused form"
    form = reader.open_composer()
    form.locator("textarea").fill("Un commentaire assez long.")
    form.locator("[data-comity-preview]").click()
    expect(form.locator("[data-comity-previewed]")).to_be_visible()
    assert violations(reader.page) == [], "a preview"
    form.locator("[name=author_name]").fill("Ada")
    form.locator("button[type=submit]").first.click()
    expect(reader.comments()).to_have_count(2)
    assert violations(reader.page) == [], "a comment just written"
    own = reader.comments().filter(has_text="assez long")
    own.locator("[data-comity-edit]").click()
    expect(own.locator("textarea")).to_be_focused()
    assert violations(reader.page) == [], "an edit"
    own.locator("[data-part=cancel]").click()
    reader.comments().filter(has_text="premier").locator("[data-comity-opens]").click()
    dialog = reader.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=1)).to_be_focused()
    assert violations(reader.page) == [], "a report"
    dialog.locator(".comity-button-main").click()
    expect(dialog.locator(".comity-error").first).to_be_visible()
    assert violations(reader.page) == [], "a refused report"
    reader.page.keyboard.press("Escape")
    own.locator("[data-comity-withdraw]").click()
    expect(own.locator("form[data-comity-confirm]")).to_be_visible()
    assert violations(reader.page) == [], "the question whether to withdraw"
    reader.page.route("**/vote*", lambda route: route.abort())
    reader.page.locator("comity-thread [data-comity-votes] button").first.click()
    expect(reader.page.locator("comity-thread .comity-acts .comity-error")).to_be_visible()
    assert violations(reader.page) == [], "a vote that went back"
    reader.page.route("**/embed/thread*", lambda route: route.abort())
    reader.page.evaluate("() => document.querySelector('comity-thread').setAttribute('key', 'elsewhere')")
    expect(reader.page.locator("comity-thread [data-away]")).to_be_visible()
    assert violations(reader.page) == [], "the server away"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_long_thread_and_its_search(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, theme: Literal["light", "dark"]
) -> None:
    reader = new_reader(color_scheme=theme, reduced_motion="reduce")
    body = '<comity-thread site="gazette" key="long" lang="fr"></comity-thread>'
    reader.page.goto(publisher.put("/axe-long", page_with(comity, body, head=HEAD)))
    expect(reader.comments()).to_have_count(10)
    assert violations(reader.page) == []
    search = reader.page.locator("comity-thread form[role=search]")
    search.get_by_role("searchbox").fill("PREMIER")
    search.get_by_role("searchbox").press("Enter")
    expect(reader.page.locator("comity-thread [data-comity-found] mark")).to_have_text("premier")
    expect(reader.page.locator("comity-thread [data-comity-list]")).to_be_hidden()
    assert violations(reader.page) == [], "what was found"
    search.get_by_role("searchbox").fill("xylophone")
    search.get_by_role("searchbox").press("Enter")
    expect(reader.page.locator("comity-thread [data-comity-found-count]")).to_have_text("0 commentaire trouvé")
    assert violations(reader.page) == [], "nothing was found"
    reader.page.locator("comity-thread [data-comity-leave]").click()
    expect(reader.page.locator("comity-thread [data-comity-list]")).to_be_visible()
    expect(search.get_by_role("searchbox")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_nobody_wrote_in_advice_and_in_what_comes(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str, theme: Literal["light", "dark"]
) -> None:
    reader = new_reader(color_scheme=theme, reduced_motion="reduce")
    show(reader, publisher, comity, element(key), head=HEAD)
    expect(reader.page.locator("comity-thread [data-comity-empty]")).to_be_visible()
    assert violations(reader.page) == [], "an empty conversation"
    reader.write(f"Saperlipopette, quelle journée {theme} !")
    advice = reader.page.locator("comity-thread [data-comity-advice]")
    expect(advice).to_be_focused()
    assert violations(reader.page) == [], "advice before posting"
    advice.get_by_role("button", name="Publier tel quel").click()
    expect(reader.comments()).to_have_count(1)
    reader.page.reload()
    expect(reader.comments()).to_have_count(1)
    settle(reader)
    for text, name in (("Un deuxième.", "Ada"), ("Le troisième, enfin.", "Chloé"), ("Quatre à table.", "Zoé")):
        comity.post(key, text, name=name)
    expect(reader.page.get_by_role("button", name="3 nouveaux commentaires")).to_be_visible()
    assert violations(reader.page) == [], "what came meanwhile"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "he"])
def test_axe_finds_nothing_in_the_panels(
    new_reader: Callable[..., Reader],
    publisher: Publisher,
    comity: Comity,
    key: str,
    theme: Literal["light", "dark"],
    language: str,
) -> None:
    """The house rules, the reasons of a removal, an appeal, a receipt."""
    comity.post(key, "Un premier commentaire.")
    reader = new_reader(color_scheme=theme, reduced_motion="reduce")
    body = f'<comity-thread site="gazette" key="{key}" lang="{language}"></comity-thread>'
    direction = "rtl" if language == "he" else "ltr"
    reader.page.goto(
        publisher.put(f"/panels-{key}", page_with(comity, body, head=HEAD, language=language, direction=direction))
    )
    dialog = reader.page.get_by_role("dialog")
    title = dialog.get_by_role("heading", level=1)
    reader.open_composer().locator(".comity-rules a").click()
    expect(title).to_be_focused()
    assert violations(reader.page) == [], "the house rules"
    reader.page.keyboard.press("Escape")
    reader.write("Tu es un imbécile.")
    removed = reader.page.locator("comity-thread [data-status=removed]")
    removed.locator("[data-comity-opens]").first.click()
    expect(title).to_be_focused()
    assert violations(reader.page) == [], "the reasons"
    dialog.locator("textarea").fill("C’était une citation de la pièce.")
    dialog.locator(".comity-button-main").click()
    expect(dialog.get_by_role("status")).to_be_visible()
    assert violations(reader.page) == [], "an appeal"
    reader.page.keyboard.press("Escape")
    reader.comments().filter(has_text="premier").locator("[data-comity-opens]").click()
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("checkbox").check()
    dialog.locator(".comity-button-main").click()
    expect(dialog.get_by_role("status")).to_be_visible()
    assert violations(reader.page) == [], "a receipt"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, width: int
) -> None:
    for language, direction in (("fr", "ltr"), ("ar", "rtl")):
        reader = new_reader(viewport={"width": width, "height": 700}, has_touch=width < 1000)
        body = f'<comity-thread site="gazette" key="branch" lang="{language}"></comity-thread>'
        address = publisher.put(f"/wide-{language}", page_with(comity, body, language=language, direction=direction))
        reader.page.goto(address)
        expect(reader.comments().first).to_be_visible()
        composer = reader.open_composer()
        expect(composer.locator("[data-mark]").first).to_be_visible()
        assert reader.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
        reader.comments().first.locator("[data-comity-opens]").click()
        box = reader.page.get_by_role("dialog").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [320, 1000])
def test_text_may_be_set_wider(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, width: int
) -> None:
    reader = new_reader(viewport={"width": width, "height": 700})
    show(reader, publisher, comity, element("branch"), head='<meta name="viewport" content="width=device-width">')
    expect(reader.comments().first).to_be_visible()
    expect(reader.open_composer().locator("[data-mark]").first).to_be_visible()
    reader.page.locator("comity-thread").evaluate(
        "(node, text) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);"
        " node.shadowRoot.adoptedStyleSheets.push(sheet); }",
        SPACED,
    )
    assert reader.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    assert reader.page.evaluate(CUT) == []


def test_targets_are_large_where_fingers_press_them(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity
) -> None:
    reader = new_reader(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    show(reader, publisher, comity, element("long"))
    expect(reader.comments()).to_have_count(10)
    expect(reader.open_composer().locator("[data-mark]").first).to_be_visible()
    sizes = reader.page.locator("comity-thread").evaluate(
        """node => [...node.shadowRoot.querySelectorAll('button, summary, input, textarea, a')]
            .filter(each => each.checkVisibility() && !each.closest('.comity-decoy, .comity-rules'))
            .map(each => [each.outerHTML.slice(0, 80), (each.closest('label') ?? each).getBoundingClientRect()])
            .map(([each, box]) => [each, Math.round(box.width), Math.round(box.height)])"""
    )
    assert len(sizes) > 50
    least = {"<summary><span": 24, '<a class="comity-when': 24}
    for each, width, height in sizes:
        limit = next((limit for start, limit in least.items() if each.startswith(start)), 44)
        assert height >= limit, each
        assert width >= min(limit, 24), each


def focused(page: Page) -> str:
    """The name and role of what has the focus inside the widget."""
    name: str = page.evaluate(
        "() => { const at = document.querySelector('comity-thread').shadowRoot.activeElement;"
        " const name = at && (at.getAttribute('aria-label') || at.name || at.innerText || '');"
        " return at ? `${at.localName} ${name.trim()}` : ''; }"
    )
    return name


def test_everything_by_keyboard_in_reading_order(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    comity.post(key, "Un second commentaire.")
    body = f'<comity-thread site="gazette" key="{key}" lang="fr"></comity-thread>'
    reader.page.goto(publisher.put(f"/keys-{key}", page_with(comity, body)))
    expect(reader.comments()).to_have_count(2)
    order = []
    for _ in range(12):
        reader.page.keyboard.press("Tab")
        order.append(focused(reader.page))
    assert [each.split()[0] for each in order[:4]] == ["a", "a", "a", "summary"]
    assert [each.split()[0] for each in order[4:8]] == ["a", "a", "button", "button"]
    reader.page.locator("comity-thread summary").first.focus()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("comity-thread textarea")).to_be_focused()
    outline = reader.page.locator("comity-thread textarea").evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    reader.page.keyboard.type("Écrit au clavier.")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.type("Ada")
    for _ in range(6):
        if focused(reader.page).startswith("button Publier"):
            break
        reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    expect(reader.comments()).to_have_count(3)
    expect(reader.page.locator("comity-thread [role=status]")).to_contain_text("Votre commentaire est publié")
    inside = reader.page.evaluate(
        "() => document.querySelector('comity-thread').shadowRoot.activeElement.innerText.includes('Écrit au clavier')"
    )
    assert inside


def test_names_and_roles_in_the_accessibility_tree(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    comity.post(key, "Un second commentaire.", name="Ada")
    body = f'<comity-thread site="gazette" key="{key}" lang="fr"></comity-thread>'
    reader.page.goto(publisher.put(f"/tree-{key}", page_with(comity, body)))
    thread = reader.page.get_by_role("region", name="2 commentaires")
    expect(thread).to_be_visible()
    expect(thread.get_by_role("navigation")).to_have_count(1)
    expect(thread.get_by_role("article")).to_have_count(2)
    expect(thread.get_by_role("button", name="Voter pour le commentaire de Ada")).to_have_count(1)
    expect(thread.get_by_role("link", name="Répondre à Ada")).to_have_count(1)
