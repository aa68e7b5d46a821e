"""A text-classification model in a local folder, run with onnxruntime and tokenizers where the site installed them.

The folder holds `model.onnx`, `tokenizer.json` and `comity.json`: {"labels": [category or null, ...],
"activation": "sigmoid" | "softmax", "length": tokens}. Nothing is ever downloaded.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Mapping
from math import exp
from pathlib import Path
from typing import Any

from comity.screening.backends.asking import BackEndUnavailable
from comity.screening.house_rules import CATEGORIES, HouseRules
from comity.screening.types import Finding, Submission

__all__ = ["OnnxModel", "OnnxModelError"]

_LEAST = 0.3


class OnnxModelError(ValueError):
    """The folder does not hold a usable model; the message says what is wrong."""


class OnnxModel:
    """Findings by the labels of a local model."""

    name = "onnx"

    def __init__(self, folder: Path) -> None:
        """Reads the folder's description; the model itself is loaded at the first text.

        Raises:
            OnnxModelError: something is missing or malformed.
        """
        for needed in ("model.onnx", "tokenizer.json", "comity.json"):
            if not (folder / needed).is_file():
                raise OnnxModelError(f"{needed} is missing")
        try:
            described = json.loads((folder / "comity.json").read_text("utf-8"))
            labels = list(described["labels"])
            self._softmax = {"sigmoid": False, "softmax": True}[described.get("activation", "sigmoid")]
            self._length = int(described.get("length", 256))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise OnnxModelError(
                "comity.json: labels, activation (sigmoid or softmax) and length are needed"
            ) from error
        unknown = [label for label in labels if label is not None and label not in CATEGORIES]
        if unknown or not labels:
            raise OnnxModelError(f"comity.json: labels are categories or null, not {unknown[:1]}")
        self._labels: tuple[str | None, ...] = tuple(labels)
        self._folder = folder
        self._loaded: tuple[Any, Any] | None = None

    @property
    def categories(self) -> frozenset[str]:
        """What its labels speak of."""
        return frozenset(label for label in self._labels if label is not None)

    def ask(
        self, submission: Submission, _scores: Mapping[str, float], _house_rules: HouseRules, /
    ) -> Iterable[Finding]:
        """One finding for each label that scores.

        Raises:
            BackEndUnavailable: `missing` without the libraries, `malformed` when the model cannot run.
        """
        if self._loaded is None:
            self._loaded = self._load()
        tokenizer, session = self._loaded
        try:
            encoded = tokenizer.encode(submission.text)
            columns = {
                "input_ids": encoded.ids,
                "attention_mask": encoded.attention_mask,
                "token_type_ids": encoded.type_ids,
            }
            numpy = importlib.import_module("numpy")
            wanted = [one.name for one in session.get_inputs()]
            feed = {name: numpy.array([columns[name][: self._length]], dtype=numpy.int64) for name in wanted}
            logits = [float(value) for value in session.run(None, feed)[0][0]]
        except Exception as error:
            raise BackEndUnavailable("malformed") from error
        if len(logits) != len(self._labels):
            raise BackEndUnavailable("malformed")
        scores = _softmax(logits) if self._softmax else [1 / (1 + exp(-max(-30.0, min(30.0, one)))) for one in logits]
        return [
            Finding(label, round(score, 4), self.name, (), ("local_model",))
            for label, score in zip(self._labels, scores, strict=True)
            if label is not None and score >= _LEAST
        ]

    def _load(self) -> tuple[Any, Any]:
        try:
            onnxruntime = importlib.import_module("onnxruntime")
            tokenizers = importlib.import_module("tokenizers")
        except ImportError as error:
            raise BackEndUnavailable("missing") from error
        try:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            session = onnxruntime.InferenceSession(str(self._folder / "model.onnx"), options)
            tokenizer = tokenizers.Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            tokenizer.enable_truncation(self._length)
        except Exception as error:
            raise BackEndUnavailable("malformed") from error
        return tokenizer, session


def _softmax(logits: list[float]) -> list[float]:
    top = max(logits)
    powers = [exp(one - top) for one in logits]
    return [one / sum(powers) for one in powers]
