"""Back ends by settings: none unless asked for; what they add, and what follows when they do not answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.exceptions import ImproperlyConfigured

from comity import conf
from comity.actions import back_ends as made
from comity.models import Decision
from comity.screening.backends import perspective
from tests.conversation.conftest import Post
from tests.screening.test_backends import serving

pytestmark = [pytest.mark.database, pytest.mark.django_db]

UNSURE = "Ce monsieur est menteur et bien pathétique"


def set_up(settings: Any, **given: object) -> None:
    settings.COMITY = {**getattr(settings, "COMITY", {}), **given}


def notes_and_findings(comment_id: int) -> tuple[list[str], set[str]]:
    row = Decision.objects.get(comment_id=comment_id)
    findings: list[Mapping[str, Any]] = row.findings
    return list(row.notes), {finding["detector"] for finding in findings}


def test_nothing_is_asked_unless_the_settings_say_so() -> None:
    assert made.back_ends() == ()


def test_the_settings_of_a_chat_endpoint_are_used(settings: Any, post: Post) -> None:
    answer = {"choices": [{"message": {"content": json.dumps({"insult": 0.95})}}]}
    with serving(body=answer) as server:
        set_up(settings, screening_chat_url=server.url, screening_chat_model="tiny", screening_chat_key="secret")
        _, posted = post(UNSURE)
    assert len(server.asked) == 1
    assert server.asked[0][0]["Authorization"] == "Bearer secret"
    assert "openai_compatible" in notes_and_findings(posted.own.comment.id)[1]


def test_akismet_says_spam(settings: Any, post: Post) -> None:
    with serving(body=b"true") as server:
        set_up(
            settings,
            screening_akismet_key="key",
            screening_akismet_blog="https://gazette.example/",
            screening_akismet_url=server.url,
        )
        _, posted = post("Un mot ordinaire sur le marché.")
    ((_, body),) = server.asked
    assert parse_qs(body.decode())["blog"] == ["https://gazette.example/"]
    assert "akismet" in notes_and_findings(posted.own.comment.id)[1]


def test_what_does_not_answer_is_noted_and_left_alone(settings: Any, post: Post) -> None:
    with serving(status=500) as server:
        set_up(
            settings,
            screening_akismet_key="key",
            screening_akismet_blog="https://gazette.example/",
            screening_akismet_url=server.url,
        )
        told = []
        for number in range(7):
            _, posted = post(f"Un mot ordinaire, le {number}.")
            assert posted.own.status == "published"
            told += [note for note in notes_and_findings(posted.own.comment.id)[0] if "akismet" in note]
    assert told == ["back_end_unavailable:akismet:status"] * 5 + ["back_end_unavailable:akismet:open"] * 2
    assert len(server.asked) == 5


def test_perspective_is_not_asked_after_its_last_day(
    settings: Any, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(perspective, "LAST_DAY", perspective.LAST_DAY.replace(year=2020))
    with serving(body={}) as server:
        set_up(settings, screening_perspective_key="key", screening_perspective_url=server.url)
        _, posted = post("Un mot ordinaire sur le marché.")
    assert server.asked == []
    assert notes_and_findings(posted.own.comment.id)[0] == ["back_end_unavailable:perspective:ended"]


def test_a_model_that_cannot_be_read_is_noted(settings: Any, post: Post, tmp_path: Path) -> None:
    set_up(settings, screening_onnx_folder=str(tmp_path))
    _, posted = post("Un mot ordinaire sur le marché.")
    assert notes_and_findings(posted.own.comment.id)[0] == ["back_end_unavailable:onnx:missing"]
    (unusable,) = made.back_ends()
    assert isinstance(unusable, made.UnusableModel)
    assert unusable.reason == "model.onnx is missing"


@pytest.mark.parametrize("half", ["screening_chat_url", "screening_akismet_key"])
def test_half_a_setting_stops_the_start(settings: Any, half: str) -> None:
    set_up(settings, **{half: "https://127.0.0.1/"})
    with pytest.raises(ImproperlyConfigured, match="beside it"):
        conf.current()
