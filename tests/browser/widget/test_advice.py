"""Advice before posting, in the widget on a publisher's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.widget.conftest import Publisher, Reader, element, show
from tests.browser.widget.server import Comity

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_advice_in_place_then_the_changed_text_is_posted(
    new_reader: Callable[..., Reader], publisher: Publisher, comity: Comity
) -> None:
    reader = new_reader()
    show(reader, publisher, comity, element("avis"))
    reader.write("Saperlipopette, quelle trêve !")
    advice = reader.thread().locator("[data-comity-advice]")
    expect(advice).to_be_focused()
    expect(advice).to_contain_text("Ton posé")
    expect(advice).to_contain_text("On se parle sans crier.")
    text = reader.thread().locator("[data-comity-composer] textarea")
    expect(text).to_have_value("Saperlipopette, quelle trêve !")
    advice.locator("[data-comity-change]").click()
    expect(text).to_be_focused()
    assert "#" not in reader.page.url
    text.fill("Quelle trêve !")
    reader.thread().get_by_role("button", name="Publier", exact=True).click()
    expect(reader.comments()).to_have_count(1)
    expect(reader.comments().first).to_contain_text("Quelle trêve !")
    reader.open_composer()
    expect(advice).to_have_count(0)  # the next comment begins anew
    # A second comment is advised for itself, and posted as it is.
    reader.write("Saperlipopette, encore une trêve.")
    expect(advice).to_be_focused()
    advice.get_by_role("button", name="Publier tel quel").click()
    expect(reader.comments()).to_have_count(2)
    assert not reader.complaints
