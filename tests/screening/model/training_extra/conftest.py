"""These tests train: they are collected where the extra `training` is installed, as `make test-peers` does."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") and find_spec("scipy") else ["test_training.py"]
