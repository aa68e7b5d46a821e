"""What docs/api.md says is what happens: its example runs, and its limits are the table's."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from comity.actions.keys import create_site_key
from comity.actions.sites import create_site
from comity.models import Story
from comity.rules.limits import LIMITS, Allowance, Purpose

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
PER = {60: "a minute", 3600: "an hour"}


def _words(allowances: tuple[Allowance, ...]) -> str:
    return ", ".join(f"{each.count:,} {PER[each.seconds]}" for each in allowances)


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("post", Purpose.POST),
        ("edit, withdraw", Purpose.CHANGE),
        ("vote", Purpose.VOTE),
        ("preview", Purpose.PREVIEW),
    ],
)
def test_the_limits_of_the_table(name: str, purpose: Purpose) -> None:
    limit = LIMITS[purpose]
    row = f"| {name} | {_words(limit.device)} | {_words(limit.newcomers)} | {_words(limit.network)} |"
    assert row in PAGE


def test_the_limit_of_signed_calls() -> None:
    assert f"| signed calls | {_words(LIMITS[Purpose.SIGNED_CALL].device)} for a key | | |" in PAGE


@pytest.mark.django_db(transaction=True)
def test_the_example_publishes_a_story(live_server: LiveServer) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    site = create_site(key="gazette", name="La Gazette", domains=["gazette.example"])
    key_id, secret = create_site_key(site=site, label="CMS", now=datetime.now(UTC))
    story = {"url": "https://gazette.example/ete", "title": "L’été", "body": "Un texte."}
    # The example is for a server of Comity's own; below a host's prefix the path that is signed begins with it.
    example_path, here = "/api/v1/", reverse("comity:api-openapi").removesuffix("openapi.json")
    names: dict[str, Any] = {}
    exec(example.replace(example_path, here), names)
    answer = names["put_story"](live_server.url, "gazette", "été:2016", story, key_id, secret)
    assert answer["title"] == "L’été"
    assert Story.objects.get().key == "été:2016"
