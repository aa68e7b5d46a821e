"""What Chromium tells assistive technology: roles, names, states and live regions, read from its own tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget.conftest import Publisher, Reader, element, show
from tests.browser.widget.server import Comity

pytestmark = pytest.mark.browser

NAMED = {"button", "link", "textbox", "searchbox", "checkbox", "radio", "region", "dialog", "toolbar", "navigation"}
"""Roles that mean nothing without a name."""


@dataclass(frozen=True)
class Node:
    """One node of the tree, as far as it is told."""

    role: str
    name: str
    description: str
    properties: dict[str, Any]


def tree(page: Page) -> list[Node]:
    """Every node that assistive technology is told of, in order."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        Node(
            role=str(node.get("role", {}).get("value", "")),
            name=str(node.get("name", {}).get("value", "")),
            description=str(node.get("description", {}).get("value", "")),
            properties={each["name"]: each["value"].get("value") for each in node.get("properties", [])},
        )
        for node in nodes
        if not node.get("ignored")
    ]


def of_role(nodes: list[Node], role: str) -> list[Node]:
    return [each for each in nodes if each.role == role]


def names(nodes: list[Node], role: str) -> list[str]:
    return [each.name for each in of_role(nodes, role)]


def check_names(nodes: list[Node], state: str) -> None:
    unnamed = [each.role for each in nodes if each.role in NAMED and not each.name.strip()]
    assert unnamed == [], state


def test_reading(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    comity.post(key, "Un second commentaire.", name="Ada")
    show(reader, publisher, comity, element(key))
    expect(reader.comments()).to_have_count(2)
    nodes = tree(reader.page)
    check_names(nodes, "reading")
    assert names(nodes, "region") == ["2 commentaires"]
    assert names(nodes, "navigation") == ["Trier les commentaires"]
    assert len(of_role(nodes, "article")) == 2
    status = of_role(nodes, "status")
    assert [each.properties.get("live") for each in status] == ["polite"]
    for author in ("Anne", "Ada"):
        assert f"Voter pour le commentaire de {author}" in names(nodes, "button")
        assert f"Répondre à {author}" in names(nodes, "link")
        assert f"Signaler le commentaire de {author}" in names(nodes, "link")
    hidden = [each for each in nodes if each.name in {"A", "B"} and each.role == "StaticText"]
    assert hidden == [], "the mark beside a name says nothing of its own"


def test_writing_and_a_refusal(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    show(reader, publisher, comity, element(key))
    reader.open_composer()
    expect(reader.page.locator("comity-thread [data-mark]").first).to_be_visible()
    nodes = tree(reader.page)
    check_names(nodes, "writing")
    assert names(nodes, "toolbar") == ["Mise en forme"]
    assert [name for name in names(nodes, "button") if name in {"Gras", "Italique", "Citation", "Liste", "Lien"}] == [
        "Gras", "Italique", "Citation", "Liste", "Lien",
    ]  # fmt: skip
    text = next(each for each in of_role(nodes, "textbox") if each.name == "Votre commentaire")
    assert text.properties["required"]
    assert "caractères" in text.description
    reader.write("!", name="")
    expect(reader.page.locator("comity-thread .comity-error").first).to_be_visible()
    nodes = tree(reader.page)
    check_names(nodes, "refused")
    text = next(each for each in of_role(nodes, "textbox") if each.name == "Votre commentaire")
    assert text.properties["invalid"] == "true"
    assert text.properties["focused"]
    assert "trop court" in text.description
    decoy = [each for each in of_role(nodes, "textbox") if "vide" in each.name]
    assert decoy == [], "the field that no person sees"


def test_what_was_done_is_told(reader: Reader, publisher: Publisher, comity: Comity, key: str) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    reader.vote_up()
    status = reader.page.locator("comity-thread [data-comity-status]")
    expect(status).to_have_text("Vous avez voté pour ce commentaire.")
    up = next(each for each in of_role(tree(reader.page), "button") if each.name.startswith("Voter pour"))
    assert up.properties["pressed"] == "true"
    reader.page.route("**/vote*", lambda route: route.abort())
    reader.page.locator("comity-thread [data-comity-votes] button").first.click()
    expect(reader.page.locator("comity-thread .comity-acts .comity-error")).to_be_visible()
    alerts = of_role(tree(reader.page), "alert")
    assert [each.properties.get("live") for each in alerts] == ["assertive"]


def test_a_panel_is_a_modal_dialog_and_the_rest_is_silent(
    reader: Reader, publisher: Publisher, comity: Comity, key: str
) -> None:
    comity.post(key, "Un premier commentaire.")
    show(reader, publisher, comity, element(key))
    reader.comments().first.get_by_role("link", name="Signaler").click()
    expect(reader.page.get_by_role("dialog").get_by_role("heading", level=1)).to_be_focused()
    nodes = tree(reader.page)
    check_names(nodes, "reporting")
    (dialog,) = of_role(nodes, "dialog")
    assert dialog.name == "Signaler un commentaire"
    assert dialog.properties["modal"]
    assert "Fermer" in names(nodes, "button")
    assert not [name for name in names(nodes, "button") if name.startswith("Voter")], "what is under it"
    assert len(of_role(nodes, "radio")) == 9
    group = next(each for each in nodes if each.role in {"group", "radiogroup"} and "signalez" in each.name)
    assert group.name == "Pourquoi le signalez-vous\u202f?"
