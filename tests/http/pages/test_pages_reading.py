"""What everybody reads: the first page, stories, threads, permalinks, the house rules, the embedded fragments."""

from __future__ import annotations

import re

import pytest
from django.utils.html import escape

from comity.actions.sites import change_site
from comity.actions.stories import save_story
from comity.queries.shapes import SiteShape, StoryShape
from tests.http.pages.conftest import NOW, Reader, address

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NBSP, NNBSP = "\u00a0", "\u202f"


def test_the_first_page_lists_stories_with_their_counts(reader: Reader) -> None:
    reader.post("treve")
    text = reader.read("home").content.decode()
    assert "Une trêve" in text
    assert "1 commentaire<" in text
    assert "International" in text


def test_a_story_stands_alone_with_its_conversation(reader: Reader) -> None:
    reader.post("treve", "Le premier mot.")
    text = reader.read("story", "treve").content.decode()
    for expected in (
        "<h1",
        "Une trêve",
        "USNEWS",
        "Inès Valmont",
        "1er mai 2026",
        "<p>Un texte.</p>",
        "Le premier mot.",
    ):
        assert expected in text
    assert '<html lang="fr" dir="ltr">' in text


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [(0, "0 commentaire", "0 comments"), (1, "1 commentaire", "1 comment"), (2, "2 commentaires", "2 comments")],
)
def test_the_count_has_each_language_s_plural(reader: Reader, count: int, french: str, english: str) -> None:
    for number in range(count):
        reader.post("treve", f"Un commentaire, le numéro {number}.")
    assert f">{french}<" in reader.read("thread", "treve").content.decode()
    assert f">{english}<" in reader.read("thread", "treve", lang="en").content.decode()


def test_a_key_nobody_has_used_is_an_empty_conversation(reader: Reader) -> None:
    page = reader.read("thread", "personne")
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex"
    assert "0 commentaire<" in page.content.decode()
    assert "Ouvrez la conversation." in page.content.decode()


def test_three_orders_each_a_link(reader: Reader) -> None:
    first, second = reader.post("treve", "Le plus ancien des deux."), reader.post("treve", "Le plus récent des deux.")
    Reader(reader.site).send("vote", first, form={"value": "1"})
    orders = {}
    for sort in ("newest", "oldest", "popular"):
        text = reader.read("thread", "treve", sort=sort).content.decode()
        orders[sort] = [int(each) for each in re.findall(r'<article class="comity-comment" id="comment-(\d+)"', text)]
        assert len(re.findall(r'aria-current="true"', text)) == 1
        for words in ("Le plus récent", "Le plus ancien", "Le plus populaire"):
            assert words in text
    assert orders == {"newest": [second, first], "oldest": [first, second], "popular": [first, second]}


