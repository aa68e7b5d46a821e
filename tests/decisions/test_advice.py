"""Advice before posting: given once, recorded, and no way round anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.actions.comments import post_comment
from comity.actions.house_rules import save_house_rule
from comity.actions.screener import engine_of
from comity.actions.stories import save_story
from comity.models import Comment, Decision, EventRecord, PostingReceipt
from comity.queries.shapes import PostedComment, SiteShape, StoryShape
from comity.rules import tokens
from comity.rules.actors import Actor
from comity.rules.advice import Advice, AdviceGiven
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus
from comity.screening import explain
from tests.conversation.conftest import Clock

pytestmark = [pytest.mark.database, pytest.mark.django_db]

RULE = {
    "key": "shouting",
    "title": {"fr": "Ton posé", "en": "Calm tone"},
    "text": {"fr": "On se parle sans crier.", "en": "We talk without shouting."},
    "ground": {"kind": "terms", "reference": {"fr": "Charte de la Gazette"}},
    "categories": ["values"],
    "outcome": "advise",
    "thresholds": {"advise": 0.5},
    "words": ["saperlipopette"],
}
ADVISED = "Saperlipopette, quelle trêve !"
Try = Callable[..., PostedComment]


@pytest.fixture
def attempt(site: SiteShape, story: StoryShape, guest: Callable[[], Actor], clock: Clock) -> Try:
    """Posts under the rule that advises; another device each time unless `actor` is given."""
    save_house_rule(site=site, document=RULE, in_force_from=clock.now - timedelta(days=1), now=clock.now)

    def make(text: str = ADVISED, *, token: str = "", actor: Actor | None = None, **more: object) -> PostedComment:
        given: dict[str, object] = {"story_key": story.key, "site": site, **more}
        return post_comment(
            actor=actor or guest(),
            story_url="",
            text=text,
            author_name="Anne",
            advice_token=token,
            now=clock.forward(seconds=1),
            **given,  # type: ignore[arg-type]  # passed through by the tests' own keyword arguments
        )

    return make


def advice_of(attempt: Callable[[], object]) -> Advice:
    with pytest.raises(AdviceGiven) as caught:
        attempt()
    assert caught.value.code is RefusalCode.ADVICE_GIVEN
    return caught.value.advice


def notes_of(posted: PostedComment) -> list[str]:
    notes: list[str] = Decision.objects.get(comment_id=posted.own.comment.id).notes
    return notes


def test_the_author_is_advised_before_anything_is_stored(attempt: Try) -> None:
    advice = advice_of(attempt)
    assert (advice.rule_key, advice.rule_version) == ("shouting", 1)
    assert (advice.title, advice.text) == ("Ton posé", "On se parle sans crier.")
    assert "Ton posé" in advice.sentence
    assert not Comment.objects.exists()
    assert not Decision.objects.exists()
    assert not PostingReceipt.objects.exists()
    assert not EventRecord.objects.filter(kind="comment_posted").exists()


def test_the_advice_is_in_the_language_asked_for(attempt: Try) -> None:
    advice = advice_of(lambda: attempt(language="en"))
    assert (advice.title, advice.text) == ("Calm tone", "We talk without shouting.")


def test_posted_as_it_is(attempt: Try) -> None:
    posted = attempt(token=advice_of(attempt).token)
    assert posted.own.status is CommentStatus.PUBLISHED
    assert notes_of(posted) == ["advised:shouting/1:as_it_was"]
    decision = Decision.objects.get(comment_id=posted.own.comment.id)
    assert decision.rule_key == "shouting"
    assert not [each for each in decision.notes if "aperlipopette" in each]


def test_posted_changed_without_what_was_advised(attempt: Try) -> None:
    posted = attempt("Quelle trêve.", token=advice_of(attempt).token)
    assert posted.own.status is CommentStatus.PUBLISHED
    assert notes_of(posted) == ["advised:shouting/1:changed"]


def test_changed_words_are_not_advised_a_second_time(attempt: Try) -> None:
    posted = attempt("Saperlipopette encore.", token=advice_of(attempt).token)
    assert notes_of(posted) == ["advised:shouting/1:changed"]


def test_no_way_round_removal(attempt: Try) -> None:
    posted = attempt("Tu es un imbécile.", token=advice_of(attempt).token)
    assert posted.own.status is CommentStatus.REMOVED
    posted = attempt("Tu es un imbécile, saperlipopette.")  # stricter: decided at once, without advice
    assert posted.own.status is CommentStatus.REMOVED


def test_staff_are_not_advised(attempt: Try, editor: Actor) -> None:
    assert attempt(actor=editor).own.status is CommentStatus.PUBLISHED


def test_a_token_is_good_for_one_comment(attempt: Try) -> None:
    token = advice_of(attempt).token
    attempt(token=token)
    again = advice_of(lambda: attempt("Saperlipopette, bis.", token=token))
    assert again.token != token
    attempt("Sans rien à conseiller.", token=token)  # a spent token harms nothing
    assert Comment.objects.count() == 2


def test_a_token_spent_between_reading_and_writing(
    attempt: Try, monkeypatch: pytest.MonkeyPatch, site: SiteShape
) -> None:
    """Two comments at once with one token: whoever takes the story's lock second is advised."""
    token = advice_of(attempt).token
    looked = engine_of(site.id)[0]
    screen = type(looked).screen
    raced = []

    def screen_while_another_posts(self: object, *given: object) -> object:
        verdict = screen(self, *given)  # type: ignore[arg-type]  # the engine's own arguments
        if not raced:
            raced.append(True)
            attempt("Saperlipopette, la première.", token=token)
        return verdict

    monkeypatch.setattr(type(looked), "screen", screen_while_another_posts)
    advice_of(lambda: attempt("Saperlipopette, la seconde.", token=token))
    assert Comment.objects.count() == 1


