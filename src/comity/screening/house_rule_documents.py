"""One house rule and a set of them as plain values: written in TOML or JSON, read back with the field that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any, Literal

__all__ = ["CATEGORIES", "EVIDENCE_KINDS", "LANGUAGES", "OUTCOMES", "Ground", "HouseRule", "HouseRules"]
__all__ += ["HouseRulesError", "OutcomeWord", "digest", "read_rule"]

LANGUAGES = ("fr", "en", "he", "ar", "es", "de")

CATEGORIES = (
    "antisemitism",
    "racism",
    "discrimination",
    "hate",
    "insult",
    "toxicity",
    "threat",
    "obscenity",
    "defamation",
    "personal_data",
    "spam",
    "values",
)
"""What findings may speak of. `hate` and `toxicity` are the model's general heads."""

OutcomeWord = Literal["remove", "hold", "mark", "advise"]
OUTCOMES: tuple[OutcomeWord, ...] = ("remove", "hold", "mark", "advise")
"""Strictest first."""

EVIDENCE_KINDS = ("words", "statement", "model", "learned", "facts", "watch", "mention", "back_end")


class HouseRulesError(ValueError):
    """The rules cannot be read; `line` counts from 1 and is 0 where no line can be named."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rule rests on: `law` with its articles, or the site's own `terms`."""

    kind: Literal["law", "terms"]
    reference: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HouseRule:
    """One rule. Mappings by language hold at least one entry; readers fall back to English, then to the first."""

    key: str
    version: int
    title: Mapping[str, str]
    text: Mapping[str, str]
    ground: Ground
    categories: tuple[str, ...]
    thresholds: Mapping[str, float]
    """Outcome -> least score that asks for it, 0 to 1."""
    outcome: OutcomeWord = "hold"
    """The strictest outcome that this rule may ask for."""
    also: tuple[str, ...] = ()
    """Categories that count for this rule only beside a finding of its own categories."""
    needs: tuple[str, ...] = ()
    """Groups of evidence kinds that must all agree for removal d'office; `a|b` means either."""
    caps: Mapping[str, float] = field(default_factory=dict)
    """Evidence kind -> the most that it can weigh by itself."""
    alone: Mapping[str, float] = field(default_factory=dict)
    """Evidence kind -> least score with which it can hold when no other kind stands beside it."""
    sentence: Mapping[str, str] = field(default_factory=dict)
    in_sentence: bool = False
    clause: bool = False
    """The sentence's part is a clause (`that ...`), not an adjective."""
    words: tuple[str, ...] = ()
    bad_examples: tuple[str, ...] = ()
    good_examples: tuple[str, ...] = ()
    enabled: bool = True

    def to_document(self) -> dict[str, Any]:
        """This rule as plain JSON values."""
        return {
            "key": self.key,
            "version": self.version,
            "title": dict(self.title),
            "text": dict(self.text),
            "ground": {"kind": self.ground.kind, "reference": dict(self.ground.reference)},
            "categories": list(self.categories),
            "thresholds": dict(self.thresholds),
            "outcome": self.outcome,
            "also": list(self.also),
            "needs": list(self.needs),
            "caps": dict(self.caps),
            "alone": dict(self.alone),
            "sentence": dict(self.sentence),
            "in_sentence": self.in_sentence,
            "clause": self.clause,
            "words": list(self.words),
            "bad_examples": list(self.bad_examples),
            "good_examples": list(self.good_examples),
            "enabled": self.enabled,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> HouseRule:
        """The rule that `to_document` or a TOML table wrote.

        Raises:
            HouseRulesError: a value is missing, of the wrong type or out of range; `reason` names the field first.
        """
        return read_rule(document)


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The ordered set that a site follows; `version` changes with any rule."""

    rules: tuple[HouseRule, ...]
    version: str

    def rule(self, key: str) -> HouseRule | None:
        """The rule of this key, or None."""
        return next((rule for rule in self.rules if rule.key == key), None)

    def to_document(self) -> dict[str, Any]:
        """The whole set as plain JSON values."""
        return {"version": self.version, "rules": [rule.to_document() for rule in self.rules]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> HouseRules:
        """The set that `to_document` wrote.

        Raises:
            HouseRulesError: as `HouseRule.from_document`.
        """
        rules = document.get("rules")
        if not isinstance(rules, list):
            raise HouseRulesError("rules: a list is needed")
        read = tuple(read_rule(one) for one in rules)
        return HouseRules(read, str(document.get("version", "")) or digest(read))


def read_rule(document: Any) -> HouseRule:
    """One rule out of plain values; the reason of an error starts with the field's name."""
    if not isinstance(document, Mapping):
        raise HouseRulesError("rule: a table is needed")
    unknown = sorted(set(document) - set(HouseRule.__dataclass_fields__))
    if unknown:
        raise HouseRulesError(f"{unknown[0]}: unknown field")
    key = document.get("key")
    if not isinstance(key, str) or not key or len(key) > 64 or not key.replace("-", "").replace("_", "").isalnum():
        raise HouseRulesError("key: up to 64 letters, digits, hyphens or underscores are needed")
    version = document.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise HouseRulesError("version: a whole number from 1 is needed")
    ground = document.get("ground")
    if not isinstance(ground, Mapping) or ground.get("kind") not in ("law", "terms"):
        raise HouseRulesError('ground: a table with kind "law" or "terms" is needed')
    categories, also = _strings(document, "categories"), _strings(document, "also")
    for name, listed in (("categories", categories), ("also", also)):
        for category in listed:
            if category not in CATEGORIES:
                raise HouseRulesError(f"{name}: {category!r} is unknown; known are {', '.join(CATEGORIES)}")
    if not categories:
        raise HouseRulesError("categories: at least one is needed")
    outcome = document.get("outcome", "hold")
    if outcome not in OUTCOMES:
        raise HouseRulesError(f"outcome: one of {', '.join(OUTCOMES)} is needed")
    thresholds = _scores(document, "thresholds", OUTCOMES)
    if not thresholds:
        raise HouseRulesError("thresholds: at least one outcome with its score is needed")
    needs = _strings(document, "needs")
    for group in needs:
        for kind in group.split("|"):
            if kind not in EVIDENCE_KINDS:
                raise HouseRulesError(f"needs: {kind!r} is unknown; known are {', '.join(EVIDENCE_KINDS)}")
    return HouseRule(
        key=key,
        version=version,
        title=_by_language(document, "title"),
        text=_by_language(document, "text"),
        ground=Ground(ground["kind"], _by_language(ground, "reference", "ground.")),
        categories=categories,
        thresholds=thresholds,
        outcome=outcome,
        also=also,
        needs=needs,
        caps=_scores(document, "caps", EVIDENCE_KINDS),
        alone=_scores(document, "alone", EVIDENCE_KINDS),
        sentence=_by_language(document, "sentence", required=bool(document.get("in_sentence", False))),
        in_sentence=_flag(document, "in_sentence", default=False),
        clause=_flag(document, "clause", default=False),
        words=_strings(document, "words"),
        bad_examples=_strings(document, "bad_examples"),
        good_examples=_strings(document, "good_examples"),
        enabled=_flag(document, "enabled", default=True),
    )


def _strings(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = document.get(name, ())
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) and one.strip() for one in value):
        raise HouseRulesError(f"{name}: a list of non-empty strings is needed")
    return tuple(value)


