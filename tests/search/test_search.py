"""Finding comments, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from comity.actions.editing import edit_comment, withdraw_comment
from comity.actions.imports import CommentRecord, import_comments
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.models import SearchEntry
from comity.queries.search import search_thread
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEXTS = (
    "La trêve tiendra-t-elle cet été ?",
    "L’Été dernier, rien de tel : *aucune* trêve.",
    "Le cœur de la question est ailleurs.",
    "השלום יגיע, שָׁלוֹם לכולם.",
    'Un <b>signe</b> & "une" question d\'argent.',
)


@pytest.fixture
def site(db: None) -> SiteShape:
    return create_site(key="gazette", name="La Gazette", hosts=["gazette.example"], domains=["gazette.example"])


def write(site: SiteShape, key: str, *texts: str, status: CommentStatus = CommentStatus.PUBLISHED) -> None:
    save_story(site=site, key=key, url=f"https://gazette.example/{key}", title="Une histoire", now=NOW)
    records = [
        CommentRecord(
            local_id=str(number),
            author_name="Zoé",
            text=text,
            created_at=NOW + timedelta(minutes=number),
            status=status,
        )
        for number, text in enumerate(texts)
    ]
    import_comments(site=site, story_key=key, records=records)


def found(site: SiteShape, query: str, key: str = "treve") -> list[str]:
    hits = search_thread(site=site, key=key, query=query, now=NOW).hits
    return ["".join(piece.text for piece in hit.excerpt) for hit in hits]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("trêve", [1, 0]),
        ("TREVE", [1, 0]),
        ("tre", [1, 0]),
        ("treve ete", [1, 0]),
        ("treve elle", [0]),
        ("coeur", [2]),
        ("שלום", [3]),
        ("zoe", [4, 3, 2, 1, 0]),
        ("reve", []),
        ('tre* OR "question', []),
        ("question ailleurs", [2]),
    ],
)
def test_what_is_found_newest_first(site: SiteShape, query: str, places: list[int]) -> None:
    write(site, "treve", *TEXTS)
    write(site, "autre", *TEXTS)
    plain = [text.replace("*", "") for text in TEXTS]
    assert found(site, query) == [plain[place] for place in places]


def test_only_what_is_published_is_found(site: SiteShape) -> None:
    write(site, "treve", "Une trêve.", status=CommentStatus.HELD)
    assert found(site, "treve") == []
    assert SearchEntry.objects.count() == 0


def test_edits_and_withdrawals_change_what_is_found(site: SiteShape) -> None:
    write(site, "treve", "Une trêve.")
    (hit,) = search_thread(site=site, key="treve", query="treve", now=NOW).hits
    from comity.models import Comment, Device

    device = Device.objects.create(site_id=site.id, token_digest="d" * 64)
    Comment.objects.filter(pk=hit.comment.id).update(device=device)
    actor = Actor(site_id=site.id, device_id=device.pk, network_digest="n" * 64)
    later = NOW + timedelta(minutes=1)
    edit_comment(actor=actor, site=site, comment_id=hit.comment.id, text="Une paix.", now=later, language="fr")
    published = Comment.objects.get(pk=hit.comment.id).status == CommentStatus.PUBLISHED
    assert found(site, "treve") == []
    assert found(site, "paix") == (["Une paix."] if published else [])
    withdraw_comment(actor=actor, site=site, comment_id=hit.comment.id, now=later, language="fr")
    assert found(site, "paix") == []
    assert SearchEntry.objects.count() == 0


def test_no_more_than_asked_and_it_is_said(site: SiteShape) -> None:
    write(site, "treve", *(f"Trêve {number}" for number in range(5)))
    answer = search_thread(site=site, key="treve", query="treve", now=NOW, limit=3)
    assert (len(answer.hits), answer.more) == (3, True)


@pytest.mark.parametrize("query", ["", "   ", "?!", "a" * 201])
def test_a_query_without_words_or_too_long(site: SiteShape, query: str) -> None:
    with pytest.raises(Refusal) as refused:
        search_thread(site=site, key="treve", query=query, now=NOW)
    assert (refused.value.code, refused.value.field) == (RefusalCode.FIELD_INVALID, "q")


def test_an_unknown_story_holds_nothing(site: SiteShape) -> None:
    assert found(site, "treve", key="jamais-vue") == []


def test_the_migration_lets_what_is_there_be_found(site: SiteShape) -> None:
    write(site, "treve", *TEXTS)
    SearchEntry.objects.all().delete()
    assert found(site, "treve") == []
    import_module("comity.migrations.0004_search").fill(apps, None)
    assert len(found(site, "treve")) == 2


def test_the_index_is_used(site: SiteShape) -> None:
    write(site, "treve", *TEXTS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT comment_id FROM comity_searchentry "
                "WHERE array_to_tsvector(string_to_array(words, ' ')) @@ '''treve'':*'::tsquery"
            )
            assert "comity_search" in str(cursor.fetchall())
        else:
            cursor.execute("EXPLAIN QUERY PLAN SELECT rowid FROM comity_search WHERE comity_search MATCH 'words: tre*'")
            assert "VIRTUAL TABLE INDEX" in str(cursor.fetchall())


def test_the_page_and_the_interface(site: SiteShape) -> None:
    write(site, "treve", *TEXTS)
    client = Client(HTTP_HOST="gazette.example")
    page = client.get("/threads/treve/search?q=signe").content.decode()
    assert "&lt;b&gt;<mark>signe</mark>&lt;/b&gt; &amp; &quot;une&quot; question" in page
    assert client.get("/threads/treve/search").status_code == 200
    refused = client.get("/threads/treve/search", {"q": "a" * 201})
    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()
    answer = client.get("/api/v1/threads/treve/search?q=ete", headers={"Origin": "https://anybody.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    body = answer.json()
    assert [each["excerpt"] for each in body["hits"]] == [
        "L’<mark>Été</mark> dernier, rien de tel : aucune trêve.",
        "La trêve tiendra-t-elle cet <mark>été</mark> ?",
    ]
    assert client.get("/api/v1/threads/treve/search?q=").json()["code"] == "field_invalid"


def test_the_form_stands_where_there_is_something_to_search(site: SiteShape) -> None:
    write(site, "peu", "Un.", "Deux.")
    write(site, "treve", *(f"Trêve {number}" for number in range(10)))
    client = Client(HTTP_HOST="gazette.example")
    is_there: Callable[[str], bool] = lambda key: "data-comity-search" in client.get(f"/threads/{key}").content.decode()  # noqa: E731 - a word for one test
    assert (is_there("peu"), is_there("treve")) == (False, True)
