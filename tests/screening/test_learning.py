"""The site's own head: learns, is bounded, can be undone, replayed and stored."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.screening.learning import Lesson, SiteHead, SiteHeadError, replay
from comity.screening.normalise import prepare

GOSSIP = [
    "On raconte que la voisine du dessus reçoit des visites la nuit",
    "La boulangère aurait quitté son mari pour le facteur",
    "Il paraît que le fils du pharmacien a raté ses examens",
    "Tout le quartier parle du divorce de la coiffeuse",
    "La femme du notaire aurait été vue avec un autre homme",
]
NEWS = [
    "Le conseil municipal a voté le budget de la voirie",
    "La réforme des retraites occupe le Parlement cette semaine",
    "Les négociations de Munich reprennent demain matin",
    "Le prix du blé monte depuis la sécheresse",
    "Une exposition de peinture ouvre au musée",
]
LESSONS = [
    lesson
    for _ in range(8)
    for bad, good in zip(GOSSIP, NEWS, strict=True)
    for lesson in (Lesson(bad, frozenset({"values"})), Lesson(good))
]


def test_it_learns_what_moderators_refuse() -> None:
    head = replay(LESSONS)
    assert head.version == len(LESSONS)
    gossip = head.score(prepare("On raconte que la femme du pharmacien a quitté son mari"))["values"]
    news = head.score(prepare("Le Parlement a voté la réforme du budget"))["values"]
    assert gossip > 0.5 > 0.3 > news


def test_an_untaught_head_says_nothing() -> None:
    assert SiteHead().score(prepare(GOSSIP[0])) == {}
    assert replay([Lesson(NEWS[0])]).score(prepare(GOSSIP[0])) == {}


def test_few_lessons_weigh_little() -> None:
    head = replay([Lesson(GOSSIP[0], frozenset({"values"}))])
    assert head.score(prepare(GOSSIP[0]))["values"] < 0.6


def test_the_number_of_decisions_is_counted_on_both_sides() -> None:
    head = replay(LESSONS)
    assert head.refused == {"values": 40}
    assert head.taught == {"values": 40}  # texts kept that nothing had stopped say nothing of the rule
    head.teach(Lesson(NEWS[0], spared=frozenset({"values", "spam"})))
    assert head.taught == {"values": 41, "spam": 1}
    head.undo()
    assert head.taught == {"values": 40}


def test_a_stored_head_cites_the_number_of_its_place() -> None:
    head = replay(LESSONS[:3])
    assert head.version == 3
    stored = SiteHead.from_bytes(head.to_bytes(), stored_as=17)
    assert (stored.version, stored.lessons) == (17, 3)
    assert stored.to_bytes() == head.to_bytes()


def test_replaying_gives_the_same_bytes_and_bytes_come_back() -> None:
    head = replay(LESSONS)
    stored = head.to_bytes()
    assert replay(LESSONS).to_bytes() == stored
    again = SiteHead.from_bytes(stored)
    assert again.to_bytes() == stored
    assert again.score(prepare(GOSSIP[1])) == head.score(prepare(GOSSIP[1]))


def test_the_stored_head_holds_no_word_of_the_texts() -> None:
    import zlib

    stored = replay(LESSONS).to_bytes()
    assert b"boulang" not in zlib.decompress(stored.partition(b"\n")[2])


def test_undoing_takes_the_last_lesson_back_to_the_bit() -> None:
    head = replay(LESSONS[:9])
    before = head.to_bytes()
    head.teach(Lesson("Encore un ragot sur la voisine", frozenset({"values", "insult"})))
    assert head.to_bytes() != before
    head.undo()
    assert head.to_bytes() == before


def test_what_cannot_be_undone_says_so() -> None:
    with pytest.raises(LookupError):
        SiteHead().undo()
    with pytest.raises(LookupError):
        SiteHead.from_bytes(replay(LESSONS[:2]).to_bytes()).undo()


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(ValueError, match="noise"):
        SiteHead().teach(Lesson("x", frozenset({"noise"})))


def test_its_size_is_bounded() -> None:
    head = SiteHead()
    for number in range(400):
        head.teach(Lesson(" ".join(f"mot{number * 40 + word}" for word in range(40)), frozenset({"spam"})))
    assert len(head.to_bytes()) < 200_000


@pytest.mark.parametrize("wrong", [b"", b"COMITYHEAD1\n", b"COMITYHEAD1\nxxxx", b"PK\x03\x04"])
def test_other_bytes_are_refused(wrong: bytes) -> None:
    with pytest.raises(SiteHeadError):
        SiteHead.from_bytes(wrong)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_cleanly(wrong: bytes) -> None:
    with pytest.raises(SiteHeadError):
        SiteHead.from_bytes(b"COMITYHEAD1\n" + wrong)


def test_a_cut_head_is_refused() -> None:
    stored = replay(LESSONS[:4]).to_bytes()
    with pytest.raises(SiteHeadError):
        SiteHead.from_bytes(stored[: len(stored) // 2])


lessons = st.lists(
    st.builds(
        Lesson,
        text=st.text("abcdefg é", max_size=30),
        categories=st.sets(st.sampled_from(["spam", "insult", "values"]), max_size=2).map(frozenset),
        spared=st.sets(st.sampled_from(["spam", "values"]), max_size=1).map(frozenset),
    ),
    min_size=1,
    max_size=8,
)


@given(lessons, st.data())
@settings(max_examples=40, deadline=None)
def test_undoing_all_lessons_leads_back_to_nothing(taught: list[Lesson], data: st.DataObject) -> None:
    head = replay(taught)
    back = data.draw(st.integers(1, len(taught)))
    for _ in range(back):
        head.undo()
    assert head.to_bytes() == replay(taught[: len(taught) - back]).to_bytes()
