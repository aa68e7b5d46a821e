"""Writing without JavaScript: posting, replying, previewing, editing, withdrawing, voting; and every refusal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from comity.actions.house_rules import save_house_rule
from comity.queries.shapes import SiteShape
from comity.rules.limits import LIMITS, Purpose
from tests.http.pages.conftest import Reader, address

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LINKS = " ".join(f"https://site{number}.example" for number in range(6))
WAITING = (
    f"Voyez {LINKS} pour vous faire une idée de la question, puis dites-nous ce que vous en pensez, car le sujet est "
    "loin d’être simple et mérite une longue réflexion."
)


def test_a_posted_comment_is_shown_to_its_author_and_to_all(reader: Reader, other: Reader) -> None:
    page = reader.send("post", "treve", form={"text": "Un mot *juste*.", "author_name": "Anne"})
    (redirect, status) = page.redirect_chain[0]
    assert status == 303
    assert redirect.startswith(address("mine", "treve"))
    text = page.content.decode()
    assert "Votre commentaire est publié." in text
    assert "<em>juste</em>" in text
    assert "Modifier" in text
    assert "Retirer" in text
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex"
    assert "<em>juste</em>" in other.read("thread", "treve").content.decode()
    assert "Un mot" not in other.read("mine", "treve").content.decode()


def test_the_device_s_cookie_is_closed_to_scripts_and_to_other_sites(reader: Reader, site: SiteShape) -> None:
    page = reader.client.post(
        address("post", "treve", site=site.key),
        {"text": "Un commentaire.", "author_name": "Anne"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    cookie = page.cookies[f"comity_device_{site.id}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == address("home")


def test_a_comment_that_waits_is_seen_by_its_author_alone(reader: Reader, other: Reader) -> None:
    page = reader.send("post", "treve", form={"text": WAITING, "author_name": "Anne"})
    text = page.content.decode()
    assert "En attente de relecture, visible par vous seul" in text
    assert "site3.example" in text
    assert "site3.example" not in other.read("thread", "treve").content.decode()
    assert "0 commentaire<" in other.read("thread", "treve").content.decode()


def test_a_reply_hangs_from_its_comment(reader: Reader, other: Reader) -> None:
    number = reader.post("treve", "La racine.")
    form = other.read("reply", number)
    assert "La racine." in form.content.decode()
    assert "Répondre" in form.content.decode()
    reply = other.reply(number, "La réponse.")
    text = other.read("thread", "treve").content.decode()
    assert re.search(rf'id="comment-{number}".*<details class="comity-replies" open>.*id="comment-{reply}"', text, re.S)


def test_the_preview_shows_the_words_and_keeps_the_form(reader: Reader) -> None:
    page = reader.send("preview", "treve", form={"text": "Un mot **fort**.", "author_name": "Anne & Cie"})
    text = page.content.decode()
    assert "<strong>fort</strong>" in text
    assert "Un mot **fort**.</textarea>" in text
    assert 'value="Anne &amp; Cie"' in text
    assert "0 commentaire<" in reader.read("thread", "treve").content.decode()


def test_the_preview_of_a_reply_goes_on_as_a_reply(reader: Reader) -> None:
    number = reader.post("treve")
    page = reader.send("preview", "treve", form={"text": "Une réponse.", "parent_id": number})
    assert f'action="{address("reply", number)}?site=gazette"' in page.content.decode()


def test_a_first_comment_makes_the_story_of_a_new_key(reader: Reader) -> None:
    assert 'name="story_url"' in reader.read("thread", "nouvelle").content.decode()
    reader.post("nouvelle", story_url="https://gazette.example/nouvelle")
    text = reader.read("thread", "nouvelle").content.decode()
    assert 'name="story_url"' not in text
    assert "1 commentaire<" in text


@pytest.mark.parametrize(
    ("form", "status", "sentence", "field"),
    [
        ({"text": ""}, 422, "Veuillez écrire un commentaire.", "text"),
        ({"text": "x"}, 422, "trop court", "text"),
        ({"text": "x" * 5001}, 422, "trop long", "text"),
        ({"author_name": ""}, 422, "Veuillez indiquer un nom.", "author_name"),
        ({"author_name": "n" * 81}, 422, "Ce nom est trop long", "author_name"),
        ({"author_name": "!!!"}, 422, "ni lettre ni chiffre", "author_name"),
        ({"author_name": "La Gazette"}, 422, "Ce nom est réservé.", "author_name"),
        ({"author_email": "pas une adresse"}, 422, "Cette adresse e-mail n’est pas valable.", "author_email"),
    ],
)
def test_a_refused_form_comes_back_with_all_that_was_typed(
    reader: Reader, form: dict[str, object], status: int, sentence: str, field: str
) -> None:
    typed = {"text": "Mon texte, assez long.", "author_name": "Anne", "author_email": "anne@gazette.example", **form}
    page = reader.send("post", "treve", form=typed)
    text = page.content.decode()
    assert page.status_code == status
    assert sentence in text
    assert f'aria-describedby="root-{field}-error' in text
    assert f'id="root-{field}-error"' in text
    assert f"\n{typed['text']}</textarea>" in text
    for name in ("author_name", "author_email"):
        assert f'name="{name}" type="{"text" if name == "author_name" else "email"}" value="{typed[name]}"' in text


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/x", "http://gazette.example/x"])
def test_the_address_of_a_new_story_must_be_the_site_s(reader: Reader, url: str) -> None:
    form = {"text": "Un commentaire.", "author_name": "Anne", "story_url": url}
    page = reader.send("post", "nouvelle", form=form)
    assert page.status_code == 422
    assert 'id="root-story_url-error"' in page.content.decode()
    assert "Un commentaire.</textarea>" in page.content.decode()


def test_markup_is_shown_as_it_was_typed(reader: Reader) -> None:
    reader.post("treve", "<script>alert(1)</script> <img src=x onerror=alert(1)> [lien](javascript:alert(1))")
    text = reader.read("thread", "treve").content.decode()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert "&lt;script&gt;" in text


def test_a_duplicate_is_refused_politely(reader: Reader) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=5), tick=False):
        reader.post("treve", "Exactement les mêmes mots.")
    page = reader.send("post", "treve", form={"text": "Exactement les mêmes mots.", "author_name": "Anne"})
    assert page.status_code == 409
    assert "Vous avez déjà publié ce commentaire." in page.content.decode()


def test_a_double_click_posts_once(reader: Reader) -> None:
    first, second = reader.post("treve", "Un double clic."), reader.post("treve", "Un double clic.")
    assert first == second
    assert "1 commentaire<" in reader.read("thread", "treve").content.decode()


def test_too_many_posts_keep_the_text(reader: Reader) -> None:
    allowed = LIMITS[Purpose.POST].newcomers[0].count
    for _ in range(allowed):
        reader.client.cookies.clear()
        reader.send("post", "treve", form={"text": ""})
    page = reader.send("post", "treve", form={"text": "Mon long texte.", "author_name": "Anne"})
    assert page.status_code == 429
    assert int(page["Retry-After"]) > 0
    assert "Mon long texte.</textarea>" in page.content.decode()
    assert "Trop de demandes." in page.content.decode()


def test_a_post_of_another_site_is_refused_and_its_text_not_offered(reader: Reader) -> None:
    form = {"text": "Posté de force.", "author_name": "Anne"}
    page = reader.send(
        "post", "treve", form=form, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    )
    assert page.status_code == 403
    assert "Posté de force." not in page.content.decode()
    assert "0 commentaire<" in reader.read("thread", "treve").content.decode()


def test_words_for_a_comment_that_is_gone_are_given_back(reader: Reader) -> None:
    page = reader.send("reply", 999_999, form={"text": "Ma réponse perdue ?", "author_name": "Anne"})
    assert page.status_code == 404
    assert "Ma réponse perdue ?</textarea>" in page.content.decode()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"text=%ff%fe&author_name=Anne", 400), (b"&".join(b"a%d=1" % number for number in range(200)), 400)],
)
def test_bodies_that_cannot_be_read(reader: Reader, body: bytes, status: int) -> None:
    page = reader.client.post(
        address("post", "treve", site="gazette"),
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert page.status_code == status
    assert "L’envoi est illisible." in page.content.decode()


def test_a_get_of_a_form_s_address_leads_back(reader: Reader) -> None:
    for name in ("post", "preview"):
        page = reader.read(name, "treve")
        assert page.status_code == 303
        assert page["Location"].startswith(address("thread", "treve"))


def _away(*_arguments: object) -> None:
    raise OperationalError("the connection is closed")


@pytest.mark.parametrize(
    ("name", "form"), [("post", {"text": "Un texte précieux."}), ("preview", {"text": "Un texte précieux."})]
)
def test_with_the_database_away_the_text_stays_in_a_form(reader: Reader, name: str, form: dict[str, object]) -> None:
    with connection.execute_wrapper(_away):
        page = reader.send(name, "treve", form={**form, "author_name": "Anne"}, lang="fr")
    text = page.content.decode()
    assert page.status_code == 503
    assert int(page["Retry-After"]) > 0
    assert "Un texte précieux.</textarea>" in text
    assert 'value="Anne"' in text
    assert "Rien de ce que vous avez écrit n’est perdu." in text
    assert f'action="{address(name, "treve")}?' in text


def test_with_the_database_away_a_page_says_so(reader: Reader) -> None:
    with connection.execute_wrapper(_away):
        page = reader.read("thread", "treve", lang="fr")
    assert page.status_code == 503
    assert "Le service est indisponible pour un instant." in page.content.decode()


ADVISING_RULE = {
    "key": "shouting",
    "title": {"fr": "Ton posé"},
    "text": {"fr": "On se parle sans crier."},
    "ground": {"kind": "terms", "reference": {"fr": "Charte de la Gazette"}},
    "categories": ["values"],
    "outcome": "advise",
    "thresholds": {"advise": 0.5},
    "words": ["saperlipopette"],
}


@pytest.mark.parametrize("embedded", [False, True], ids=["page", "widget"])
def test_advice_comes_with_all_that_was_typed_and_the_next_post_is_decided(
    reader: Reader, site: SiteShape, embedded: bool
) -> None:
    save_house_rule(site=site, document=ADVISING_RULE)
    headers = {"Authorization": f"Comity-Device {'x' * 43}"} if embedded else {}
    typed: dict[str, object] = {"text": "Saperlipopette, <b>quelle</b> trêve !", "author_name": "Anne"}
    page = reader.send("post", "treve", form=typed, headers=headers)
    text = page.content.decode()
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert "data-comity-advice" in text
    assert "data-comity-notice" not in text
    assert "« Ton posé »" in text.replace("\u202f", " ")
    assert "On se parle sans crier." in text
    assert "Saperlipopette, &lt;b&gt;quelle&lt;/b&gt; trêve !" in text
    assert "Modifier" in text
    assert "Publier tel quel" in text
    found = re.search(r'name="advice_token" value="([^"]+)"', text)
    assert found
    # Seeing how it looks, or a mistake in another field, keeps the advice that was had.
    for name, changed in (("preview", {}), ("post", {"author_name": ""})):
        again = reader.send(
            name, "treve", form={**typed, **changed, "advice_token": found[1]}, headers=headers
        ).content.decode()
        assert f'name="advice_token" value="{found[1]}"' in again
        assert "data-comity-advice" not in again
    done = reader.send("post", "treve", form={**typed, "advice_token": found[1]}, headers=headers).content.decode()
    assert "Votre commentaire est publié." in done
