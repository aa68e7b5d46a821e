"""A tiny local model, run for real where onnxruntime and tokenizers are installed, as `make test-peers` does."""

from __future__ import annotations

import base64
import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from comity.screening.backends.onnx import OnnxModel
from comity.screening.house_rules import shipped
from comity.screening.types import Submission

# One row of two logits for each of three words, and the greatest of each over the text.
MODEL = (
    "CAk6uQEKGQoBdwoJaW5wdXRfaWRzEgFlIgZHYXRoZXIKKwoBZQoCYXgSBmxvZ2l0cyIJUmVkdWNlTWF4Kg8KCGtlZXBkaW1zGACgAQISAWcqIwgD"
    "CAIQAUIBd0oYAABAwAAAQMAAAEDAAABAwAAAoEAAAEDAKhIIARAHQgJheEoIAQAAAAAAAABaGQoJaW5wdXRfaWRzEgwKCggHEgYKAggBCgBiGAoG"
    "bG9naXRzEg4KDAgBEggKAggBCgIIAkIECgAQEg=="
)
TOKENIZER = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [],
    "normalizer": None,
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": None,
    "decoder": None,
    "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "bonjour": 1, "cretin": 2}, "unk_token": "[UNK]"},
}


def folder(path: Path) -> OnnxModel:
    (path / "model.onnx").write_bytes(base64.b64decode(MODEL))
    (path / "tokenizer.json").write_text(json.dumps(TOKENIZER))
    (path / "comity.json").write_text(json.dumps({"labels": ["insult", None], "length": 16}))
    return OnnxModel(path)


if find_spec("onnxruntime") and find_spec("tokenizers"):

    @pytest.mark.peers
    def test_a_tiny_model_is_run(tmp_path: Path) -> None:
        model = folder(tmp_path)
        (finding,) = model.ask(Submission("bonjour cretin"), {}, shipped())
        assert (finding.category, round(finding.score, 3)) == ("insult", 0.993)
        assert list(model.ask(Submission("bonjour"), {}, shipped())) == []
        assert list(model.ask(Submission(""), {}, shipped())) == []


def test_its_labels_are_its_categories(tmp_path: Path) -> None:
    assert folder(tmp_path).categories == {"insult"}
