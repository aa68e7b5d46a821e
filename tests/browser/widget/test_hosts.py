"""Pages that are hard to be a guest of: their styles, their policies, their scripts, their network."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import FLAGS
from tests.browser.widget.conftest import Publisher, Reader, element, page_with, show
from tests.browser.widget.server import Comity

pytestmark = pytest.mark.browser

HOSTILE = """
* { all: unset !important; letter-spacing: .5em !important; text-transform: uppercase !important; }
html { font-size: 62.5% } body { font: italic 900 17px/3 Georgia, serif !important; text-align: right !important; }
article, section, form, button, p, ol, li, h2, details { display: none !important; color: red !important; }
.comity, .comity-body, .comity-comment { position: fixed !important; opacity: 0 !important; }
comity-thread, comity-thread * { visibility: hidden; text-indent: -9999px; white-space: pre; word-spacing: 3em; }
"""
STRICT = (
    "default-src 'none'; script-src {script}; connect-src {script}; style-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'self'; require-trusted-types-for 'script'; trusted-types {policy}"
)


def test_hostile_styles_change_nothing_inside(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key), head=f"<style>{HOSTILE}</style>")
    body = reader.comments().first.locator(".comity-body")
    expect(body).to_be_visible()
    style = body.evaluate(
        "node => { const found = getComputedStyle(node); return Object.fromEntries(["
        "'letterSpacing', 'textTransform', 'textIndent', 'whiteSpace', 'wordSpacing', 'fontStyle', 'fontWeight',"
        "'position', 'opacity', 'visibility'].map(name => [name, found[name]])); }"
    )
    assert style == {
        "letterSpacing": "normal",
        "textTransform": "none",
        "textIndent": "0px",
        "whiteSpace": "normal",
        "wordSpacing": "0px",
        "fontStyle": "normal",
        "fontWeight": "400",
        "position": "static",
        "opacity": "1",
        "visibility": "visible",
    }
    reader.write("Un commentaire malgré tout.")
    expect(reader.comments()).to_have_count(2)


def test_it_takes_typeface_size_and_colours_of_its_host(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    head = (
        "<style>html { font-size: 62.5% } body { font: 18px/1.4 Georgia, serif; color: #eee; background: #102030 }"
        "comity-thread { --comity-accent: #ffcc00 } comity-thread::part(name) { text-decoration: underline }</style>"
    )
    show(reader, publisher, comity, element(key), head=head)
    body = reader.comments().first.locator(".comity-body")
    expect(body).to_have_css("color", "rgb(238, 238, 238)")
    expect(body).to_have_css("font-size", "18px")
    expect(body).to_have_css("font-family", "Georgia, serif")
    expect(reader.page.locator("comity-thread .comity-name").first).to_have_css("text-decoration-line", "underline")
    expect(reader.page.locator("comity-thread .comity-dark")).to_have_count(1)
    reader.page.evaluate("() => { document.body.style.background = 'white'; document.body.style.color = '#222'; }")
    expect(body).to_have_css("color", "rgb(34, 34, 34)")
    expect(reader.page.locator("comity-thread .comity-dark")).to_have_count(0)
    reader.page.evaluate("() => document.querySelector('comity-thread').setAttribute('theme', 'dark')")
    expect(reader.page.locator("comity-thread .comity-dark")).to_have_count(1)


def test_a_theme_of_its_own_paints_its_own_paper(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    reader = new_reader(color_scheme="dark")
    show(reader, publisher, comity, element(key, 'theme="light"'), head="<style>body { background: #16181c }</style>")
    expect(reader.comments()).to_have_count(1)
    paper = "() => getComputedStyle(document.querySelector('comity-thread').shadowRoot.querySelector('.comity-themed'))"
    for theme, colour in (("light", "rgb(253, 252, 249)"), ("dark", "rgb(23, 22, 20)")):
        reader.page.evaluate("theme => document.querySelector('comity-thread').setAttribute('theme', theme)", theme)
        expect(reader.page.locator("comity-thread .comity-dark")).to_have_count(int(theme == "dark"))
        assert reader.page.evaluate(f"{paper}.backgroundColor") == colour
    reader.page.evaluate("() => document.querySelector('comity-thread').removeAttribute('theme')")
    expect(reader.page.locator("comity-thread .comity-themed")).to_have_count(0)
    assert len([each for each in reader.asked() if "/embed/thread" in each]) == 1  # nothing is asked for anew


def test_a_strict_policy_with_trusted_types(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    policy = STRICT.format(script=comity.base, policy="comity")
    body = element(key) + f'<comity-count site="gazette" key="{key}" lang="fr"></comity-count>'
    address = publisher.put(f"/strict-{key}", page_with(comity, body), {"Content-Security-Policy": policy})
    reader.page.goto(address)
    expect(reader.page.locator("comity-count span")).to_have_text("1 commentaire")
    expect(reader.comments()).to_have_count(1)
    expect(reader.comments().first.locator(".comity-name")).to_have_css("font-weight", "600")
    reader.write("Un commentaire sous une politique stricte.")
    expect(reader.comments()).to_have_count(2)
    reader.page.locator("comity-thread [data-comity-votes] button").first.click()
    expect(reader.page.locator("comity-thread button[aria-pressed=true]")).to_have_count(1)
    assert reader.complaints == []


@pytest.mark.parametrize("sources", ["'nonce-abcd1234'", "'nonce-abcd1234' 'strict-dynamic'"], ids=["nonce", "dynamic"])
def test_a_policy_by_nonce(reader: Reader, publisher: Publisher, comity: Comity, key: str, sources: str) -> None:
    """The script's nonce goes on to the module that it loads."""
    policy = f"default-src 'none'; script-src {sources}; connect-src {comity.base}; img-src data:"
    page = page_with(comity, element(key)).replace("<script src", '<script nonce="abcd1234" src')
    reader.page.goto(publisher.put(f"/nonce-{key}", page, {"Content-Security-Policy": policy}))
    reader.write("Un commentaire sous une politique à nonce.")
    expect(reader.comments()).to_have_count(1)
    assert reader.complaints == []