def test_only_one_order_is_for_search_engines(reader: Reader) -> None:
    reader.post("treve")
    assert "X-Robots-Tag" not in reader.read("thread", "treve")
    page = reader.read("thread", "treve", sort="popular")
    assert page["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in page.content.decode()


def test_pages_are_crawlable_and_lose_no_comment(reader: Reader) -> None:
    posted = {reader.post("treve", f"Un commentaire, le numéro {number}.") for number in range(8)}
    where = address("thread", "treve", site="gazette")
    seen: list[int] = []
    for _ in range(5):
        text = reader.client.get(where).content.decode()
        seen += [int(each) for each in re.findall(r'<article class="comity-comment" id="comment-(\d+)"', text)]
        following = re.search(r'<a class="comity-button" rel="next" href="([^"]+)"', text)
        if following is None:
            break
        where = following[1].replace("&amp;", "&")
    assert seen == sorted(posted, reverse=True)


def test_show_all_comments_shows_all(reader: Reader) -> None:
    posted = {reader.post("treve", f"Un commentaire, le numéro {number}.") for number in range(8)}
    first = reader.read("thread", "treve").content.decode()
    link = re.search(r'<a href="([^"]+)" data-comity-all>Afficher tous les commentaires</a>', first)
    assert link
    text = reader.client.get(link[1].replace("&amp;", "&")).content.decode()
    assert {int(each) for each in re.findall(r'id="comment-(\d+)"', text)} == posted
    assert 'rel="next"' not in text


def test_a_permalink_shows_what_the_comment_replies_to_and_its_replies(reader: Reader, other: Reader) -> None:
    root = reader.post("treve", "La racine.")
    reply = other.reply(root, "La réponse.")
    deeper = reader.reply(reply, "La suite.")
    text = other.read("comment", reply).content.decode()
    places = [text.index(f'id="comment-{each}"') for each in (root, reply, deeper)]
    assert places == sorted(places)
    assert 'rel="canonical"' in text


def test_a_branch_stands_alone(reader: Reader, other: Reader) -> None:
    root = reader.post("treve", "La racine.")
    other.reply(root, "La réponse.")
    reader.post("treve", "Un autre sujet.")
    text = reader.read("thread", "treve", filter=f"branch:{root}").content.decode()
    assert "La réponse." in text
    assert "Un autre sujet." not in text
    assert "Afficher tous les commentaires" in text


def test_a_folded_branch_says_who_is_in_it(reader: Reader, other: Reader) -> None:
    root = reader.post("treve")
    for name in ("Anne", "Benoît", "Chloé", "David"):
        Reader(reader.site).reply(root, f"Une réponse de {name}.", name)
    text = reader.read("thread", "treve").content.decode()
    assert "4 réponses d’<bdi>Anne</bdi>, <bdi>Benoît</bdi> et 2 autres" in text


def test_public_pages_are_the_same_for_everybody_and_revalidate(reader: Reader, other: Reader) -> None:
    number = reader.post("treve")
    for name, parts in (("home", ()), ("story", ("treve",)), ("thread", ("treve",)), ("comment", (number,))):
        mine, theirs = reader.read(name, *parts), other.read(name, *parts)
        assert mine.content == theirs.content
        assert "Set-Cookie" not in theirs.headers
        assert "Vary" not in theirs.headers or "Cookie" not in theirs["Vary"]
        assert theirs["Cache-Control"].startswith("public, max-age=0")
        assert other.read(name, *parts, headers={"If-None-Match": theirs["ETag"]}).status_code == 304
        assert "csrf" not in theirs.content.decode()


def test_parameters_nobody_knows_make_no_difference(reader: Reader) -> None:
    plain, odd = reader.read("thread", "treve"), reader.read("thread", "treve", utm_source="x", page="2")

    assert odd.content == plain.content


def test_site_and_language_of_the_address_are_carried_on(reader: Reader) -> None:
    number = reader.post("treve")
    text = reader.read("thread", "treve", lang="en").content.decode()
    assert f'href="{address("comment", number)}?site=gazette&amp;lang=en"' in text
    assert "Newest" not in text  # one root comment needs no order
    assert "Join the conversation" in text


def test_right_to_left_words_keep_their_direction(reader: Reader) -> None:
    reader.post("treve", "שלום לכולם, קראתי את הכתבה בעניין רב.", "נועה")
    text = reader.read("thread", "treve").content.decode()
    assert re.search(r'class="comity-body" dir="auto"[^>]*><p[^>]*>שלום', text)
    assert '<bdi itemprop="name">נועה</bdi>' in text


def test_a_website_is_linked_without_credit(site: SiteShape, story: StoryShape) -> None:
    shown = Reader(change_site(key=site.key, settings={"website_field": True}))
    shown.post("treve", author_website="https://anne.example")
    text = shown.read("thread", "treve").content.decode()
    assert '<a href="https://anne.example/" rel="ugc nofollow noopener noreferrer"' in text


def test_the_house_rules_are_listed_and_stand_under_the_form(reader: Reader) -> None:
    sentence = "La rédaction retirera d’office tout commentaire antisémite, raciste, diffamatoire ou injurieux"
    assert sentence in reader.read("house-rules").content.decode()
    assert sentence in reader.read("thread", "treve").content.decode()
    assert reader.read("house-rules").content.decode().count("<dt ") >= 8


def test_every_page_of_a_story_leads_to_the_right_of_reply(reader: Reader) -> None:
    link = f'href="{escape(address("right-of-reply", "treve", site="gazette"))}"'
    number = reader.post("treve")
    for page in (("story", "treve"), ("thread", "treve"), ("comment", number), ("report", number), ("reply", number)):
        assert link in reader.read(*page).content.decode(), page
    # What is asked for needs a story that is known.
    assert "/right-of-reply" not in reader.read("thread", "inconnue").content.decode()


def test_a_closed_story_has_no_form_and_no_votes(reader: Reader, site: SiteShape) -> None:
    from comity.rules.statuses import StoryState

    reader.post("treve")
    save_story(site=site, key="treve", title="Une trêve", body_source="Un texte.", state=StoryState.CLOSED, now=NOW)
    text = reader.read("thread", "treve").content.decode()
    assert "Les commentaires de cet article sont fermés." in text
    assert "<form" not in text
    assert "Répondre" not in text


def test_the_embedded_thread_is_the_page_s_own(reader: Reader) -> None:
    reader.post("treve")
    fragment = reader.read("embed-thread", key="treve")
    assert fragment["Access-Control-Allow-Origin"] == "*"
    assert fragment.content.decode() in reader.read("thread", "treve").content.decode()


def test_counts_of_several_stories(reader: Reader) -> None:
    reader.post("treve")
    text = reader.client.get(address("embed-count") + "?site=gazette&key=treve&key=personne").content.decode()
    assert '<li data-key="treve" data-count="1">1 commentaire</li>' in text
    assert '<li data-key="personne" data-count="0">0 commentaire</li>' in text


@pytest.mark.parametrize("query", ["", "&".join(f"key=k{number}" for number in range(101))])
def test_counts_of_none_or_too_many_are_refused(reader: Reader, query: str) -> None:
    answer = reader.client.get(f"{address('embed-count')}?site=gazette&{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] == "field_invalid"


@pytest.mark.parametrize(("accent", "body"), [("#2a6f4e", ":root{--comity-accent:#2a6f4e}\n"), ("", "")])
def test_the_site_s_colour_is_a_style_sheet(site: SiteShape, accent: str, body: str) -> None:
    changed = Reader(change_site(key=site.key, settings={"accent": accent}))
    sheet = changed.read("accent")
    assert sheet["Content-Type"].startswith("text/css")
    assert sheet.content.decode() == body
    assert ("accent.css" in changed.read("home").content.decode()) is bool(accent)


@pytest.mark.parametrize(
    ("name", "parts", "query", "status"),
    [
        ("story", ("personne",), {}, 404),
        ("comment", (999_999,), {}, 404),
        ("comment", (2**70,), {}, 404),
        ("thread", ("treve",), {"sort": "best"}, 422),
        ("thread", ("treve",), {"cursor": "nonsense"}, 400),
        ("thread", ("treve",), {"filter": "branch:999999"}, 404),
        ("thread", ("treve",), {"filter": "nothing"}, 422),
        ("thread", ("x" * 201,), {}, 422),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_cannot_be_read_is_a_page_in_the_reader_s_language(
    reader: Reader, name: str, parts: tuple[object, ...], query: dict[str, str], status: int, language: str
) -> None:
    page = reader.read(name, *parts, lang=language, **query)
    assert page.status_code == status
    assert page["Content-Type"].startswith("text/html")
    assert page["Content-Language"] == language
    assert page["Cache-Control"] == "private, no-store"
    assert f'<html lang="{language}"' in page.content.decode()
    assert 'role="alert"' in page.content.decode()


def test_an_unknown_site_is_said(reader: Reader) -> None:
    page = reader.client.get(address("home", site="personne", lang="fr"))
    assert page.status_code == 404
    assert "Ce site est inconnu ici." in page.content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(reader: Reader, method: str) -> None:
    page = getattr(reader.client, method)(address("story", "treve", site="gazette"))
    assert page.status_code == 405
    assert page["Allow"] == "GET, HEAD"
