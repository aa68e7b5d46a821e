"""The whole conversation on a plain page of another origin."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.widget.conftest import Publisher, Reader, page_with
from tests.browser.widget.server import Comity

pytestmark = pytest.mark.browser


def visit(reader: Reader, publisher: Publisher, comity: Comity, key: str, more: str = "") -> None:
    address = publisher.put(
        f"/{key}", page_with(comity, f'<comity-thread site="gazette" key="{key}" lang="fr" {more}></comity-thread>')
    )
    reader.page.goto(address)
    expect(reader.page.locator("comity-thread [data-comity-thread]")).to_be_visible()


def test_a_new_reader_costs_two_requests_and_nothing_is_kept(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    visit(reader, publisher, comity, key)
    expect(reader.comments()).to_have_count(1)
    assert reader.asked() == ["GET /embed/comity.js", "GET /embed/thread"]
    hosts = {each.url.split("/")[2] for each in reader.requests if not each.url.startswith("data:")}
    assert hosts == {comity.base.split("/")[2], publisher.base.split("/")[2]}
    assert reader.stored() == {}
    assert reader.context.cookies() == []
    assert reader.complaints == []


def test_posting_replying_editing_and_withdrawing_in_place(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    first = comity.post(key, "Un premier commentaire.")["comment"]["id"]
    visit(reader, publisher, comity, key)
    reader.page.evaluate(
        "() => { window.heard = [];"
        " for (const name of ['comity-ready', 'comity-posted', 'comity-voted', 'comity-error'])"
        " document.addEventListener(name, event => heard.push([name, event.detail.key, event.detail.count])); }"
    )
    reader.write("Un commentaire depuis la page du journal.")
    mine = reader.comments().filter(has_text="depuis la page du journal")
    expect(mine).to_be_visible()
    expect(reader.page.locator("comity-thread h2")).to_have_text("2 commentaires")
    expect(reader.page.locator("comity-thread [role=status]")).to_contain_text("Votre commentaire est publié")

    above = reader.comments().filter(has_text="Un premier commentaire")
    above.locator("[data-comity-reply]").click()
    form = above.locator("form[data-comity-form]")
    form.locator("textarea").fill("Une réponse sur place.")
    form.locator("[name=author_name]").fill("Béatrice")
    form.locator("button[type=submit]").first.click()
    reply = reader.comments().filter(has_text="Une réponse sur place")
    expect(reply).to_have_attribute("data-parent", str(first))
    expect(reader.page.locator("comity-thread h2")).to_have_text("3 commentaires")

    reply.locator("[data-comity-edit]").click()
    edit = reply.locator("form[data-comity-form]")
    expect(edit.locator("textarea")).to_have_value("Une réponse sur place.")
    edit.locator("textarea").fill("Une réponse corrigée.")
    edit.locator("button[type=submit]").first.click()
    changed = reader.comments().filter(has_text="Une réponse corrigée")
    expect(changed).to_be_visible()

    changed.locator("[data-comity-withdraw]").click()
    changed.locator("form[data-comity-confirm] button[type=submit]").click()
    expect(changed).to_have_count(0)
    expect(reader.page.locator("comity-thread h2")).to_have_text("2 commentaires")

    names = [name for name, *_ in reader.page.evaluate("() => heard")]
    assert names == ["comity-posted", "comity-posted", "comity-posted"]
    reader.page.reload()
    expect(mine).to_be_visible()
    expect(mine.locator("[data-comity-edit]")).to_be_visible()
    assert reader.context.cookies() == []
    assert reader.complaints == []


def test_a_refusal_keeps_what_was_typed(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    visit(reader, publisher, comity, key)
    reader.write("!", name="")
    form = reader.open_composer()
    expect(form.locator(".comity-error").first).to_be_visible()
    expect(form.locator("textarea")).to_have_value("!")
    form.locator("textarea").fill("Un texte assez long.")
    form.locator("[name=author_name]").fill("Anne")
    form.locator("button[type=submit]").first.click()
    expect(reader.comments()).to_have_count(1)


def test_preview(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    visit(reader, publisher, comity, key)
    form = reader.open_composer()
    form.locator("textarea").fill("Un *essai*.")
    form.locator("[data-comity-preview]").click()
    expect(form.locator("[data-comity-previewed] em")).to_have_text("essai")
    expect(form.locator("textarea")).to_have_value("Un *essai*.")
    assert not [each for each in reader.stored() if "device" in each]


def test_a_vote_shows_at_once_and_goes_back_when_refused(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    visit(reader, publisher, comity, key)
    score = reader.page.locator("comity-thread [data-comity-score]")
    up = reader.page.locator("comity-thread [data-comity-votes] button").first
    reader.vote_up()
    expect(score).to_have_text("1")
    expect(up).to_have_attribute("aria-pressed", "true")
    reader.page.reload()
    expect(up).to_have_attribute("aria-pressed", "true")
    reader.page.route("**/vote*", lambda route: route.abort())
    up.click()
    expect(reader.page.locator("comity-thread .comity-error")).to_be_visible()
    expect(score).to_have_text("1")
    expect(up).to_have_attribute("aria-pressed", "true")


def test_orders_have_addresses_and_a_way_back(reader: Reader, publisher: Publisher, comity: Comity) -> None:
    visit(reader, publisher, comity, "long")
    expect(reader.comments().first).to_contain_text("numéro 22")
    reader.page.locator("comity-thread .comity-sort a").nth(1).click()
    expect(reader.comments().first).to_contain_text("numéro 0")
    expect(reader.page).to_have_url(re.compile("#comity-oldest$"))
    reader.page.go_back()
    expect(reader.comments().first).to_contain_text("numéro 22")
    reader.page.goto(f"{publisher.base}/long#comity-oldest")
    reader.page.reload()
    expect(reader.comments().first).to_contain_text("numéro 0")
    assert reader.stored() == {}


def test_a_permalink_brings_a_comment_that_is_not_on_the_page(
    reader: Reader, publisher: Publisher, comity: Comity
) -> None:
    whole = comity.client.get("/api/v1/threads/long", params={"site": "gazette", "sort": "oldest"}).json()
    reply = whole["comments"][0]["replies"][0]["id"]
    body = '<p style="block-size:3000px">…</p><comity-thread site="gazette" key="long"></comity-thread>'
    address = publisher.put("/far", page_with(comity, body))
    reader.page.goto(f"{address}#comity-comment-{reply}")
    target = reader.page.locator(f"comity-thread #comment-{reply}")
    expect(target).to_be_focused()
    expect(target).to_be_in_viewport()
    assert target.locator("a.comity-when").get_attribute("href") == f"{address}#comity-comment-{reply}"
    reader.page.locator("comity-thread [data-comity-all]").click()
    expect(reader.page.locator("comity-thread [data-comity-more]")).to_have_count(0)
    expect(reader.comments()).to_have_count(24)


def test_load_more_keeps_the_place(reader: Reader, publisher: Publisher, comity: Comity) -> None:
    visit(reader, publisher, comity, "long")
    expect(reader.comments()).to_have_count(10)
    more = reader.page.locator("comity-thread [data-comity-more] a[rel=next]")
    more.scroll_into_view_if_needed()
    before = reader.page.evaluate("scrollY")
    more.click()
    expect(reader.comments()).to_have_count(20)
    assert abs(reader.page.evaluate("scrollY") - before) < 5
    assert reader.page.evaluate(
        "() => document.querySelector('comity-thread').shadowRoot.activeElement.closest('[data-comment]').innerText"
    ).count("numéro 12")
    more.click()
    expect(reader.comments()).to_have_count(24)
    expect(reader.page.locator("comity-thread [data-comity-more]")).to_have_count(0)


def test_the_rest_of_a_branch_comes_in_place(reader: Reader, publisher: Publisher, comity: Comity) -> None:
    visit(reader, publisher, comity, "branch")
    expect(reader.comments()).to_have_count(31)
    rest = reader.page.locator("comity-thread .comity-rest a")
    expect(rest).to_contain_text("15")
    rest.click()
    expect(reader.comments()).to_have_count(46)
    expect(rest).to_have_count(0)
    expect(reader.comments().last).to_contain_text("numéro 45")
    fold = reader.page.locator("comity-thread details.comity-replies > summary")
    fold.focus()
    reader.page.keyboard.press("Enter")
    expect(reader.comments().last).to_be_hidden()
    expect(fold).to_contain_text("réponses")


def test_drafts_and_the_name_stay_only_as_told(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    visit(reader, publisher, comity, key)
    form = reader.open_composer()
    form.locator("textarea").fill("Un brouillon.")
    form.locator("[name=author_name]").fill("Béatrice")
    reader.page.reload()
    expect(form.locator("textarea")).to_have_value("Un brouillon.")
    expect(form.locator("[name=author_name]")).to_have_value("")
    form.locator("[name=author_name]").fill("Béatrice")
    form.get_by_role("checkbox").check()
    form.locator("button[type=submit]").first.click()
    expect(reader.comments()).to_have_count(1)
    reader.page.reload()
    reader.open_composer()
    expect(form.locator("textarea")).to_have_value("")
    expect(form.locator("[name=author_name]")).to_have_value("Béatrice")


def test_unread_since_the_last_visit_only_for_who_took_part(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    visit(reader, publisher, comity, key)
    reader.vote_up()
    reader.page.reload()
    expect(reader.page.locator("comity-thread button[aria-pressed=true]")).to_have_count(1)
    expect(reader.page.locator("comity-thread [data-new]")).to_have_count(0)
    reader.page.evaluate(
        "() => { for (const name of Object.keys(localStorage)) if (name.startsWith('comity:seen:')) {"
        " const kept = JSON.parse(localStorage[name]); kept.value -= 3600000;"
        " localStorage[name] = JSON.stringify(kept); } }"
    )
    reader.page.reload()
    expect(reader.page.locator("comity-thread [data-new]")).to_have_count(1)
    reader.page.locator("comity-thread .comity-next-new").click()
    expect(reader.page.locator("comity-thread [data-new]")).to_be_focused()


def test_what_waits_is_shown_to_its_author_alone(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    visit(reader, publisher, comity, key)
    reader.write("Appelez-moi au 06 12 34 56 78, mon adresse est 12 rue des Lilas.")
    own = reader.page.locator("comity-thread .comity-own-held, comity-thread .comity-own-removed")
    expect(own).to_be_visible()
    expect(reader.page.locator("comity-thread h2")).to_have_text("1 commentaire")


def test_closing_a_form_gives_the_focus_back(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    visit(reader, publisher, comity, key)
    link = reader.comments().first.locator("[data-comity-reply]")
    link.click()
    expect(reader.comments().first.locator("textarea")).to_be_focused()
    reader.comments().first.locator("[data-part=cancel]").click()
    expect(link).to_be_focused()
    expect(reader.comments().first.locator("textarea")).to_have_count(0)


def test_a_link_to_a_comment_is_copied(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str
) -> None:
    number = comity.post(key, "Un premier commentaire.")["comment"]["id"]
    reader = new_reader(permissions=["clipboard-read", "clipboard-write"])
    visit(reader, publisher, comity, key, f'url="{publisher.base}/{key}?tracking=none"')
    button = reader.comments().first.locator("[data-acts=copy]")
    button.click()
    expect(button).to_have_text("Lien copié")
    expected = f"{publisher.base}/{key}?tracking=none#comity-comment-{number}"
    assert reader.page.evaluate("() => navigator.clipboard.readText()") == expected


def test_what_is_shared_is_the_story_s_title_and_the_comment_s_address(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    number = comity.post(key, "Un premier commentaire.")["comment"]["id"]
    sheet = "<script>navigator.share = data => { window.shared = data; return Promise.resolve(); }</script>"
    body = f'<comity-thread site="gazette" key="{key}" lang="fr" story="main"></comity-thread>'
    address = publisher.put(f"/share-{key}", page_with(comity, body, head=sheet))
    reader.page.goto(address)
    reader.comments().first.locator("[data-acts=share]").click()
    shared = reader.page.wait_for_function("() => window.shared").json_value()
    assert shared == {"title": "Une trêve", "url": f"{address}#comity-comment-{number}"}


def test_the_page_hears_what_happens(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    number = comity.post(key, "Un premier commentaire.")["comment"]["id"]
    listen = (
        "<script>window.heard = []; for (const name of ['ready', 'posted', 'voted', 'error'])"
        " document.addEventListener(`comity-${name}`, event => heard.push([name, event.detail]));</script>"
    )
    body = f'<comity-thread site="gazette" key="{key}" lang="fr"></comity-thread>'
    reader.page.goto(publisher.put(f"/hears-{key}", page_with(comity, body, head=listen)))
    reader.page.wait_for_function("() => heard.length === 1")
    reader.page.locator("comity-thread [data-comity-votes] button").first.click()
    reader.page.wait_for_function("() => heard.length === 2")
    reader.write("!", name="")
    reader.page.wait_for_function("() => heard.length === 3")
    reader.write("Un commentaire assez long.")
    reader.page.wait_for_function("() => heard.length === 4")
    ready, voted, error, posted = reader.page.evaluate("() => heard")
    here = {"site": "gazette", "key": key}
    assert ready == ["ready", {**here, "count": 1, "enhanced": True}]
    assert voted == ["voted", {**here, "id": number, "value": 1, "score": 1}]
    assert (error[0], error[1]["code"]) == ("error", "refused")
    assert error[1]["message"]
    assert posted[1]["id"] > number
    written = {"status": "published", "edited": False, "count": 2, "countText": "2 commentaires"}
    assert posted[1] == {**here, "id": posted[1]["id"], **written}
    assert "assez long" not in str([ready, voted, error, posted])
