"""Advice before posting, as a pure rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.advice import AdviceSeen, advice_due, advice_note, place_digest
from comity.screening.types import Citation, Outcome

ADVISES = Citation("insult", 2, "advise")
PLACE = place_digest(story_key="treve", parent_id=None)
NONCE = "0" * 32
SEEN = AdviceSeen.of(place=PLACE, citation=ADVISES, text="Bof.", nonce=NONCE)


@pytest.mark.parametrize(
    ("outcome", "citations", "by_staff", "seen", "due"),
    [
        (Outcome.PUBLISH, (), False, None, None),
        (Outcome.PUBLISH, (Citation("insult", 2, "mark"),), False, None, None),
        (Outcome.PUBLISH, (ADVISES,), False, None, ADVISES),
        (Outcome.PUBLISH, (Citation("spam", 1, "mark"), ADVISES), False, None, ADVISES),
        (Outcome.PUBLISH, (ADVISES,), True, None, None),  # staff are not advised
        (Outcome.HOLD, (Citation("spam", 1, "hold"), ADVISES), False, None, None),  # no way round
        (Outcome.REMOVE, (Citation("spam", 1, "remove"), ADVISES), False, None, None),
        (Outcome.PUBLISH, (ADVISES,), False, SEEN, None),  # once is enough
        (Outcome.PUBLISH, (Citation("spam", 1, "advise"),), False, SEEN, None),  # whichever rule
        (Outcome.PUBLISH, (Citation("insult", 3, "advise"),), False, SEEN, Citation("insult", 3, "advise")),
    ],
)
def test_when_an_author_is_advised(
    outcome: Outcome,
    citations: tuple[Citation, ...],
    by_staff: bool,
    seen: AdviceSeen | None,
    due: Citation | None,
) -> None:
    assert advice_due(outcome=outcome, citations=citations, by_staff=by_staff, seen=seen) == due


CITATIONS = st.lists(
    st.builds(
        Citation,
        st.sampled_from(["insult", "spam", "values"]),
        st.integers(1, 3),
        st.sampled_from(["remove", "hold", "mark", "advise"]),
    )
)


@given(st.sampled_from(list(Outcome)), CITATIONS, st.booleans(), st.none() | st.just(SEEN))
def test_advice_never_stands_between_a_text_and_a_stricter_outcome(
    outcome: Outcome, citations: list[Citation], by_staff: bool, seen: AdviceSeen | None
) -> None:
    due = advice_due(outcome=outcome, citations=citations, by_staff=by_staff, seen=seen)
    if due is not None:
        assert outcome is Outcome.PUBLISH
        assert due.outcome == "advise"
        assert not by_staff
        # What it asks for, once shown, is not asked for again.
        shown = AdviceSeen.of(place=PLACE, citation=due, text="Bof.", nonce=NONCE)
        assert advice_due(outcome=outcome, citations=citations, by_staff=by_staff, seen=shown) is None


@given(st.text(min_size=1), st.text(min_size=1), st.none() | st.integers(1, 2**63 - 1))
def test_a_token_s_subject_is_read_as_it_was_written(story_key: str, text: str, parent_id: int | None) -> None:
    place = place_digest(story_key=story_key, parent_id=parent_id)
    seen = AdviceSeen.of(place=place, citation=ADVISES, text=text, nonce="ab" * 16)
    assert AdviceSeen.read(seen.subject) == seen
    assert not seen.is_changed(text)
    assert seen.is_changed(text + ".")
    assert advice_note(seen, text) == "advised:insult/2:as_it_was"
    assert advice_note(seen, text + ".") == "advised:insult/2:changed"


@given(st.text())
def test_any_other_subject_is_none(subject: str) -> None:
    assert AdviceSeen.read(subject) is None


def test_places_differ() -> None:
    places = {place_digest(story_key=key, parent_id=parent) for key in ("a", "b", "a|1") for parent in (None, 1, 2)}
    assert len(places) == 9
