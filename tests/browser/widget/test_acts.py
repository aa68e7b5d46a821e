"""What a reader does on purpose: the module that does it, and what opens over the conversation."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.widget.conftest import Publisher, Reader, element, show
from tests.browser.widget.server import Comity

pytestmark = pytest.mark.browser

MODULE = re.compile(r"/embed/acts-[0-9a-f]{12}\.js$")
MODULE_ANYWAY = re.compile(r"/embed/acts-")


def dialog(reader: Reader) -> Locator:
    return reader.page.locator("comity-thread dialog")


def modules(reader: Reader) -> list[Request]:
    return [each for each in reader.requests if MODULE.search(urlsplit(each.url).path)]


def test_who_only_reads_loads_no_more_than_script_and_thread(
    reader: Reader, publisher: Publisher, comity: Comity
) -> None:
    show(reader, publisher, comity, element("long"))
    expect(reader.comments()).to_have_count(10)
    reader.page.locator("comity-thread .comity-body").first.hover()
    reader.page.locator("comity-thread [data-comity-more] a[rel=next]").click()
    expect(reader.comments()).to_have_count(20)
    assert modules(reader) == []


def test_the_module_comes_with_the_first_deed_and_is_kept_for_good(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    show(reader, publisher, comity, element(key))
    expect(reader.page.locator("comity-thread [data-comity-empty]")).to_be_visible()
    with reader.page.expect_response(lambda answer: bool(MODULE.search(urlsplit(answer.url).path))) as loaded:
        reader.page.locator("comity-thread summary").first.focus()
    assert "immutable" in loaded.value.header_value("cache-control")
    assert loaded.value.header_value("content-encoding") in {"br", "gzip"}
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("comity-thread textarea")).to_be_focused()
    assert len(modules(reader)) == 1
    assert reader.complaints == []


def test_a_reader_with_a_token_costs_three_requests(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    reader.vote_up()
    reader.requests.clear()
    reader.page.mouse.move(0, 0)
    reader.page.reload()
    expect(reader.page.locator("comity-thread button[aria-pressed=true]")).to_have_count(1)
    asked = [each for each in reader.asked() if not each.startswith("OPTIONS")]
    assert asked == ["GET /embed/comity.js", "GET /embed/thread", f"GET /threads/{key}/mine"]


def test_a_module_that_does_not_come_leaves_the_plain_page_and_is_asked_for_again(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    number = comity.post(key, "Un premier commentaire.")["comment"]["id"]
    show(reader, publisher, comity, element(key))
    reader.page.route(MODULE_ANYWAY, lambda route: route.abort())
    reader.page.locator("comity-thread summary").first.click()
    error = reader.page.locator("comity-thread .comity-error")
    expect(error).to_contain_text("Le serveur est injoignable.")
    expect(error.get_by_role("link")).to_have_attribute("href", f"{comity.base}/threads/{key}?site=gazette&lang=fr")
    reader.comments().first.get_by_role("link", name="Répondre").click()
    plain = reader.comments().first.locator(".comity-error a")
    expect(plain).to_have_attribute("href", f"{comity.base}/comments/{number}/reply?site=gazette&lang=fr")
    reader.page.unroute(MODULE_ANYWAY)
    reader.write("La connexion est revenue.")
    expect(reader.comments()).to_have_count(2)
    expect(reader.page.locator("comity-thread [data-comity-composer] ~ .comity-error")).to_have_count(0)


def test_a_module_of_another_release_is_not_there(comity: Comity) -> None:
    answer = comity.client.get("/embed/acts-0123456789ab.js")
    assert (answer.status_code, answer.json()["code"]) == (404, "page_unknown")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_reporting_opens_over_the_conversation_and_ends_with_a_receipt(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    reader.open_composer().locator("textarea").fill("Un texte en cours.")
    link = reader.comments().first.get_by_role("link", name="Signaler")
    link.click()
    panel = dialog(reader)
    expect(panel).to_have_accessible_name("Signaler un commentaire")
    expect(panel.get_by_role("heading", level=1)).to_be_focused()
    panel.get_by_label("Il est illicite").check()
    panel.get_by_label("Expliquez").fill("Ce passage accuse sans preuve.")
    panel.get_by_role("button", name="Envoyer le signalement").click()
    expect(panel.locator(".comity-error")).to_have_text("Veuillez confirmer que vous signalez de bonne foi.")
    reader.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(link).to_be_focused()
    link.click()  # what was begun is still there
    expect(panel.get_by_label("Expliquez")).to_have_value("Ce passage accuse sans preuve.")
    panel.get_by_label("Votre nom").fill("Zoé Témoin")
    panel.get_by_label("Votre e-mail").fill("zoe@example.org")
    panel.get_by_label("Je crois de bonne foi").check()
    panel.get_by_role("button", name="Envoyer le signalement").click()
    expect(panel.get_by_role("status")).to_contain_text("Aucune machine ne prend part à la décision.")
    own = panel.get_by_role("link", name="Ouvrir sur une page à part")
    expect(own).to_have_attribute("href", re.compile(rf"^{comity.base}/receipts/"))
    panel.get_by_role("button", name="Fermer").click()
    expect(panel).to_have_count(0)
    expect(reader.open_composer().locator("textarea")).to_have_value("Un texte en cours.")
    assert len(reader.context.pages) == 1
    assert reader.page.url.startswith(publisher.base)


@pytest.mark.parametrize("width", [320, 1000])
def test_a_long_panel_is_closed_from_its_end(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str, width: int
) -> None:
    reader = new_reader(viewport={"width": width, "height": 600})
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key), head='<meta name="viewport" content="width=device-width">')
    link = reader.comments().first.get_by_role("link", name="Signaler")
    link.click()
    panel = reader.page.get_by_role("dialog")
    close = panel.get_by_role("button", name="Fermer")
    at_first = close.bounding_box()
    panel.evaluate("node => node.scrollTo(0, node.scrollHeight)")
    box, at_last = panel.bounding_box(), close.bounding_box()
    assert box
    assert at_first
    assert at_last
    assert at_last["y"] >= box["y"]
    assert abs(at_first["y"] - at_last["y"]) <= 16  # it stays in its corner
    assert panel.evaluate("node => node.scrollWidth <= node.clientWidth")
    close.click()
    expect(panel).to_have_count(0)
    expect(link).to_be_focused()


def test_who_is_named_finds_the_right_of_reply_beside_the_report(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    reader.comments().first.get_by_role("link", name="Signaler").click()
    panel = reader.page.get_by_role("dialog")
    panel.get_by_role("link", name="Droit de réponse").click()
    expect(panel.get_by_role("heading", level=1)).to_have_text("Droit de réponse")
    expect(panel.get_by_role("heading", level=1)).to_be_focused()
    panel.get_by_label("Les propos auxquels vous répondez").fill("Ce que dit le premier commentaire de moi.")
    panel.get_by_label("La réponse dont vous demandez la publication").fill("Ce n’est pas ce que j’ai dit.")
    panel.get_by_label("Votre nom").fill("Zoé Témoin")
    panel.get_by_label("Votre e-mail").fill("zoe@example.org")
    panel.get_by_role("button", name="Envoyer la demande").click()
    expect(panel.get_by_role("status")).to_contain_text("gardez son adresse")
    assert reader.complaints == []


def test_the_house_rules_open_over_what_is_typed(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    show(reader, publisher, comity, element(key))
    reader.open_composer().locator("textarea").fill("Un texte en cours.")
    reader.page.get_by_role("link", name="Règles de la maison").click()
    panel = dialog(reader)
    expect(panel.get_by_role("heading", level=1)).to_have_text("Règles de la maison")
    expect(panel.get_by_text("La rédaction retirera d’office")).to_be_visible()
    reader.page.mouse.click(5, 5)  # beside it
    expect(panel).to_have_count(0)
    expect(reader.open_composer().locator("textarea")).to_have_value("Un texte en cours.")


def marked(page: Page, text: str, start: int, end: int, mark: str) -> str:
    """The text after the row's button, with what is then selected in ‹ ›."""
    field = page.locator("comity-thread textarea")
    field.fill(text)
    field.evaluate("(field, [start, end]) => field.setSelectionRange(start, end)", [start, end])
    page.locator(f"comity-thread [data-mark={mark}]").click()
    expect(field).to_be_focused()
    shown: str = field.evaluate(
        "field => field.value.slice(0, field.selectionStart) + '‹'"
        " + field.value.slice(field.selectionStart, field.selectionEnd) + '›' + field.value.slice(field.selectionEnd)"
    )
    return shown


