"""The heavier judges that this installation turned on; none unless its settings say so."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.core.signals import setting_changed

from comity import conf
from comity.screening.backends.asking import BackEnd, BackEndUnavailable, Breaker
from comity.screening.house_rules import CATEGORIES, HouseRules
from comity.screening.types import Finding, Submission

__all__ = ["UnusableModel", "back_ends"]


class UnusableModel:
    """Stands where a model should be that cannot be read: it never answers, and every decision says so."""

    name = "onnx"
    categories = frozenset(CATEGORIES)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def ask(
        self, _submission: Submission, _scores: Mapping[str, float], _house_rules: HouseRules, /
    ) -> Iterable[Finding]:
        """Never answers.

        Raises:
            BackEndUnavailable: always.
        """
        raise BackEndUnavailable("missing")


@lru_cache(maxsize=1)
def back_ends() -> tuple[BackEnd, ...]:
    """Made once for each process, so that a breaker remembers who did not answer."""
    settings = conf.current()
    timeout = settings.screening_timeout_seconds
    made: list[BackEnd] = []
    if settings.screening_onnx_folder:
        from comity.screening.backends.onnx import OnnxModel, OnnxModelError

        try:
            made.append(OnnxModel(Path(settings.screening_onnx_folder)))
        except OnnxModelError as error:
            made.append(UnusableModel(str(error)))
    if not (settings.screening_chat_url or settings.screening_akismet_key or settings.screening_perspective_key):
        return tuple(made)
    from comity.screening.backends.transport import send

    def transport() -> Breaker:
        return Breaker(send, time.monotonic)

    if settings.screening_chat_url:
        from comity.screening.backends.openai_compatible import OpenAICompatible

        made.append(
            OpenAICompatible(
                url=settings.screening_chat_url,
                model=settings.screening_chat_model,
                key=settings.screening_chat_key,
                transport=transport(),
                timeout=timeout,
            )
        )
    if settings.screening_akismet_key:
        from comity.screening.backends.akismet import AKISMET, Akismet

        made.append(
            Akismet(
                key=settings.screening_akismet_key,
                blog=settings.screening_akismet_blog,
                url=settings.screening_akismet_url or AKISMET,
                transport=transport(),
                timeout=timeout,
            )
        )
    if settings.screening_perspective_key:
        from comity.screening.backends.perspective import PERSPECTIVE, Perspective

        made.append(
            Perspective(
                key=settings.screening_perspective_key,
                url=settings.screening_perspective_url or PERSPECTIVE,
                transport=transport(),
                today=lambda: datetime.now(UTC).date(),
                timeout=timeout,
            )
        )
    return tuple(made)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "COMITY":
        back_ends.cache_clear()


setting_changed.connect(_forget)
