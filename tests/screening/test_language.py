"""The language of a few words, by script and by frequent words."""

from __future__ import annotations

import pytest

from comity.screening.language import identify
from comity.screening.normalise import prepare


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Je ne suis pas d'accord avec vous", "fr"),
        ("Quelle belle journée", "fr"),
        ("I do not agree with you at all", "en"),
        ("What a lovely day", "en"),
        ("Ich bin nicht Ihrer Meinung", "de"),
        ("Das ist eine gute Frage für die Regierung", "de"),
        ("No estoy de acuerdo con usted", "es"),
        ("¿Qué piensan ustedes de esto?", "es"),
        ("אני לא מסכים איתך", "he"),
        ("لا أتفق معك في هذا", "ar"),
        ("Non sono d'accordo con questo articolo", "it"),
        ("Ik ben het niet met jou eens", "nl"),
        ("Я не согласен", "ru"),
        ("Tu es un con", "und"),
        ("Con el tiempo se olvida", "es"),
        ("u r not the only one", "en"),
        ("", "und"),
        ("12345", "und"),
        ("你好世界", "und"),
        ("zzz qqq", "und"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert identify(prepare(text).words, text) == language