def _flag(document: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = document.get(name, default)
    if not isinstance(value, bool):
        raise HouseRulesError(f"{name}: true or false is needed")
    return value


def _scores(document: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> Mapping[str, float]:
    value = document.get(name, {})
    if not isinstance(value, Mapping):
        raise HouseRulesError(f"{name}: a table is needed")
    for key, score in value.items():
        if key not in allowed:
            raise HouseRulesError(f"{name}: {key!r} is unknown; known are {', '.join(allowed)}")
        if not isinstance(score, (int, float)) or isinstance(score, bool) or not 0 <= score <= 1:
            raise HouseRulesError(f"{name}: {key} needs a score from 0 to 1")
    return {key: float(score) for key, score in value.items()}


def _by_language(
    document: Mapping[str, Any], name: str, prefix: str = "", *, required: bool = True
) -> Mapping[str, str]:
    value = document.get(name, {})
    if not isinstance(value, Mapping) or not all(isinstance(one, str) and one.strip() for one in value.values()):
        raise HouseRulesError(f"{prefix}{name}: a table of language = text is needed")
    if required and not value:
        raise HouseRulesError(f"{prefix}{name}: a text in at least one language is needed")
    return dict(value)


def digest(rules: Iterable[HouseRule]) -> str:
    """A short version that changes with any rule."""
    document = dumps([rule.to_document() for rule in rules], sort_keys=True, ensure_ascii=True)
    return sha256(document.encode()).hexdigest()[:12]