def test_forged_expired_swapped_and_foreign_tokens_are_as_none(
    attempt: Try, site: SiteShape, other_site: SiteShape, clock: Clock
) -> None:
    save_story(site=site, key="autre", title="Une autre", body_source="Un texte.", now=clock.now)
    token = advice_of(attempt).token
    payload, mac = token.split(".")
    turned = token[:-1] + ("A" if token[-1] != "A" else "B")
    for forged in (turned, payload, f"{payload}.", f".{mac}", "x", "x" * 5000, f"{token}.x", "é", "\x00"):
        advice_of(lambda forged=forged: attempt(token=forged))  # type: ignore[misc]  # bound at once
    advice_of(lambda: attempt(token=token, story_key="autre"))  # of another story
    reply_to = attempt("Un commentaire courtois.").own.comment.id
    advice_of(lambda: attempt(token=token, parent_id=reply_to))  # of another place
    for purpose, where in (("advice", other_site.id), ("reasons", site.id)):
        subject = "0" * 32 + "|shouting|1|" + "0" * 32 + "|" + "0" * 32
        sealed = tokens.seal(
            "another secret", site_id=where, purpose=purpose, subject=subject, expires_at=clock.now + timedelta(days=1)
        )
        advice_of(lambda sealed=sealed: attempt(token=sealed))  # type: ignore[misc]  # bound at once
    clock.forward(minutes=61)
    advice_of(lambda: attempt(token=token))
    assert Comment.objects.count() == 1


def test_a_new_version_of_the_rule_is_shown_anew(attempt: Try, site: SiteShape, clock: Clock) -> None:
    token = advice_of(attempt).token
    save_house_rule(site=site, document={**RULE, "text": {"fr": "Autre."}}, in_force_from=clock.now, now=clock.now)
    again = advice_of(lambda: attempt(token=token))
    assert (again.rule_version, again.text) == (2, "Autre.")
    assert notes_of(attempt(token=again.token)) == ["advised:shouting/2:as_it_was"]


def test_a_repeat_is_answered_as_the_first_was(attempt: Try, guest: Callable[[], Actor]) -> None:
    actor = guest()
    token = advice_of(lambda: attempt(actor=actor)).token
    first = attempt(token=token, actor=actor)  # a plain form, clicked twice
    again = attempt(token=token, actor=actor)
    assert again.repeated
    assert again.own.comment.id == first.own.comment.id
    token = advice_of(lambda: attempt("Saperlipopette, deux.", idempotency_key="k" * 16, body_digest="a")).token
    keyed = attempt("Saperlipopette, deux.", token=token, idempotency_key="k" * 16, body_digest="b")
    same = attempt("Saperlipopette, deux.", token=token, idempotency_key="k" * 16, body_digest="b")
    assert (same.repeated, same.own.comment.id) == (True, keyed.own.comment.id)
    with pytest.raises(Refusal, match="idempotency_key_reused"):
        attempt("Saperlipopette, trois.", token=token, idempotency_key="k" * 16, body_digest="c")


def test_the_same_words_again_are_a_duplicate_and_not_advised(attempt: Try, guest: Callable[[], Actor]) -> None:
    actor = guest()
    posted = attempt(token=advice_of(lambda: attempt(actor=actor)).token, actor=actor)
    known = replace(actor, device_id=posted.device_id, new_device_token=None, network_digest="elsewhere")
    with pytest.raises(Refusal, match="comment_duplicate"):
        attempt(actor=known)


def test_the_moderator_reads_that_the_author_was_advised(attempt: Try) -> None:
    posted = attempt("Quelle trêve.", token=advice_of(attempt).token)
    decision = Decision.objects.get(comment_id=posted.own.comment.id)
    from comity.queries.decisions import verdict_of
    from comity.queries.house_rules import rules_of

    said = explain.for_moderator(verdict_of(decision), rules_of(decision.site_id), "fr")
    assert any(re.search("Ton posé.*modifié son texte", each) for each in said)
