"""`They` in the sentence after the one that names a group: read as the group, where nobody else can be meant."""

from __future__ import annotations

import pytest

from comity.screening.detectors.model import ModelDetector
from comity.screening.detectors.statements import StatementsDetector
from comity.screening.model.classifier import Classifier
from comity.screening.model.weights import HEADS
from comity.screening.normalise import prepare
from comity.screening.reference import carried_of
from tests.screening.model.weights_for_tests import weights_of_chance
from tests.screening.screened import found_by, scores_of, screen

HOSTILE = [
    ("Some refugees moved in.", "They are animals.", "racism"),
    ("Refugees?", "Parasites.", "racism"),
    ("Les migrants ?", "Des parasites.", "racism"),
    ("I saw some migrants.", "They're vermin.", "racism"),
    ("The migrants are back.", "We should get rid of them.", "racism"),
    ("My street is full of migrants.", "They are vermin.", "racism"),
    ("Des migrants sont arrivés.", "Ils sont tous des parasites.", "racism"),
    ("Les étrangers sont au coin de la rue.", "Je les déteste.", "racism"),
    ("Les migrants arrivent.", "Il faut les éliminer.", "racism"),
    ("Les migrants sont là.", "Ces gens sont des parasites.", "racism"),
    ("Les femmes votent.", "Elles sont inférieures.", "discrimination"),
    ("Hay inmigrantes en el barrio.", "Ellos son parásitos.", "racism"),
    ("Die Ausländer sind da.", "Sie sind Ungeziefer.", "racism"),
    ("המהגרים הגיעו.", "הם חרקים.", "racism"),
    ("وصل المهاجرون.", "هم حشرات.", "racism"),
]
SOMEBODY_ELSE = [
    "A mob attacked migrants. They are animals.",
    "Some men shouted at migrants. They are animals.",
    "The bosses exploit migrants. They are vermin.",
    "The journalist wrote about migrants. They are vermin.",
    "Refugees got new tents. They are garbage.",
    "My neighbour is a migrant. They are vermin.",
    "The Jewish museum opened. They are vermin.",
    "Les patrons exploitent les migrants. Ils sont des parasites.",
    "Les femmes votent. Ils sont des parasites.",
    "The migrants came. The bus was late. They are vermin.",
    "Les rats envahissent le métro. Il faut les éliminer.",
]
INNOCENT = [
    "The refugees? Our neighbours.",
    "Les migrants ? Nos voisins.",
    "Some refugees arrived. They were hungry.",
    "Some refugees arrived. They are not animals.",
    "The migrants are back. We should help them.",
    "Des migrants sont arrivés. Ils ont faim.",
    "Les migrants arrivent. Il faut les accueillir.",
    "Les femmes votent. Elles sont nombreuses.",
    "Hay inmigrantes en el barrio. Ellos trabajan mucho.",
    "Die Ausländer sind da. Sie sind freundlich.",
    "המהגרים הגיעו. הם עובדים.",
    "وصل المهاجرون. هم يعملون.",
]
UNRELATED = "The train was late this morning."
CHANCE = ModelDetector(Classifier(weights_of_chance()))


@pytest.mark.parametrize(("first", "second", "category"), HOSTILE)
def test_they_are_the_group_just_named(first: str, second: str, category: str) -> None:
    text = f"{first} {second}"
    found = {one.category: one for one in found_by(StatementsDetector(), text)}
    for start, end in found[category].spans:
        assert len(first) < start < end <= len(text)
    assert screen(text).outcome != "publish"
    assert category not in scores_of(screen(second))


@pytest.mark.parametrize("text", SOMEBODY_ELSE)
def test_nothing_is_carried_where_somebody_else_may_be_meant(text: str) -> None:
    assert not carried_of(prepare(text))


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_innocent_of_the_group_stays_so(text: str) -> None:
    assert carried_of(prepare(text))
    assert screen(text).outcome == "publish"


@pytest.mark.parametrize(("first", "second", "category"), HOSTILE)
def test_an_unrelated_sentence_before_or_after_lowers_nothing(first: str, second: str, category: str) -> None:
    alone = scores_of(screen(f"{first} {second}"))
    for text in (f"{UNRELATED} {first} {second}", f"{first} {second} {UNRELATED}"):
        scores = scores_of(screen(text))
        assert all(scores.get(name, 0) >= score for name, score in alone.items()), category


def test_the_model_reads_the_group_in_place_of_the_pronoun_too() -> None:
    first, second = "Some refugees moved in.", "They live next door to us now."
    both = CHANCE.read_many([prepare(f"{first} {second}", "en")])[0].scores
    parts = [
        CHANCE.read_many([prepare(part, "en")])[0].scores
        for part in (first, second, "refugees live next door to us now.")
    ]
    for head in HEADS:
        assert abs(both[head] - max(scores[head] for scores in parts)) < 2e-4


def test_places_of_a_moved_pronoun_are_in_the_original_text() -> None:
    text = "Les étrangers sont au coin. Je les déteste depuis toujours."
    (carried,) = carried_of(prepare(text))
    assert carried.text.raw.strip() == "Je déteste les étrangers depuis toujours."
    for start in range(len(carried.text.raw)):
        begin, end = carried.span(start, start + 1)
        assert text.index("Je") - 1 <= begin < end <= len(text)


def test_a_text_without_such_a_pair_is_read_as_it_stands() -> None:
    for text in ("", "They are late.", "Some refugees moved in. The shop is open.", "Les gens sont là. Ils chantent."):
        assert carried_of(prepare(text)) == ()
