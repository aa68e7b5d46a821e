"""The runtime, with weights of chance: what must hold whatever the weights say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.screening.model import vocabulary as vocabulary_module
from comity.screening.model.classifier import Classifier
from comity.screening.model.fusion import Fusion
from comity.screening.model.hashing import lay_out
from comity.screening.model.marks import mark_words
from comity.screening.model.sequence import SequenceModel
from comity.screening.model.tokens import tokenise
from comity.screening.model.weights import HEADS, Weights, WeightsError, digest, load, save
from tests.screening.model.weights_for_tests import weights_of_chance

WEIGHTS = weights_of_chance()
CLASSIFIER = Classifier(WEIGHTS)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["fr", "en", "he", "und"]))
def test_any_text_has_scores_and_evidence_inside_it(text: str, language: str) -> None:
    scores = CLASSIFIER.scores(text, language)
    assert tuple(scores) == HEADS
    assert all(0.0 <= score <= 1.0 for score in scores.values())
    assert scores["antisemitism"] <= scores["hate"]
    for spans, words in CLASSIFIER.evidence(text, HEADS):
        assert list(spans) == sorted(spans)
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert len(words) >= len(spans)


def test_text_without_words_scores_nothing() -> None:
    assert set(CLASSIFIER.scores(" \u200b… ", "fr").values()) == {0.0}
    assert CLASSIFIER.evidence("", ["hate"]) == [((), ())]


def test_the_same_text_has_the_same_scores_whatever_was_read_before() -> None:
    text = "une phrase ordinaire sur le marché de dimanche"
    fresh = Classifier(WEIGHTS).scores(text, "fr")
    for other in ("rien à voir", text.upper(), "le marché de dimanche, une phrase", "x " * 500):
        CLASSIFIER.scores(other, "en")
    assert CLASSIFIER.scores(text, "fr") == fresh


def logits(model: SequenceModel, text: str) -> np.ndarray:
    tokens = tokenise(text)
    return model.logits(model.vocabulary.rows_of(tokens.words, mark_words(tokens)), lay_out([tokens]))


def test_known_words_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary_module, "_KNOWN_WORDS", 64)
    model = SequenceModel(WEIGHTS.arrays)
    expected = logits(CLASSIFIER._sequence, "un deux trois")
    for start in range(0, 600, 30):
        logits(model, " ".join(f"mot{number}" for number in range(start, start + 30)))
        assert len(model.vocabulary._known.places) <= 64
    assert np.array_equal(logits(model, "un deux trois"), expected)


def test_more_words_than_are_ever_remembered_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"mot{number}" for number in range(150))
    expected = logits(SequenceModel(WEIGHTS.arrays), text)
    monkeypatch.setattr(vocabulary_module, "_KNOWN_WORDS", 64)
    assert np.array_equal(logits(SequenceModel(WEIGHTS.arrays), text), expected)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abcdeéñ", min_size=1, max_size=9), min_size=1, max_size=40, unique=True))
def test_what_is_known_of_a_word_does_not_depend_on_those_beside_it(words: list[str]) -> None:
    together, alone = SequenceModel(WEIGHTS.arrays).vocabulary, SequenceModel(WEIGHTS.arrays).vocabulary
    rows = together.rows_of(words, [0] * len(words))
    found = together.layers(rows.known, rows.places, [0] * len(words))
    for number, word in enumerate(words):
        row = alone.rows_of([word], [0])
        assert np.array_equal(alone.layers(row.known, row.places, [0])[0], found[number])


def test_threads_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary_module, "_KNOWN_WORDS", 128)
    shared = Classifier(WEIGHTS)
    texts = [" ".join(f"mot{(start * 7 + step) % 400}" for step in range(20)) for start in range(200)]
    expected = [CLASSIFIER.scores(text, "fr") for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: shared.scores(text, "fr"), texts)) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abcdeé «».?!'", max_size=60), max_size=12))
def test_texts_read_together_score_as_each_alone(texts: list[str]) -> None:
    together = CLASSIFIER.table_of(texts, ["fr"] * len(texts))
    for text, scores in zip(texts, together, strict=True):
        assert dict(zip(HEADS, scores, strict=True)) == pytest.approx(CLASSIFIER.scores(text, "fr"), abs=2e-4)


def test_long_texts_are_read_to_their_end() -> None:
    model = SequenceModel(WEIGHTS.arrays)
    assert not np.array_equal(logits(model, "mot " * 300), logits(model, "mot " * 296 + "tout autre fin ici"))


def test_a_language_without_a_scale_is_read_as_english() -> None:
    fusion = Fusion({"en": {head: [1.0, 0.0, 0.5] for head in HEADS}, "fr": {head: [1.0, 0.0, -0.5] for head in HEADS}})
    zeros = np.zeros((3, len(HEADS)))
    english, french, arabic = fusion.scores(zeros, zeros, ["en", "fr", "ar"])
    assert np.array_equal(english, arabic)
    assert french[0] < 0.5 < english[0]


@pytest.mark.parametrize(
    ("words", "sequence", "linear", "caught"),
    [
        (1, 3.0, 3.0, True),
        (1, 3.0, 0.0, False),
        (2, -1.0, 4.0, False),
        (3, 3.0, 0.0, True),
        (4, 4.0, -1.0, False),
        (5, 4.0, -1.0, True),
    ],
)
def test_of_a_few_words_both_halves_must_be_convinced(words: int, sequence: float, linear: float, caught: bool) -> None:
    fusion = Fusion({"en": {head: [0.5, 0.5, 0.0] for head in HEADS}})
    read = [np.full((1, len(HEADS)), logit) for logit in (sequence, linear)]
    scores = fusion.scores(read[0], read[1], ["en"], [words])[0]
    assert ((scores >= 0.5) == caught)[:-1].all()
    assert scores[HEADS.index("spam")] == fusion.scores(read[0], read[1], ["en"])[0][HEADS.index("spam")]


def test_weight_files_are_the_same_bytes_and_come_back_whole(tmp_path: Path) -> None:
    first, second = tmp_path / "a.npz", tmp_path / "b.npz"
    for path in (first, second):
        save(path, WEIGHTS.arrays, WEIGHTS.about)
    assert digest(first) == digest(second)
    back = load(first)
    assert all(np.array_equal(back.arrays[name], WEIGHTS.arrays[name]) for name in WEIGHTS.arrays)
    # Read where they lie, eight bytes at a time: a copy in each process would cost megabytes.
    assert all(array.ctypes.data % 64 == 0 and not array.flags.owndata for array in back.arrays.values())
    assert Classifier(back).scores("bonjour à tous", "fr") == CLASSIFIER.scores("bonjour à tous", "fr")


def test_missing_damaged_and_foreign_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        load(tmp_path / "none.npz")
    damaged = tmp_path / "damaged.npz"
    save(damaged, WEIGHTS.arrays, WEIGHTS.about)
    damaged.write_bytes(damaged.read_bytes()[:-5000])
    with pytest.raises(WeightsError):
        load(damaged)
    foreign = tmp_path / "foreign.npz"
    np.savez(foreign, about=np.frombuffer(b'{"format": 99}', dtype=np.uint8))
    with pytest.raises(WeightsError):
        load(foreign)


def test_weights_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Weights({}, {}).arrays = {}  # type: ignore[misc] # that it cannot be set is what is tested
