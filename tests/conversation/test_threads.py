"""Pages of a thread: every comment once, in order, whatever the sort."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.actions.imports import CommentRecord, import_comments
from comity.actions.sites import change_site, create_site
from comity.queries.shapes import CommentShape, SiteShape, StoryShape
from comity.queries.sites import find_site
from comity.queries.threads import BRANCH_PAGE_SIZE, read_thread
from comity.rules.popularity import wilson_lower_bound
from comity.rules.refusals import Refusal, RefusalCode
from tests.conversation.conftest import START, Clock

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def fill(site: SiteShape, story: StoryShape, clock: Clock, *, roots: int, replies: int = 0) -> None:
    records = []
    for number in range(roots):
        records.append(
            CommentRecord(
                local_id=f"r{number}",
                author_name="Anne",
                text=f"Racine {number}",
                created_at=clock.forward(seconds=1),
                up=(number * 7) % 11,
                down=(number * 5) % 3,
            )
        )
        records.extend(
            CommentRecord(
                local_id=f"r{number}-{reply}",
                parent=f"r{number}" if reply % 3 == 0 else f"r{number}-{reply - 1}",
                author_name="Bert",
                text=f"Réponse {reply} à {number}",
                created_at=clock.forward(seconds=1),
            )
            for reply in range(replies)
        )
    import_comments(site=site, story_key=story.key, records=records)


def flatten(comments: tuple[CommentShape, ...]) -> list[CommentShape]:
    return [each for comment in comments for each in (comment, *flatten(comment.replies))]


@pytest.mark.parametrize("sort", ["newest", "oldest", "popular"])
def test_pages_hold_every_root_once_in_order(sort: str, site: SiteShape, story: StoryShape, clock: Clock) -> None:
    fill(site, story, clock, roots=47)
    seen: list[CommentShape] = []
    cursor: str | None = None
    left_before = 47
    while True:
        page = read_thread(site=site, key=story.key, now=clock.now, sort=sort, cursor=cursor)
        seen.extend(page.comments)
        assert page.roots_left == left_before - len(page.comments)
        left_before = page.roots_left
        cursor = page.next_cursor
        if cursor is None:
            break
    assert page.roots_left == 0
    assert len({each.id for each in seen}) == 47
    if sort == "popular":
        keys = [(-wilson_lower_bound(each.up_count, each.down_count), -each.id) for each in seen]
    else:
        sign = -1 if sort == "newest" else 1
        keys = [(sign * each.created_at.timestamp(), sign * each.id) for each in seen]
    assert keys == sorted(keys)


def test_comments_of_the_same_moment_are_not_lost(site: SiteShape, story: StoryShape) -> None:
    import_comments(
        site=site,
        story_key=story.key,
        records=[CommentRecord(local_id=str(n), author_name="Anne", text=f"{n}", created_at=START) for n in range(45)],
    )
    seen = set()
    cursor = None
    for _ in range(3):
        page = read_thread(site=site, key=story.key, now=START, cursor=cursor)
        seen |= {each.id for each in page.comments}
        cursor = page.next_cursor
    assert len(seen) == 45
    assert cursor is None


def test_a_long_branch_is_cut_and_read_on_its_own(site: SiteShape, story: StoryShape, clock: Clock) -> None:
    fill(site, story, clock, roots=1, replies=250)
    root = read_thread(site=site, key=story.key, now=clock.now).comments[0]
    loaded = flatten((root,))
    assert len(loaded) == 1 + site.branch_size
    assert root.replies_left == 250 - site.branch_size
    seen: set[int] = set()
    cursor = None
    pages = 0
    while True:
        page = read_thread(site=site, key=story.key, now=clock.now, branch_id=root.id, cursor=cursor)
        seen |= {each.id for each in flatten(page.comments)}
        pages += 1
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == 251
    assert pages == -(-250 // BRANCH_PAGE_SIZE)


def test_a_page_costs_the_same_however_long_the_thread(site: SiteShape, story: StoryShape, clock: Clock) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            read_thread(site=site, key=story.key, now=clock.now)
        return len(captured)

    fill(site, story, clock, roots=25, replies=2)
    few = queries()
    for _ in range(3):
        fill(site, story, clock, roots=100)
    assert queries() <= few


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "====",
        "W10",
        "WyJuZXdlc3QiXQ",
        "WyJvbGRlc3QiLDAsMS4wLDFd",
        "WyJuZXdlc3QiLDAsMWUzMDAsMV0",
        "WyJuZXdlc3QiLDAsMSwtMV0",
        "a" * 5000,
    ],
)
def test_foreign_cursors_are_refused(cursor: str, site: SiteShape, story: StoryShape, clock: Clock) -> None:
    with pytest.raises(Refusal) as caught:
        read_thread(site=site, key=story.key, now=clock.now, cursor=cursor)
    assert caught.value.code is RefusalCode.CURSOR_INVALID


def test_unknown_sorts_and_branches_are_refused(
    site: SiteShape, story: StoryShape, other_site: SiteShape, clock: Clock
) -> None:
    with pytest.raises(Refusal):
        read_thread(site=site, key=story.key, now=clock.now, sort="loudest")
    fill(site, story, clock, roots=1)
    root = read_thread(site=site, key=story.key, now=clock.now).comments[0]
    for where, key, branch in ((site, story.key, 10**9), (other_site, story.key, root.id), (site, "autre", root.id)):
        with pytest.raises(Refusal) as caught:
            read_thread(site=where, key=key, now=clock.now, branch_id=branch)
        assert caught.value.code is RefusalCode.COMMENT_UNKNOWN


def test_which_site_is_meant(site: SiteShape) -> None:
    assert find_site(key=None, host="nowhere.example").key == "gazette"  # the only one
    create_site(key="tribune", name="The Tribune", hosts=["Tribune.example"])
    assert find_site(key="tribune", host="gazette.example").key == "tribune"
    assert find_site(key=None, host="TRIBUNE.example").key == "tribune"
    for key, host in (("none", "gazette.example"), (None, "nowhere.example"), ("\x00", None)):
        with pytest.raises(Refusal) as caught:
            find_site(key=key, host=host)
        assert caught.value.code is RefusalCode.SITE_UNKNOWN


def test_a_host_belongs_to_one_site(site: SiteShape, other_site: SiteShape) -> None:
    with pytest.raises(Refusal):
        change_site(key="tribune", hosts=["gazette.example"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("depth_limit", 0),
        ("page_size", -1),
        ("time_zone", "Nowhere/At_All"),
        ("email_requirement", "maybe"),
        ("key", "x"),
    ],
)
def test_settings_that_are_none(name: str, value: object, site: SiteShape) -> None:
    with pytest.raises(Refusal) as caught:
        change_site(key=site.key, settings={name: value})
    assert caught.value.code is RefusalCode.FIELD_INVALID
    assert find_site(key=site.key, host=None) == site
