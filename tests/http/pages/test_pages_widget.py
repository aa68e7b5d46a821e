"""What the widget's script asks of the pages, and the script's own address."""

from __future__ import annotations

import gzip
import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.pages import scripts
from comity.queries.shapes import SiteShape
from comity.web import throttle

ORIGIN = "https://www.gazette.example"


@pytest.fixture
def site(db: None) -> SiteShape:
    throttle._counts.cache_clear()
    made = create_site(key="gazette", name="La Gazette", hosts=["testserver"], domains=["gazette.example"])
    save_story(site=made, key="treve", url="https://gazette.example/treve", title="Une trêve", now=datetime.now(UTC))
    return made


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script in place of the built one, which these tests do not need."""
    path = tmp_path / "comity.js"
    path.write_bytes(b"void 0;")
    (tmp_path / "comity.js.gz").write_bytes(gzip.compress(b"void 0;"))
    monkeypatch.setattr(scripts, "_BUILT", path)
    return path


def headers(token: str | None = None) -> dict[str, str]:
    return {"Origin": ORIGIN, **({"Authorization": f"Comity-Device {token}"} if token else {})}


def test_the_script_may_be_used_by_every_page_and_is_kept_shortly(built: Path) -> None:
    client = Client()
    plain = client.get(reverse("comity:widget"))
    assert plain.content == b"void 0;"
    assert plain["Content-Type"] == "text/javascript; charset=utf-8"
    assert plain["Access-Control-Allow-Origin"] == "*"
    assert plain["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=600" in plain["Cache-Control"]
    assert "Accept-Encoding" in plain["Vary"]
    packed = client.get(reverse("comity:widget"), headers={"Accept-Encoding": "br;q=0, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == b"void 0;"
    assert packed["ETag"] != plain["ETag"]
    again = client.get(reverse("comity:widget"), headers={"If-None-Match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_module_is_kept_for_good_and_only_by_its_own_name(built: Path, site: SiteShape) -> None:
    (built.parent / "acts-0123456789ab.js").write_bytes(b"export {};")
    client = Client()
    folder = reverse("comity:widget").removesuffix("comity.js")
    kept = client.get(f"{folder}acts-0123456789ab.js")
    assert kept.content == b"export {};"
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
    assert kept["Access-Control-Allow-Origin"] == "*"
    assert kept["Content-Type"] == "text/javascript; charset=utf-8"
    older = client.get(f"{folder}acts-ba9876543210.js")
    assert (older.status_code, older.json()["code"]) == (404, "page_unknown")
    assert "immutable" not in older["Cache-Control"]
    for name in ("comity", "page", "acts-0123456789ab.js", "..%2Fcomity"):
        assert client.get(f"{folder}{name}.js").status_code == (200 if name == "comity" else 404)


def test_a_new_build_is_served_at_once(built: Path) -> None:
    client = Client()
    client.get(reverse("comity:widget"))
    built.write_bytes(b"void 1;")
    import os

    os.utime(built, ns=(1, 1))
    assert client.get(reverse("comity:widget")).content == b"void 1;"


def test_a_checkout_without_the_built_script_says_so(built: Path) -> None:
    for path in built.parent.iterdir():
        path.unlink()
    answer = Client().get(reverse("comity:widget"))
    assert (answer.status_code, answer.json()["code"]) == (404, "page_unknown")


def test_a_page_of_the_site_may_post_with_a_token_of_its_own_and_is_answered_at_once(site: SiteShape) -> None:
    client, token = Client(), secrets.token_urlsafe(32)
    address = reverse("comity:post", args=["treve"])
    asked = client.options(address, headers={**headers(), "Access-Control-Request-Method": "POST"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == ORIGIN
    assert {"Authorization", "Idempotency-Key"} <= set(asked["Access-Control-Allow-Headers"].split(", "))
    form = {"text": "Un commentaire courtois.", "author_name": "Anne"}
    answer = client.post(address, form, headers=headers(token))
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert "data-comity-posted" in page
    assert "data-comity-edit" in page
    assert not answer.cookies
    mine = client.get(reverse("comity:mine", args=["treve"]), headers=headers(token)).content.decode()
    assert "Un commentaire courtois." in mine
    stranger = client.get(reverse("comity:mine", args=["treve"]), headers=headers(secrets.token_urlsafe(32)))
    assert "Un commentaire courtois." not in stranger.content.decode()


def test_a_page_of_another_site_reads_only_what_everybody_may(site: SiteShape) -> None:
    client = Client()
    foreign = {"Origin": "https://elsewhere.example"}
    thread = client.get(reverse("comity:thread", args=["treve"]), headers=foreign)
    assert thread["Access-Control-Allow-Origin"] == "*"
    mine = client.get(reverse("comity:mine", args=["treve"]), headers=foreign)
    assert "Access-Control-Allow-Origin" not in mine
    form = {"text": "Un commentaire courtois.", "author_name": "Anne"}
    posted = client.post(reverse("comity:post", args=["treve"]), form, headers=foreign)
    assert posted.status_code == 403
    asked = client.options(
        reverse("comity:post", args=["treve"]), headers={**foreign, "Access-Control-Request-Method": "POST"}
    )
    assert "Access-Control-Allow-Origin" not in asked


def test_public_pages_say_the_same_whoever_asks(site: SiteShape) -> None:
    """A shared cache that kept the answer to a reader without `Origin` must serve the widget too."""
    client = Client()
    address = reverse("comity:thread", args=["treve"])
    assert client.get(address)["Access-Control-Allow-Origin"] == "*"
    assert "Origin" not in client.get(address).get("Vary", "")