@pytest.mark.parametrize(
    ("text", "start", "end", "mark", "expected"),
    [
        ("un mot ici", 3, 6, "bold", "un **‹mot›** ici"),
        ("un mot ici", 2, 7, "italic", "un *‹mot›* ici"),  # spaces stay outside
        ("un **mot** ici", 5, 8, "bold", "un ‹mot› ici"),
        ("un **mot** ici", 5, 8, "italic", "un ***‹mot›*** ici"),
        ("un ***mot*** ici", 6, 9, "italic", "un **‹mot›** ici"),
        ("", 0, 0, "bold", "**‹›**"),
        ("un\n\ndeux", 0, 8, "bold", "‹**un**\n\n**deux**›"),
        ("avant\nmilieu\naprès", 7, 9, "quote", "avant\n\n> milieu‹›\n\naprès"),
        ("un\ndeux", 0, 7, "list", "‹- un\n- deux›"),
        ("- un\n- deux", 0, 11, "list", "‹un\ndeux›"),
        ("voir la page", 5, 12, "link", "voir [la page](‹https://›)"),
        ("https://a.example", 0, 17, "link", "[‹›](https://a.example)"),
    ],
)
def test_the_row_of_marks_works_on_what_is_selected(
    marks_page: Page, text: str, start: int, end: int, mark: str, expected: str
) -> None:
    assert marked(marks_page, text, start, end, mark) == expected
    marks_page.keyboard.press("Control+z")
    expect(marks_page.locator("comity-thread textarea")).to_have_value(text)


