"""What a reader's system asks of colours, contrast, motion and paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.widget.conftest import Publisher, Reader, element, show
from tests.browser.widget.server import Comity

pytestmark = pytest.mark.browser

SYSTEM_COLOUR = """(node, name) => {
    const probe = node.ownerDocument.body.appendChild(document.createElement('i'));
    probe.style.color = name;
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
}"""


def style(place: Locator, name: str) -> str:
    value: str = place.evaluate("(node, name) => getComputedStyle(node)[name]", name)
    return value


def test_forced_colours_are_the_system_s_and_nothing_is_told_by_colour_alone(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un secret : ||le mot caché||.")
    reader = new_reader(forced_colors="active")
    show(reader, publisher, comity, element(key))
    body = reader.comments().first.locator(".comity-body")
    ink, paper, chosen = (body.evaluate(SYSTEM_COLOUR, name) for name in ("CanvasText", "Canvas", "Highlight"))
    assert ink != paper
    assert style(body, "color") == ink
    spoiler = body.locator(".comity-spoiler")
    assert style(spoiler, "color") == style(spoiler, "backgroundColor"), "hidden words stay hidden"
    spoiler.focus()
    assert style(spoiler, "color") != style(spoiler, "backgroundColor"), "and are read where the focus is"
    up, down = reader.page.locator("comity-thread [data-comity-votes] button").all()
    reader.vote_up()
    expect(up).to_have_attribute("aria-pressed", "true")
    assert style(up, "backgroundColor") == chosen
    assert style(down, "backgroundColor") != chosen
    assert style(reader.comments().first.locator(".comity-mark"), "borderTopStyle") == "solid"
    composer = reader.open_composer()
    for field in (composer.locator("textarea"), composer.locator(".comity-button-main")):
        assert style(field, "borderTopStyle") == "solid"
    composer.locator("textarea").focus()
    assert style(composer.locator("textarea"), "outlineStyle") == "solid"
    reader.comments().first.get_by_role("link", name="Signaler").click()
    assert style(reader.page.locator("comity-thread dialog"), "borderTopStyle") == "solid"


def test_more_contrast_leaves_no_grey(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    colours = {}
    options: dict[str, Any]
    for options in ({"contrast": "no-preference"}, {"contrast": "more"}):
        reader = new_reader(**options)
        show(reader, publisher, comity, element(key))
        comment = reader.comments().first
        pair = (style(comment.locator(".comity-times"), "color"), style(comment.locator(".comity-body"), "color"))
        colours[options["contrast"]] = pair
    assert colours["no-preference"][0] != colours["no-preference"][1]
    assert colours["more"][0] == colours["more"][1]


@pytest.mark.parametrize(("motion", "name"), [("reduce", "none"), ("no-preference", "comity-arrive")])
def test_what_arrives_moves_only_for_who_does_not_mind(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity, key: str, motion: str, name: str
) -> None:
    reader = new_reader(reduced_motion=motion)
    show(reader, publisher, comity, element(key))
    reader.write("Un commentaire qui arrive.")
    arrived = reader.page.locator("comity-thread .comity-arrived")
    expect(arrived).to_be_visible()
    assert style(arrived, "animationName") == name
    assert float(style(arrived, "animationDuration").removesuffix("s")) <= 0.15
    moving = reader.page.locator("comity-thread").evaluate(
        "node => [...node.shadowRoot.querySelectorAll('*')].filter(each => {"
        " const found = getComputedStyle(each);"
        " return parseFloat(found.transitionDuration) > 0.15 || parseFloat(found.animationDuration) > 0.15; }).length"
    )
    assert moving == 0


def test_on_paper_the_words_stand_without_the_controls(reader: Reader, publisher: Publisher, comity: Comity) -> None:
    show(reader, publisher, comity, element("long"))
    expect(reader.comments()).to_have_count(10)
    reader.open_composer()
    reader.page.emulate_media(media="print")
    expect(reader.comments().first.locator(".comity-body")).to_be_visible()
    expect(reader.comments().first.locator(".comity-name")).to_be_visible()
    expect(reader.page.locator("comity-thread h2")).to_be_visible()
    for control in (".comity-composer", ".comity-search", ".comity-sort", ".comity-more", ".comity-acts"):
        expect(reader.page.locator(f"comity-thread {control}").first).to_be_hidden()
    assert style(reader.comments().first, "breakInside") == "avoid"
    assert reader.page.pdf().startswith(b"%PDF")