def test_a_policy_that_names_no_comity_leaves_the_link(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    policy = STRICT.format(script=comity.base, policy="'none'")
    body = (
        "<script></script>"
        f'<comity-thread site="gazette" key="{key}" lang="fr"><a id="own" href="#">Commentaires</a></comity-thread>'
    )
    address = publisher.put(f"/refused-{key}", page_with(comity, body), {"Content-Security-Policy": policy})
    reader.page.goto(address)
    expect(reader.page.locator("comity-thread [data-away]")).to_have_attribute("data-away", "trusted_types_refused")
    expect(reader.page.locator("#own")).to_be_visible()
    link = reader.page.locator("comity-thread a.comity-button").get_attribute("href")
    assert link == f"{comity.base}/threads/{key}?site=gazette&lang=fr"


def test_a_single_page_site(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Sous la première histoire.")
    comity.post(f"{key}-b", "Sous la seconde histoire.")
    show(reader, publisher, comity, f"<div id=app>{element(key)}</div><div id=other></div>")
    expect(reader.comments()).to_contain_text("Sous la première histoire")
    reader.page.evaluate(f"() => document.querySelector('comity-thread').setAttribute('key', '{key}-b')")
    expect(reader.comments()).to_contain_text("Sous la seconde histoire")
    asked = len(reader.asked())
    reader.page.evaluate("() => other.append(document.querySelector('comity-thread'))")
    expect(reader.page.locator("#other comity-thread article")).to_contain_text("Sous la seconde histoire")
    assert len(reader.asked()) == asked
    reader.write("Après le déménagement.")
    expect(reader.comments()).to_have_count(2)
    reader.page.evaluate(f"() => {{ app.innerHTML = `{element(key)}`; other.innerHTML = ''; }}")
    expect(reader.comments()).to_contain_text("Sous la première histoire")
    assert reader.complaints == []


def test_two_on_a_page_and_the_script_twice(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "À la Gazette.")
    comity.post(key, "At the Tribune.", site="tribune")
    second = f'<comity-thread site="tribune" key="{key}" lang="en"></comity-thread>'
    again = f'<script src="{comity.base}/embed/comity.js?again"></script>'
    before = "() => Object.getOwnPropertyNames(window).filter(name => name.toLowerCase().includes('comity'))"
    show(reader, publisher, comity, element(key) + second, head=again)
    expect(reader.thread(0).locator("article")).to_contain_text("À la Gazette")
    expect(reader.thread(1).locator("article")).to_contain_text("At the Tribune")
    reader.thread(1).locator("[data-comity-votes] button").first.click()
    expect(reader.thread(1).locator("[data-comity-score]")).to_have_text("1")
    expect(reader.thread(0).locator("[data-comity-score]")).to_have_text("0")
    assert [name for name in reader.stored() if "device" in name] == ["comity:device:tribune"]
    assert reader.page.evaluate(before) == []
    assert reader.complaints == []


def test_third_party_cookies_blocked(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str
) -> None:
    """The widget never sends or takes one, so that a browser that blocks them all makes no difference."""
    reader = new_reader()
    reader.context.add_cookies([{"name": "comity_device_2", "value": "x" * 43, "url": comity.base}])
    show(reader, publisher, comity, element(key, "loading=eager"))
    reader.write("Sans biscuit.")
    expect(reader.comments()).to_have_count(1)
    sent = [each.all_headers() for each in reader.requests if "127.0.0.1" in each.url]
    assert not any("cookie" in headers for headers in sent)
    assert len(reader.context.cookies()) == 1


def test_a_browser_that_blocks_third_party_cookies(
    chromium: Browser, publisher: Publisher, comity: Comity, key: str
) -> None:
    """Chromium as it is when it phases them out: reading, posting and being known again work as ever."""
    comity.post(key, "Un premier commentaire.")
    browser = chromium.browser_type.launch(
        executable_path=os.environ.get("COMITY_CHROMIUM", "/usr/bin/chromium"),
        args=[*FLAGS, "--test-third-party-cookie-phaseout"],
    )
    page = browser.new_page()
    page.goto(publisher.put(f"/blocked-{key}", page_with(comity, element(key))))
    reader = Reader(page.context, page, [], [])
    reader.write("Sans biscuit tiers.")
    expect(reader.comments()).to_have_count(2)
    page.reload()
    expect(reader.comments().filter(has_text="biscuit").locator("[data-comity-edit]")).to_be_visible()
    assert page.context.cookies() == []
    browser.close()


def test_right_to_left(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key), language="he", direction="rtl")
    expect(reader.comments()).to_have_count(1)
    assert (
        reader.page.locator("comity-thread .comity-frame").evaluate("node => getComputedStyle(node).direction") == "ltr"
    )
    name = reader.page.locator("comity-thread .comity-body").bounding_box()
    assert name is not None


def test_lazy_until_near(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    show(reader, publisher, comity, '<p style="block-size:5000px">…</p>' + element(key))
    reader.page.wait_for_function("() => customElements.get('comity-thread')")
    assert reader.asked() == ["GET /embed/comity.js"]
    reader.page.locator("comity-thread").scroll_into_view_if_needed()
    expect(reader.page.locator("comity-thread [data-comity-empty]")).to_be_visible()


def test_counts_of_many_stories_in_one_request(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    counts = "".join(
        f'<p><comity-count site="gazette" lang="fr" key="{each}">…</comity-count></p>' for each in (key, "long", "none")
    )
    show(reader, publisher, comity, counts)
    expect(reader.page.locator("comity-count span")).to_have_text(["1 commentaire", "24 commentaires", "0 commentaire"])
    assert reader.asked() == ["GET /embed/comity.js", "GET /embed/count"]


def test_without_scripts_a_link_leads_to_the_conversation(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    reader = new_reader(java_script_enabled=False)
    link = f'<a href="{comity.base}/threads/{key}?site=gazette">Commentaires</a>'
    show(reader, publisher, comity, f'<comity-thread site="gazette" key="{key}">{link}</comity-thread>')
    reader.page.get_by_role("link", name="Commentaires").click()
    expect(reader.page.locator("article[data-comment]")).to_have_count(1)
    reader.page.locator("summary").first.click()
    reader.page.locator("textarea").fill("Écrit sans le moindre script.")
    reader.page.locator("[name=author_name]").fill("Béatrice")
    reader.page.locator("button[type=submit]").first.click()
    expect(reader.page.get_by_text("Écrit sans le moindre script.")).to_be_visible()
