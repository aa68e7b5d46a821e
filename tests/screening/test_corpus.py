"""A mild judged corpus of our own in six languages, with floors under what the line reaches on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.screening.screened import screen

FOLDER = Path(__file__).parent / "corpus"
FLOORS = {"fr": 0.98, "en": 1.0, "de": 1.0, "es": 1.0, "he": 0.94, "ar": 1.0}
"""Least share of what should be refused that is held or removed: measured without the model, rounded down."""
REMOVED = {"fr": 0.72, "en": 0.75, "de": 0.82, "es": 0.78, "he": 0.82, "ar": 0.94}
"""Least share of it that is removed d'office."""
MOST_ALARMS = 0.01
"""Of what should be published, in all languages together."""


def corpus(language: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / f"{language}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("language", FLOORS)
def test_what_should_be_refused_is_held_or_removed(language: str) -> None:
    texts = [one["text"] for one in corpus(language) if one["expected"] == "refuse"]
    missed = [text for text in texts if screen(text).outcome == "publish"]
    assert 1 - len(missed) / len(texts) >= FLOORS[language], missed


@pytest.mark.parametrize("language", REMOVED)
def test_much_of_it_is_removed(language: str) -> None:
    texts = [one["text"] for one in corpus(language) if one["expected"] == "refuse"]
    kept = [text for text in texts if screen(text).outcome != "remove"]
    assert 1 - len(kept) / len(texts) >= REMOVED[language], kept


def test_nothing_that_should_be_published_is_removed() -> None:
    texts = [one["text"] for language in FLOORS for one in corpus(language) if one["expected"] == "publish"]
    assert not [text for text in texts if screen(text).outcome == "remove"]


def test_what_should_be_published_is() -> None:
    texts = [one["text"] for language in FLOORS for one in corpus(language) if one["expected"] == "publish"]
    alarms = [text for text in texts if screen(text).outcome != "publish"]
    assert len(alarms) / len(texts) <= MOST_ALARMS, alarms


def test_the_language_of_each_text_is_told() -> None:
    texts = [(one["text"], language) for language in FLOORS for one in corpus(language) if len(one["text"]) > 25]
    wrong = [(text, screen(text).language) for text, language in texts if screen(text).language != language]
    assert len(wrong) / len(texts) <= 0.05, wrong
