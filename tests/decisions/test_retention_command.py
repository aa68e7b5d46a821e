"""`comity retention`, `comity erase`, and what `comity doctor` says of them; the chain holds afterwards."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from comity.actions.comments import post_comment
from comity.actions.preservation import preserve_case
from comity.actions.reports import file_report
from comity.cli import doctor
from comity.cli.__main__ import main
from comity.models import Comment, CommentRevision, Device, Report, RetentionPass
from comity.queries.decisions import verify_chain
from comity.queries.reports import open_cases
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import Actor
from comity.rules.reports import check_notice

pytestmark = pytest.mark.django_db
Say = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs words, gives standard input, and gives what was said."""

    def run(*words: str, given: str = "", ending: int = 0) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        assert main(list(words)) == ending
        told = capsys.readouterr()
        return told.out + told.err

    return run


@pytest.fixture
def write(site: SiteShape, story: StoryShape, guest: Callable[[], Actor]) -> Callable[..., int]:
    """Posts a comment so many days ago."""

    def make(text: str, *, days: int = 0, actor: Actor | None = None, email: str = "anne@example.org") -> int:
        posted = post_comment(
            actor=actor or guest(),
            site=site,
            story_key=story.key,
            story_url="",
            text=text,
            author_name="Anne",
            author_email=email,
            now=datetime.now(UTC) - timedelta(days=days),
        )
        return posted.own.comment.id

    return make


def _holds(site: SiteShape) -> bool:
    return verify_chain(site_id=site.id).fault == ""


def test_retention_replaces_what_has_served_its_time(said: Say, write: Callable[..., int], site: SiteShape) -> None:
    old, young = write("Un vieil avis sur la frontière.", days=800), write("Un avis tout neuf.", days=3)
    assert "addresses: 365 days (retention_addresses_days)" in said("retention", "show")
    assert "gazette: has not run yet" in said("retention", "show")
    told = said("retention", "run", "--note", "Deux ans")
    assert "addresses: 1 replaced by tombstones" in told
    assert "details: 1 replaced by tombstones" in told
    assert "Nothing has served its time." in said("retention", "run")
    assert Comment.objects.get(pk=old).author_email == ""
    assert Comment.objects.get(pk=young).author_email == "anne@example.org"
    shown = said("retention", "show")
    assert re.search(r"gazette: last ran on .* UTC; replaced so far: addresses 1, details 1", shown)
    assert RetentionPass.objects.earliest("pk").note == "Deux ans"
    assert _holds(site)


def test_a_run_without_a_reason_is_refused(said: Say, site: SiteShape) -> None:
    assert "note" in said("retention", "run", "--note", " ", ending=1)


def test_a_comment_is_erased(said: Say, write: Callable[..., int], site: SiteShape) -> None:
    number = write("Un avis sur la frontière.")
    assert f"Comment {number} is erased." in said("erase", "comment", str(number))
    assert f"Comment {number} was erased before." in said("erase", "comment", str(number))
    assert "This comment does not exist" in said("erase", "comment", "999999", ending=1)
    assert Comment.objects.get(pk=number).text_source == ""
    assert _holds(site)


def test_an_author_is_erased_by_comment_or_device(
    said: Say, write: Callable[..., int], site: SiteShape, guest: Callable[[], Actor]
) -> None:
    anne, paul = guest(), guest()
    first = write("Un premier avis.", actor=anne)
    write("Un second avis, du même auteur.", actor=anne)
    third = write("L’avis d’un autre.", actor=paul)
    assert "with 2 comments" in said("erase", "author", "--comment", str(first))
    device = Comment.objects.get(pk=third).device_id
    assert "with 1 comments" in said("erase", "author", "--device", str(device))
    assert "This author is not known here" in said("erase", "author", "--device", "999999", ending=1)
    assert not Comment.objects.exclude(author_name="").exists()
    assert Device.objects.filter(pk=device).exists()
    assert _holds(site)


def test_an_address_is_read_from_standard_input_and_never_said(
    said: Say, write: Callable[..., int], site: SiteShape, guest: Callable[[], Actor]
) -> None:
    number = write("Un avis sur la frontière.", email="anne@example.org")
    notice = check_notice(reason="illegal", explanation="x" * 30, name="Zoé", email="zoe@example.org", good_faith=True)
    other = write("Un autre avis sur la frontière.", email="")
    file_report(actor=guest(), site=site, comment_id=other, notice=notice, now=datetime.now(UTC))
    told = said("erase", "email", given="Anne@example.org\n")
    assert "1 comments are erased, and name and address of 0" in told
    assert "anne" not in told.lower()
    assert "0 comments are erased, and name and address of 1" in said("erase", "email", given="zoe@example.org\n")
    assert "e-mail" in said("erase", "email", given="\n", ending=1)
    assert (Comment.objects.get(pk=number).text_source, Report.objects.get().reporter_email) == ("", "")
    assert CommentRevision.objects.count() == 0
    assert _holds(site)


def test_doctor_says_what_waits_what_is_put_aside_and_when_retention_ran(
    said: Say, write: Callable[..., int], site: SiteShape, guest: Callable[[], Actor], editor: Actor
) -> None:
    number, now = write("Un avis inquiétant sur la frontière."), datetime.now(UTC)
    notice = check_notice(reason="danger", explanation="x" * 30, name="", email="", good_faith=False)
    file_report(actor=guest(), site=site, comment_id=number, notice=notice, now=now)
    (case,) = open_cases(site=site)

    def found(what: str) -> list[tuple[str, str]]:
        return [(each.verdict, each.sentence) for each in doctor.findings() if each.subject == what]

    ((verdict, sentence),) = found("put aside")
    assert (verdict, "1 reports of danger wait" in sentence) == ("look", True)
    assert "Somebody’s life" in said("erase", "comment", str(number), ending=1)
    long_ago = now - timedelta(days=400)
    preserve_case(actor=editor, site=site, case_id=case.id, why="Une vie est en danger.", now=long_ago)
    ((verdict, sentence),) = found("put aside")
    assert (verdict, "1 records, the oldest for 400 days" in sentence) == ("look", True)
    said("retention", "run")
    ((verdict, sentence),) = found("retention")
    assert (verdict, "last ran on" in sentence) == ("ok", True)
    assert "hold together" in found("decisions")[0][1]