@pytest.fixture
def marks_page(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> Page:
    show(reader, publisher, comity, element(key))
    reader.open_composer()
    expect(reader.page.locator("comity-thread [data-mark=bold]")).to_be_visible()
    return reader.page


@pytest.mark.parametrize(("language", "ahead", "back"), [("fr", "Right", "Left"), ("he", "Left", "Right")])
def test_the_row_of_marks_is_one_stop_and_arrows_go_along_it(
    new_reader: Callable[..., Reader],
    publisher: Publisher,
    comity: Comity,
    key: str,
    language: str,
    ahead: str,
    back: str,
) -> None:
    reader = new_reader()
    body = f'<comity-thread site="gazette" key="{key}" lang="{language}"></comity-thread>'
    show(reader, publisher, comity, body, language=language, direction="rtl" if language == "he" else "ltr")
    field = reader.open_composer().locator("textarea")
    expect(field).to_be_focused()
    keyboard, at = reader.page.keyboard, reader.page.locator("comity-thread [data-mark]:focus")
    keyboard.press("Shift+Tab")
    expect(at).to_have_attribute("data-mark", "bold")
    keyboard.press(f"Arrow{ahead}")
    expect(at).to_have_attribute("data-mark", "italic")
    keyboard.press("End")
    expect(at).to_have_attribute("data-mark", "link")
    keyboard.press(f"Arrow{ahead}")
    expect(at).to_have_attribute("data-mark", "bold")
    keyboard.press(f"Arrow{back}")
    expect(at).to_have_attribute("data-mark", "link")
    keyboard.press("Tab")
    expect(field).to_be_focused()
    keyboard.press("Control+b")
    expect(field).to_have_value("****")
    toolbar = reader.page.get_by_role("toolbar")
    expect(toolbar.get_by_role("button")).to_have_count(5)
    names = [button.get_attribute("aria-label") for button in toolbar.get_by_role("button").all()]
    assert all(names)
    assert len(set(names)) == 5
