"""What the script adds: nothing is loaded anew, nothing typed is lost, and everything is said."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Demo, OpenPage
from tests.browser.test_founding_page import write

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def page(open_page: OpenPage, demo: Demo) -> Page:
    opened: Page = open_page()
    opened.goto(f"{demo.base}/stories/{demo.story}")
    return opened


def test_a_comment_appears_in_place(page: Page) -> None:
    address = page.url
    write(page, "Publié sans quitter la page.", "Iris")
    expect(page.locator("[data-comity-list] > li").first).to_contain_text("Publié sans quitter la page.")
    assert page.url == address
    expect(page.get_by_role("status").first).to_have_text("Votre commentaire est publié.")
    expect(page.get_by_label("Votre commentaire")).to_be_hidden()


def test_a_reply_opens_in_place_and_can_be_left(page: Page) -> None:
    comment = page.locator("[data-comity-list] > li > article").first
    link = comment.get_by_role("link", name="Répondre")
    link.click()
    expect(comment.get_by_label("Votre réponse")).to_be_focused()
    comment.get_by_role("button", name="Annuler").click()
    expect(comment.get_by_label("Votre réponse")).to_have_count(0)
    expect(link).to_be_focused()


def test_a_draft_outlives_a_reload_and_ends_with_its_posting(page: Page) -> None:
    page.get_by_text("Prendre part à la conversation…").click()
    page.get_by_label("Votre commentaire").fill("Une phrase à finir plus tard.")
    page.reload()
    expect(page.get_by_label("Votre commentaire")).to_have_value("Une phrase à finir plus tard.")
    write(page, "Une phrase à finir plus tard.", "Léa")
    expect(page.get_by_role("status").first).to_have_text("Votre commentaire est publié.")
    page.reload()
    expect(page.get_by_label("Votre commentaire")).to_be_hidden()
    expect(page.locator("#root-text")).to_have_value("")


def test_a_name_is_remembered_only_when_ticked(page: Page) -> None:
    write(page, "Je ne coche rien.", "Noé")
    expect(page.get_by_role("status").first).to_have_text("Votre commentaire est publié.")
    page.reload()
    page.get_by_text("Prendre part à la conversation…").click()
    expect(page.get_by_label("Nom", exact=True)).to_have_value("")
    page.get_by_label("Nom", exact=True).fill("Noé")
    page.get_by_label("Retenir mon nom").check()
    page.reload()
    page.get_by_text("Prendre part à la conversation…").click()
    expect(page.get_by_label("Nom", exact=True)).to_have_value("Noé")
    page.get_by_label("Retenir mon nom").uncheck()
    page.reload()
    expect(page.locator("#root-author_name")).to_have_value("")


def test_nothing_is_stored_before_a_deliberate_act(page: Page) -> None:
    assert page.evaluate("() => localStorage.length") == 0
    assert page.context.cookies() == []


def test_a_server_away_keeps_the_text_and_says_so(page: Page) -> None:
    page.route("**/comments", lambda route: route.abort())
    write(page, "Un texte envoyé dans un tunnel.", "Max")
    expect(page.get_by_text("Le serveur est injoignable.")).to_be_visible()
    expect(page.get_by_label("Votre commentaire")).to_have_value("Un texte envoyé dans un tunnel.")


def test_a_lost_answer_and_a_second_try_post_once(page: Page, demo: Demo) -> None:
    """The first answer is lost on its way: the comment is there, and the second try finds it."""
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/comments", lose)
    write(page, "Envoyé deux fois, publié une seule.", "Nina")
    expect(page.get_by_text("Le serveur est injoignable.")).to_be_visible()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("status").first).to_have_text("Votre commentaire est publié.")
    assert len(set(keys)) == 1
    page.goto(f"{demo.base}/threads/{demo.story}?filter=all")
    expect(page.get_by_text("Envoyé deux fois, publié une seule.")).to_have_count(1)


def test_a_refusal_that_may_have_been_a_success_and_a_second_try_post_once(page: Page, demo: Demo) -> None:
    """A database that goes away while it commits may have committed: who is told to come again keeps the key."""
    keys: list[str] = []

    def refuse(route: Route) -> None:
        headers = route.request.headers
        keys.append(headers["idempotency-key"])
        if len(keys) > 1:
            route.continue_()
            return
        route.fetch(max_redirects=0)
        with closing(sqlite3.connect(demo.folder / "data" / "comity.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = route.fetch(max_redirects=0, headers={**headers, "idempotency-key": "another".ljust(32, "-")})
        assert refused.status == 503
        route.fulfill(response=refused)

    page.route("**/comments", refuse)
    write(page, "Refusé d'abord, publié une seule fois.", "Mona")
    expect(page.get_by_text("Le service est indisponible")).to_be_visible(timeout=30_000)  # writers wait before
    expect(page.get_by_label("Votre commentaire")).to_have_value("Refusé d'abord, publié une seule fois.")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("status").first).to_have_text("Votre commentaire est publié.")
    assert len(set(keys)) == 1
    page.goto(f"{demo.base}/threads/{demo.story}?filter=all")
    expect(page.get_by_text("Refusé d'abord, publié une seule fois.")).to_have_count(1)


def test_a_vote_that_is_refused_goes_back(page: Page) -> None:
    comment = page.locator("[data-comity-list] > li > article").first
    score = comment.locator("[data-comity-score]")
    before = score.inner_text()
    page.route("**/vote", lambda route: route.abort())
    comment.get_by_role("button", name="Voter pour").click()
    expect(comment.get_by_role("alert")).to_contain_text("Le serveur est injoignable.")
    expect(score).to_have_text(before)
    expect(comment.get_by_role("button", name="Voter pour")).to_have_attribute("aria-pressed", "false")


def test_one_s_vote_and_waiting_comment_are_found_again(page: Page) -> None:
    comment = page.locator("[data-comity-list] > li > article").nth(1)
    number = comment.get_attribute("data-comment")
    comment.get_by_role("button", name="Voter pour").click()
    expect(page.get_by_role("status").first).to_have_text("Vous avez voté pour ce commentaire.")
    links = " ".join(f"https://place{number}.example" for number in range(6))
    write(page, f"À relire : {links}, merci.", "Théo")
    expect(page.get_by_text("En attente de relecture, visible par vous seul")).to_be_visible()
    page.reload()
    expect(page.locator(f"#comment-{number}").get_by_role("button", name="Voter pour")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.get_by_text("En attente de relecture, visible par vous seul")).to_be_visible()


def test_times_are_relative_and_keep_their_full_date(page: Page) -> None:
    write(page, "À l’instant même.", "Zoé")
    time = page.locator("[data-comity-posted] time").first
    expect(time).to_have_text(re.compile(r"maintenant|il y a \d+ secondes?"))
    expect(time).to_have_attribute("title", re.compile(r"\d{4} à \d+.h.\d\d"))


def test_the_order_changes_in_place_and_stays_in_the_address(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/threads/{demo.story}")
    page.get_by_role("link", name="Le plus populaire").click()
    expect(page).to_have_url(re.compile(r"sort=popular"))
    expect(page.get_by_role("link", name="Le plus populaire")).to_be_focused()
    page.reload()
    expect(page.locator(".comity-sort [aria-current]")).to_have_text("Le plus populaire")


def test_no_request_leaves_for_another_host(open_page: OpenPage, demo: Demo) -> None:
    page: Page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{demo.base}/stories/{demo.story}", wait_until="networkidle")
    assert asked
    assert all(each.startswith((demo.base, "data:")) for each in asked)
