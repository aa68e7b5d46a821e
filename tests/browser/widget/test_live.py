"""What comes while the reader is here: told, never forced upon the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.browser.widget.conftest import Publisher, Reader, element, show
from tests.browser.widget.server import Comity
from tests.front.test_server import wait_until

pytestmark = pytest.mark.browser


def settle(reader: Reader) -> None:
    """Do what a reader does who stays, and wait until the connection is open."""
    with reader.page.expect_request(lambda request: "/embed/live" in request.url):
        reader.page.mouse.move(200, 200)
        reader.page.mouse.move(300, 300)


def withdraw(comity: Comity, posted: Any) -> None:
    answer = httpx.delete(
        f"{comity.base}/api/v1/comments/{posted['comment']['id']}",
        params={"site": "gazette"},
        headers={"Authorization": f"Comity-Device {posted['device_token']}"},
    )
    assert answer.status_code == 200, answer.text


def vote(comity: Comity, number: int) -> None:
    answer = httpx.post(
        f"{comity.base}/api/v1/comments/{number}/vote", params={"site": "gazette"}, json={"value": 1}, timeout=60
    )
    assert answer.status_code == 200, answer.text


def test_new_comments_wait_behind_a_button_and_the_page_stays(
    reader: Reader, publisher: Publisher, comity: Comity, key: str, tmp_path: Path
) -> None:
    first = comity.post(key, "Un premier commentaire.")["comment"]["id"]
    show(reader, publisher, comity, element(key))
    expect(reader.comments()).to_have_count(1)
    settle(reader)
    place = reader.comments().first.bounding_box()
    comity.post(key, "Un deuxième commentaire.", name="Benoît")
    button = reader.page.get_by_role("button", name="1 nouveau commentaire")
    expect(button).to_be_visible()
    comity.post(key, "Une réponse.", name="Chloé", parent=first)
    button = reader.page.get_by_role("button", name="2 nouveaux commentaires")
    expect(button).to_be_visible()
    expect(reader.comments()).to_have_count(1)
    expect(reader.page.get_by_role("heading", name="3 commentaires")).to_be_visible()
    assert reader.comments().first.bounding_box() == place
    reader.page.screenshot(path=tmp_path / "live.png")
    button.click()
    expect(reader.comments()).to_have_count(3)
    expect(reader.page.locator("comity-thread [data-comity-list] > li").first).to_contain_text("deuxième")
    expect(reader.page.locator(f"comity-thread li:has(> #comment-{first}) li")).to_contain_text("Une réponse.")
    expect(button).to_be_hidden()
    focused = reader.page.evaluate("() => document.activeElement.shadowRoot.activeElement.closest('li').textContent")
    assert "deuxième" in focused
    expect(reader.page.locator("comity-thread .comity-new")).to_have_count(2)
    assert reader.complaints == []


def test_what_was_taken_back_goes_and_votes_are_counted(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    stays = comity.post(key, "Ce commentaire reste.")["comment"]["id"]
    goes = comity.post(key, "Ce commentaire s’en va.", name="Benoît")
    show(reader, publisher, comity, element(key))
    expect(reader.comments()).to_have_count(2)
    settle(reader)
    vote(comity, stays)
    score = reader.page.locator(f"comity-thread #comment-{stays} [data-comity-score]")
    expect(score).to_have_text("1")
    withdraw(comity, goes)
    expect(reader.comments()).to_have_count(1)
    expect(reader.page.get_by_role("heading", name="1 commentaire")).to_be_visible()
    expect(reader.page.locator("comity-thread .comity-fresh")).to_be_hidden()


def test_a_comment_taken_back_before_it_was_asked_for_is_never_shown(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    expect(reader.comments()).to_have_count(1)
    settle(reader)
    posted = comity.post(key, "Un mot de trop.", name="Benoît")
    button = reader.page.get_by_role("button", name="1 nouveau commentaire")
    expect(button).to_be_visible()
    withdraw(comity, posted)
    expect(button).to_be_hidden()
    expect(reader.comments()).to_have_count(1)


def test_ones_own_comment_is_not_news(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    expect(reader.comments()).to_have_count(1)
    settle(reader)
    with reader.page.expect_response(lambda answer: "since=" in answer.url):
        reader.write("Mon propre commentaire.")
    expect(reader.comments()).to_have_count(2)
    expect(reader.page.locator("comity-thread .comity-fresh")).to_be_hidden()


def test_a_hidden_page_holds_no_connection_and_catches_up(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    expect(reader.comments()).to_have_count(1)
    settle(reader)
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    with reader.page.expect_event("requestfailed", lambda request: "/embed/live" in request.url):
        reader.page.evaluate(hide, True)
    comity.post(key, "Un deuxième commentaire.", name="Benoît")
    with reader.page.expect_request(lambda request: "/embed/live" in request.url):
        reader.page.evaluate(hide, False)
    expect(reader.page.get_by_role("button", name="1 nouveau commentaire")).to_be_visible()


def test_where_no_connection_is_held_it_is_asked_now_and_then(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    reader.page.clock.install()
    reader.page.route("**/embed/live?*", lambda route: _refuse(route))
    show(reader, publisher, comity, element(key))
    expect(reader.comments()).to_have_count(1)
    with reader.page.expect_response(lambda answer: "since=" in answer.url) as asked:
        settle(reader)
    comity.post(key, "Un deuxième commentaire.", name="Benoît")
    # A write is seen within a second: the page asks again once it is, as it would half a minute later.
    wait_until(lambda: "Un deuxième commentaire." in comity.client.get(asked.value.url).text)
    reader.page.clock.fast_forward(31_000)
    expect(reader.page.get_by_role("button", name="1 nouveau commentaire")).to_be_visible()


def _refuse(route: Route) -> None:
    route.fulfill(status=503, headers={"Access-Control-Allow-Origin": "*"})


def test_a_widget_that_is_taken_away_listens_no_more(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    expect(reader.comments()).to_have_count(1)
    settle(reader)
    with reader.page.expect_event("requestfailed", lambda request: "/embed/live" in request.url):
        reader.page.evaluate("() => { window.kept = document.querySelector('comity-thread'); kept.remove(); }")
    comity.post(key, "Un deuxième commentaire.", name="Benoît")
    reader.page.evaluate("() => document.querySelector('main').append(kept)")
    settle(reader)
    expect(reader.page.get_by_role("button", name="1 nouveau commentaire")).to_be_visible()
