"""Counts, dates, numbers and names as each of the six languages writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.dateformat import format as format_moment
from django.utils.translation import pgettext

from comity.rules.languages import SPOKEN, spoken
from comity.stream import wording
from comity.stream.wording import count_text, day, direction, moment, number

COUNTS = (0, 1, 2, 3, 5, 11, 21, 100, 1000)
NBSP, LRM, MINUS = "\u00a0", "\u200e", "\N{MINUS SIGN}"
COMMENTS: dict[str, Sequence[str]] = {
    "fr": (
        "0 commentaire", "1 commentaire", "2 commentaires", "3 commentaires", "5 commentaires", "11 commentaires",
        "21 commentaires", "100 commentaires", "1\u202f000 commentaires",
    ),
    "en": (
        "0 comments", "1 comment", "2 comments", "3 comments", "5 comments", "11 comments", "21 comments",
        "100 comments", "1,000 comments",
    ),
    "es": (
        "0 comentarios", "1 comentario", "2 comentarios", "3 comentarios", "5 comentarios", "11 comentarios",
        "21 comentarios", "100 comentarios", "1\u202f000 comentarios",
    ),
    "de": (
        "0 Kommentare", "1 Kommentar", "2 Kommentare", "3 Kommentare", "5 Kommentare", "11 Kommentare",
        "21 Kommentare", "100 Kommentare", "1.000 Kommentare",
    ),
    "he": (
        "0 תגובות", "תגובה אחת", "שתי תגובות", "3 תגובות", "5 תגובות", "11 תגובות", "21 תגובות", "100 תגובות",
        "1,000 תגובות",
    ),
    "ar": (
        "لا تعليقات", "تعليق واحد", "تعليقان", "3 تعليقات", "5 تعليقات", "11 تعليقًا", "21 تعليقًا", "100 تعليق",
        "1,000 تعليق",
    ),
}  # fmt: skip
MOMENT = datetime(2016, 2, 14, 18, 34, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [(code, count, text) for code, row in COMMENTS.items() for count, text in zip(COUNTS, row, strict=True)],
)
def test_how_many_comments(language: str, count: int, expected: str) -> None:
    assert count_text(count, language) == expected


def test_the_table_holds_every_spoken_language() -> None:
    assert set(COMMENTS) == set(SPOKEN)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "1\u202f000\u202f000 de commentaires"),
        ("en", "1,000,000 comments"),
        ("es", "1\u202f000\u202f000 de comentarios"),
        ("de", "1.000.000 Kommentare"),
        ("he", "1,000,000 תגובות"),
        ("ar", "1,000,000 تعليق"),
    ],
)
def test_a_million_comments(language: str, expected: str) -> None:
    assert count_text(1_000_000, language) == expected


@pytest.mark.parametrize(
    ("language", "date", "with_time"),
    [
        ("fr", "14 février 2016", f"14 février 2016 à 19{NBSP}h{NBSP}34"),
        ("en", "February 14, 2016", "February 14, 2016 at 7:34 p.m."),
        ("es", "14 de febrero de 2016", "14 de febrero de 2016, 19:34"),
        ("de", "14. Februar 2016", "14. Februar 2016 um 19:34 Uhr"),
        ("he", "14 בפברואר 2016", "14 בפברואר 2016 בשעה 19:34"),
        ("ar", "14 فبراير 2016", "14 فبراير 2016، الساعة 19:34"),
    ],
)
def test_dates(language: str, date: str, with_time: str) -> None:
    with translation.override(language), timezone.override("Europe/Paris"):
        assert day(MOMENT) == date
        assert moment(MOMENT) == with_time


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", f"{MINUS}12\u202f345"),
        ("en", f"{MINUS}12,345"),
        ("es", f"{MINUS}12\u202f345"),
        ("de", f"{MINUS}12.345"),
        ("he", f"{LRM}{MINUS}12,345"),
        ("ar", f"{LRM}{MINUS}12,345"),
    ],
)
def test_a_score_below_zero_keeps_its_sign_before_its_digits(language: str, expected: str) -> None:
    with translation.override(language):
        assert number(-12_345) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "ltr"), ("en", "ltr"), ("es", "ltr"), ("de", "ltr"), ("he", "rtl"), ("ar", "rtl")]
)
def test_direction(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_a_language_that_nobody_knows_runs_from_the_left() -> None:
    assert direction("xx-unknown") == "ltr"


TWO = ["Anne", "<דוד>"]
THREE = [*TWO, "سامي"]
SIX = [*THREE, "D", "E", "F"]
A, B = "<bdi>Anne</bdi>", "<bdi>&lt;דוד&gt;</bdi>"


@pytest.mark.parametrize(
    ("language", "two", "three", "six"),
    [
        ("fr", f"{A} et {B}", f"{A}, {B} et 1 autre", f"{A}, {B} et 4 autres"),
        ("en", f"{A} and {B}", f"{A}, {B} and 1 other", f"{A}, {B} and 4 others"),
        ("es", f"{A} y {B}", f"{A}, {B} y 1 persona más", f"{A}, {B} y 4 personas más"),
        ("de", f"{A} und {B}", f"{A}, {B} und 1 weiteren Person", f"{A}, {B} und 4 weiteren"),
        ("he", f"{A} ו־{B}", f"{A}, {B} ועוד אחד", f"{A}, {B} ועוד 4"),
        ("ar", f"{A} و{B}", f"{A} و{B} وشخص آخر", f"{A} و{B} و4 أشخاص آخرين"),
    ],
)
def test_names_are_kept_apart_from_the_direction_around_them(language: str, two: str, three: str, six: str) -> None:
    with translation.override(language):
        assert wording.names_line(TWO) == two
        assert wording.names_line(THREE) == three
        assert wording.names_line(SIX) == six
        assert wording.names_line(["Anne"]) == A


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("fr", "fr"), ("fr-CA", "fr"), ("HE_il", "he"), (" ar ", "ar"), ("xx", None), ("", None), ("iw", None)],
)
def test_which_language_a_tag_means(tag: str, expected: str | None) -> None:
    assert spoken(tag) == expected


@pytest.mark.parametrize("language", SPOKEN)
def test_moments_are_what_django_makes_of_the_language_s_pattern(language: str) -> None:
    """Days are kept and times put into them: the words are the same."""
    with translation.override(language), timezone.override("Europe/Paris"):
        pattern = pgettext("date and time", r"F j, Y \a\t g:i a")
        for hours in range(0, 24 * 70, 7):
            value = datetime(2026, 1, 28, 22, 4, tzinfo=UTC) + timedelta(hours=hours, minutes=hours)
            local = timezone.localtime(value)
            own = pattern.replace("j", r"j\e\r", 1) if language == "fr" and local.day == 1 else pattern
            assert moment(value) == format_moment(local, own)
