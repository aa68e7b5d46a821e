"""One walk over every route of the app with staff, tokens and keys of another site; and one that only reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from comity.actions.keys import create_site_key
from comity.actions.readers import add_staff
from comity.actions.stories import save_story
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import StaffRole
from comity.rules.signatures import header_value
from comity.rules.statuses import StoryState
from tests.http.api.conftest import PASSWORD, Program
from tests.http.api.routes import every_address

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SECRETS = ("Mots en attente ailleurs", "discret@tribune.example")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORM = {
    "text": "Des mots venus d’ailleurs.",
    "author_name": "Anne",
    "value": "1",
    "move": "publish",
    "rule_key": "insult",
    "title": "Un titre venu d’ailleurs",
    "key": "secrete",
}


def _rows_of(site_id: int) -> dict[str, list[str]]:
    """Every row that belongs to a site, model by model, as text."""
    found = {}
    for model in apps.get_app_config("comity").get_models():
        names = {each.name for each in model._meta.get_fields()}
        if "site" in names:
            rows = model._default_manager.filter(site_id=site_id).order_by("pk")
            found[model.__name__] = [serializers.serialize("json", [row]) for row in rows]
    return found


def _everything() -> dict[str, list[str]]:
    """Every row of every table of the project but sessions, as text."""
    return {
        model._meta.label: [serializers.serialize("json", [row]) for row in model._default_manager.order_by("pk")]
        for model in apps.get_models()
        if model._meta.app_label != "sessions"
    }


@pytest.fixture
def secret_comment(other_site: SiteShape) -> int:
    """A held comment on a pre-moderated story of the other site."""
    save_story(
        site=other_site,
        key="secrete",
        url="https://tribune.example/secrete",
        title="The story",
        state=StoryState.PRE_MODERATED,
        now=datetime.now(UTC),
    )
    held = Program(other_site).post("secrete", SECRETS[0], author_email=SECRETS[1])
    assert held.status_code == 202
    return int(held.json()["comment"]["id"])


def test_nobody_of_one_site_reads_or_changes_another(
    api: Program, editor: Client, other_site: SiteShape, story: StoryShape, secret_comment: int, settings: Settings
) -> None:
    settings.COMITY = {**settings.COMITY, "limits_enabled": False}
    add_staff(site=other_site, username="john", role=StaffRole.EDITOR, name="John Desk", password=PASSWORD)
    api.post("treve", "Pour avoir un jeton.")
    key_id, secret = create_site_key(site=api.site or other_site, label="CMS", now=datetime.now(UTC))
    before = _rows_of(other_site.id)
    own_page = {"Sec-Fetch-Site": "same-origin"}
    body = b'{"text": "Des mots venus d\'ailleurs.", "value": 1, "author_name": "Anne", "title": "Un titre"}'
    walked = 0
    for name, path, names_comment in every_address(key="secrete", comment_id=secret_comment):
        for method in METHODS:
            for site_key in ("gazette", "tribune"):
                query = urlencode({"site": site_key, "key": "secrete", "filter": f"branch:{secret_comment}"})
                signed = header_value(
                    secret,
                    key_id=key_id,
                    time=int(datetime.now(UTC).timestamp()),
                    method=method,
                    path=f"{path}?{query}",
                    body=body,
                )
                token = {"Authorization": f"Comity-Device {api.token}", "Comity-Signature": signed}
                if site_key == "tribune" and name in {"api-post", "post"} and method == "POST":
                    continue  # anybody may write to any site as a new guest: nothing of the other site is used
                answers: list[Any] = [
                    editor.generic(
                        method, path, body, "application/json", headers={**own_page, **token}, QUERY_STRING=query
                    ),
                    editor.generic(
                        method,
                        path,
                        urlencode(FORM).encode(),
                        "application/x-www-form-urlencoded",
                        headers=own_page,
                        QUERY_STRING=query,
                    ),
                    Client().generic(method, path, body, "application/json", headers=token, QUERY_STRING=query),
                ]
                for answer in answers:
                    walked += 1
                    told = answer.content.decode(errors="replace") if not answer.streaming else ""
                    assert answer.status_code < 500, (name, method, site_key)
                    for each in SECRETS:
                        assert each not in told, (name, method, site_key)
                    if names_comment:
                        assert answer.status_code in {302, 303, 400, 401, 403, 404, 405, 409, 415, 422}, (name, method)
        assert _rows_of(other_site.id) == before, name
    assert walked > 100


def test_a_get_never_writes(
    api: Program, editor: Client, other_site: SiteShape, story: StoryShape, secret_comment: int, settings: Settings
) -> None:
    settings.COMITY = {**settings.COMITY, "limit_storage": "comity+table://"}
    comment_id = api.post("treve", "À lire.").json()["comment"]["id"]
    before = _everything()
    for key in ("treve", "jamais-vue"):
        for name, path, _ in every_address(key=key, comment_id=comment_id):
            for method in ("GET", "HEAD", "OPTIONS"):
                for client, headers in (
                    (Client(), {}),
                    (Client(), {"Authorization": f"Comity-Device {api.token}"}),
                    (Client(), {"Authorization": f"Comity-Device {'n' * 43}"}),
                    (editor, {"Sec-Fetch-Site": "same-origin"}),
                ):
                    with CaptureQueriesContext(connection) as queries:
                        client.generic(method, path, headers=headers, QUERY_STRING=f"site=gazette&key={key}")
                    written = [each["sql"] for each in queries if not each["sql"].strip().upper().startswith("SELECT")]
                    assert not written, (name, method)
    assert _everything() == before


def test_unknown_parameters_make_no_difference_anywhere(api: Program, story: StoryShape) -> None:
    comment_id = api.post("treve", "À lire.").json()["comment"]["id"]
    for name, path, _ in every_address(key="treve", comment_id=comment_id):
        plain = api.client.get(path, QUERY_STRING="site=gazette&key=treve")
        more = api.client.get(path, QUERY_STRING="utm_source=x&site=gazette&_=7&key=treve&page=2&fbclid=y")
        assert more.status_code == plain.status_code, name
        if "public" in plain.headers.get("Cache-Control", ""):
            assert (more.content, more.headers["ETag"]) == (plain.content, plain.headers["ETag"]), name
