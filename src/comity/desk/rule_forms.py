"""A house rule as the fields of a plain form, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from comity.screening.house_rules import CATEGORIES, LANGUAGES, OUTCOMES, HouseRule

__all__ = ["TEXTS", "document_of", "empty_values", "values_of"]

TEXTS = ("title", "text", "sentence", "reference")
"""What is written once for each language."""
_BREAKS = re.compile(r"[ \t\r\n]+")
"""Not the narrow and the no-break spaces, which are set on purpose."""
_LINES = ("words", "bad_examples", "good_examples", "needs")
_SCORES = ("caps", "alone")
_TICKS = ("enabled", "in_sentence", "clause")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def values_of(rule: HouseRule) -> dict[str, str]:
    """The fields with a rule in them."""
    texts = {"title": rule.title, "text": rule.text, "sentence": rule.sentence, "reference": rule.ground.reference}
    values = {
        "key": rule.key,
        "base_version": str(rule.version),
        "kind": rule.ground.kind,
        "outcome": rule.outcome,
        "also": ", ".join(rule.also),
    }
    for name, by_language in texts.items():
        values |= {f"{name}_{language}": by_language.get(language, "") for language in LANGUAGES}
    values |= {f"category_{each}": "yes" for each in rule.categories}
    values |= {f"threshold_{outcome}": f"{score:g}" for outcome, score in rule.thresholds.items()}
    for name in _LINES:
        values[name] = "\n".join(getattr(rule, name))
    for name in _SCORES:
        values[name] = "\n".join(f"{kind} = {score:g}" for kind, score in getattr(rule, name).items())
    values |= {name: "yes" for name in _TICKS if getattr(rule, name)}
    return values


def empty_values() -> dict[str, str]:
    """The fields of a rule that is begun."""
    return {"base_version": "0", "kind": "terms", "outcome": "hold", "threshold_hold": "0.6", "enabled": "yes"}


def _score(text: str) -> float | str:
    """A score, also with a comma; what is none stays as it was typed, for the rule's own check to name."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return text


def _scores(text: str) -> dict[str, Any]:
    pairs = (line.partition("=") for line in _lines(text))
    return {kind.strip(): _score(score) for kind, _, score in pairs}


def document_of(form: Mapping[str, str], *, base: HouseRule | None) -> dict[str, Any]:
    """The rule's document as `HouseRule.from_document` reads it, which says what is wrong with it.

    Args:
        base: the version that was edited: languages that the form has no fields for are kept from it.
    """
    texts: dict[str, dict[str, str]] = {}
    stored = base.to_document() if base is not None else {}
    for name in TEXTS:
        before = stored.get("ground", {}).get("reference", {}) if name == "reference" else stored.get(name, {})
        texts[name] = {language: text for language, text in before.items() if language not in LANGUAGES}
        for language in LANGUAGES:
            typed = _BREAKS.sub(" ", form.get(f"{name}_{language}", "")).strip()
            if typed:
                texts[name][language] = typed
    thresholds = {each: form.get(f"threshold_{each}", "") for each in OUTCOMES}
    document: dict[str, Any] = {
        "key": base.key if base is not None else form.get("key", "").strip(),
        "version": base.version if base is not None else 1,
        "title": texts["title"],
        "text": texts["text"],
        "sentence": texts["sentence"],
        "ground": {"kind": form.get("kind", ""), "reference": texts["reference"]},
        "categories": [each for each in CATEGORIES if form.get(f"category_{each}")],
        "also": [each.strip() for each in form.get("also", "").split(",") if each.strip()],
        "outcome": form.get("outcome", ""),
        "thresholds": {outcome: _score(typed) for outcome, typed in thresholds.items() if typed.strip()},
    }
    document |= {name: _lines(form.get(name, "")) for name in _LINES}
    document |= {name: _scores(form.get(name, "")) for name in _SCORES}
    document |= {name: bool(form.get(name)) for name in _TICKS}
    return document
