"""What fails around the widget, and what its reader meets: the network, the server, storage, wrong attributes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.widget.conftest import Publisher, Reader, element, show
from tests.browser.widget.server import Comity

pytestmark = pytest.mark.browser


def test_an_element_removed_while_it_loads(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    held: list[Route] = []
    reader.page.route("**/embed/thread*", lambda route: held.append(route))
    with reader.page.expect_request("**/embed/thread*"):
        show(reader, publisher, comity, element(key))
    reader.page.evaluate("() => document.querySelector('comity-thread').remove()")
    assert len(held) == 1
    reader.page.unroute("**/embed/thread*")
    reader.page.evaluate(
        f"() => {{ document.querySelector('main').insertAdjacentHTML('beforeend', `{element(key)}`); }}"
    )
    expect(reader.page.locator("comity-thread [data-comity-empty]")).to_be_visible()
    assert [each for each in reader.complaints if "Failed to load" not in each] == []


def test_a_wrong_site_is_said(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    show(reader, publisher, comity, f'<comity-thread site="nobody" key="{key}" lang="fr" colour="red"></comity-thread>')
    away = reader.page.locator("comity-thread [data-away]")
    expect(away).to_have_attribute("data-away", "site_unknown")
    expect(away.get_by_role("alert")).not_to_be_empty()


def test_no_key_is_said(reader: Reader, publisher: Publisher, comity: Comity) -> None:
    show(reader, publisher, comity, '<comity-thread site="gazette"></comity-thread>')
    expect(reader.page.locator("comity-thread [data-away=key_missing]")).to_be_visible()


def test_a_slow_server_shows_bones_and_a_dead_one_a_way_back(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    held: list[Route] = []
    reader.page.route("**/embed/thread*", lambda route: held.append(route))
    show(reader, publisher, comity, element(key))
    expect(reader.page.locator("comity-thread .comity-bone").first).to_be_visible()
    held.pop().abort()
    away = reader.page.locator("comity-thread [data-away=away]")
    expect(away.get_by_role("alert")).to_have_text("Les commentaires sont inaccessibles pour le moment.")
    reader.page.unroute("**/embed/thread*")
    away.get_by_role("button").click()
    expect(reader.comments()).to_have_count(1)


def test_a_server_that_dies_while_writing_loses_no_text_and_posts_once(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    reader.page.route("**/comments?*", lambda route: lose_the_answer(route) if not lost else route.continue_())
    reader.write("Un texte qui ne se perd pas.")
    form = reader.open_composer()
    expect(form.locator(".comity-problem")).to_contain_text("Votre texte est gardé")
    expect(form.locator("textarea")).to_have_value("Un texte qui ne se perd pas.")
    assert lost == [200]
    form.locator("button[type=submit]").first.click()
    expect(reader.comments().filter(has_text="ne se perd pas")).to_have_count(1)
    thread = comity.client.get(f"/api/v1/threads/{key}", params={"site": "gazette"}).json()
    assert thread["story"]["comment_count"] == 2


def test_blocked_storage_still_knows_its_reader_while_the_page_lives(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    blocked = (
        "<script>Object.defineProperty(window, 'localStorage',"
        " {get() { throw new DOMException('blocked', 'SecurityError'); }})</script>"
    )
    show(reader, publisher, comity, element(key), head=blocked)
    reader.write("Sans aucune mémoire.")
    own = reader.comments().filter(has_text="Sans aucune mémoire")
    own.locator("[data-comity-edit]").click()
    own.locator("textarea").fill("Sans aucune mémoire, mais corrigé.")
    own.locator("form button[type=submit]").first.click()
    expect(reader.comments().filter(has_text="mais corrigé")).to_have_count(1)
    assert reader.complaints == []


@pytest.mark.parametrize("spoken", ["0", "2"], ids=["an older server", "a newer server"])
def test_a_server_of_another_time_is_shown_and_not_touched(
    reader: Reader, publisher: Publisher, comity: Comity, key: str, spoken: str
) -> None:
    comity.post(key, "Un premier commentaire.")

    def of_another_time(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r'data-comity-thread="\d+"', f'data-comity-thread="{spoken}"', answer.text())
        route.fulfill(response=answer, body=body)

    reader.page.route("**/embed/thread*", of_another_time)
    heard = "<script>addEventListener('comity-ready', event => { window.enhanced = event.detail.enhanced; })</script>"
    show(reader, publisher, comity, element(key), head=heard)
    expect(reader.comments()).to_have_count(1)
    assert reader.page.evaluate("() => enhanced") is False
    write = reader.page.locator("comity-thread").get_by_role("link", name="Ouvrir les commentaires")
    expect(write).to_have_attribute("href", f"{comity.base}/threads/{key}?site=gazette&lang=fr")
    expect(reader.page.locator("comity-thread [data-acts]")).to_have_count(0)
    reader.comments().first.locator("[data-comity-reply]").click()
    expect(reader.page).to_have_url(re.compile(f"^{comity.base}/comments/"))
    expect(reader.page.locator("form textarea")).to_be_visible()
    assert not [each for each in reader.asked() if "/acts-" in each]


def test_a_script_of_another_release_than_its_server_leaves_the_plain_pages(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    """It asks for its own module by name: the server has it no more, or not yet."""
    comity.post(key, "Un premier commentaire.")

    def of_another_release(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r"acts-[0-9a-f]{12}\.js", "acts-0123456789ab.js", answer.text())
        route.fulfill(response=answer, body=body)

    reader.page.route("**/embed/comity.js", of_another_release)
    show(reader, publisher, comity, element(key))
    reader.comments().first.locator("[data-comity-reply]").click()
    plain = reader.comments().first.locator(".comity-error a")
    expect(plain).to_be_visible()
    with reader.context.expect_page() as opened:
        plain.click()
    expect(opened.value.locator("form textarea")).to_be_visible()
    expect(reader.comments()).to_have_count(1)


def test_unknown_attributes_make_no_difference(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key, 'colour="red" sort="upwards" theme="sepia" loading="whenever" data-x'))
    expect(reader.comments()).to_have_count(1)
    asked = len(reader.asked())
    reader.page.evaluate("() => document.querySelector('comity-thread').setAttribute('colour', 'blue')")
    reader.page.evaluate("() => document.querySelector('comity-thread').setAttribute('sort', 'sideways')")
    reader.page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")
    expect(reader.comments()).to_have_count(1)
    assert len(reader.asked()) == asked
    assert reader.complaints == []


def test_a_device_without_a_network_keeps_the_text_and_says_so(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    reader.open_composer()
    expect(reader.page.locator("comity-thread [data-mark]").first).to_be_visible()
    reader.context.set_offline(True)
    reader.write("Écrit dans un tunnel.")
    form = reader.open_composer()
    expect(form.get_by_role("alert")).to_contain_text("Votre appareil est hors ligne.")
    expect(form.locator("textarea")).to_have_value("Écrit dans un tunnel.")
    reader.context.set_offline(False)
    form.locator("button[type=submit]").first.click()
    expect(reader.comments()).to_have_count(2)
    expect(reader.page.locator("comity-thread .comity-problem")).to_have_count(0)


def test_it_comes_by_itself_when_the_device_is_online_again(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, f'<p style="block-size:5000px">…</p>{element(key)}')
    reader.page.wait_for_function("() => customElements.get('comity-thread')")
    reader.context.set_offline(True)
    reader.page.locator("comity-thread").scroll_into_view_if_needed()
    expect(reader.page.locator("comity-thread [data-away=away]")).to_be_visible()
    reader.context.set_offline(False)
    expect(reader.comments()).to_have_count(1)
