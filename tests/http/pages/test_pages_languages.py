"""Every page in every language: no English left in it, directions, refusals, the switch of languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.urls import URLPattern

import comity
from comity.actions.sites import change_site
from comity.desk.routes import desk_routes
from comity.pages.routes import page_routes
from comity.queries.shapes import SiteShape
from comity.rules.languages import SPOKEN
from tests.http.pages.conftest import Desk, Reader

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LOCALE = Path(comity.__file__).parent / "locale"
OTHERS = [code for code in SPOKEN if code != "en"]
RIGHT_TO_LEFT = {"he", "ar"}
NO_PAGES = {"widget", "widget-module", "accent", "embed-live", "desk-rules-export"}
"""Routes that answer with a script, a style sheet, a stream or a file."""
OWN_NAMES = {*SPOKEN.values(), "Markdown", "HTML", "Comity"}
DATA = re.compile(
    r"La Gazette|Une trêve|Un texte|Un autre|Inès Valmont|USNEWS|"
    r"International|Anne|Benoît|courtois|Claire Rédac|treve|^Email$|^Discrimination$"
)
"""What the site and its readers wrote, what a host project calls its users' names, the title of a shipped rule:
the same in both languages."""


class _Said(HTMLParser):
    """Every piece of text that a page says, seen or heard; not what it shows as code, such as the key of a rule."""

    ATTRIBUTES = frozenset({"aria-label", "title", "placeholder", "alt", "data-done"})
    SILENT = frozenset({"script", "style", "code"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: set[str] = set()
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        for name, value in attrs:
            if value and name in self.ATTRIBUTES:
                self._note(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._note(data)

    def _note(self, text: str) -> None:
        text = " ".join(text.split())
        if sum(character.isalpha() for character in text) > 1:  # more than the letter of the mark beside a name
            self.pieces.add(text)


def said(page: str) -> set[str]:
    """What a page says that is Comity's own."""
    parser = _Said()
    parser.feed(page)
    return {piece for piece in parser.pieces if not DATA.search(piece) and piece not in OWN_NAMES}


def same_in_english(language: str) -> set[str]:
    """Messages that a language truly says as English does, such as `Name` in German."""
    catalogue = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    return {entry.msgid for entry in catalogue if entry.msgid == entry.msgstr}


def _addresses(routes: list[URLPattern], comment_id: int) -> Iterator[tuple[str, list[object]]]:
    """Every route with values for what its path asks; what leads nowhere is a page too, the one that says so."""
    values: dict[str, object] = {"key": "treve", "comment_id": comment_id}
    for route in routes:
        if route.name not in NO_PAGES:
            assert route.name is not None
            yield route.name, [values.get(name, "1") for name in route.pattern.converters]


def _walk(reader: Reader, routes: list[URLPattern], comment_id: int, language: str) -> Iterator[tuple[str, str]]:
    for name, parts in _addresses(routes, comment_id):
        page = reader.read(name, *parts, lang=language, key="treve", story="treve")
        if page.status_code in {301, 302, 303}:
            page = reader.client.get(page["Location"])
        yield name, page.content.decode()


@pytest.fixture
def comment_id(reader: Reader) -> int:
    """A comment that the reader may change, one of each other kind beside it, and more than a page of them."""
    for number in range(4):
        reader.post("treve", f"Un mot courtois, le numéro {number}.")
    return reader.post("treve", "Un commentaire courtois.")


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_has_english_left_in_it(reader: Reader, comment_id: int, language: str) -> None:
    english = dict(_walk(reader, page_routes, comment_id, "en"))
    allowed = same_in_english(language)
    for name, page in _walk(reader, page_routes, comment_id, language):
        if name == "embed-count":
            continue  # numbers beside keys
        assert said(english[name]), name
        assert said(page) & said(english[name]) <= allowed, name


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_of_the_desk_has_english_left_in_it(
    editor: Desk, reader: Reader, site: SiteShape, comment_id: int, language: str
) -> None:
    change_site(key=site.key, settings={"pre_moderated": True})
    reader.reply(comment_id, "Une réponse courtoise.")
    english = dict(_walk(editor, desk_routes, comment_id, "en"))
    allowed = same_in_english(language)
    for name, page in _walk(editor, desk_routes, comment_id, language):
        assert "comity-sign-out" in page or "data-comity-refused" in page or name == "desk-sign-in", name
        assert said(page) & said(english[name]) <= allowed, name


def test_the_walk_would_see_english(reader: Reader, comment_id: int) -> None:
    english = dict(_walk(reader, page_routes, comment_id, "en"))["thread"]
    half = dict(_walk(reader, page_routes, comment_id, "de"))["thread"].replace(
        "Mitdiskutieren …", "Join the conversation…"
    )
    assert said(english) & said(half) - same_in_english("de") == {"Join the conversation…"}


@pytest.mark.parametrize("language", list(SPOKEN))
def test_pages_run_in_their_language_s_direction(reader: Reader, comment_id: int, language: str) -> None:
    expected = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    for name, page in _walk(reader, page_routes, comment_id, language):
        if name not in {"embed-thread", "embed-count"}:
            assert f'<html lang="{language}" dir="{expected}">' in page, name
    fragment = reader.read("embed-thread", lang=language, key="treve").content.decode()
    assert re.search(rf'<section class="comity" lang="{language}" dir="{expected}"', fragment)


@pytest.mark.parametrize("language", list(SPOKEN))
def test_comments_and_names_have_their_own_direction(reader: Reader, language: str) -> None:
    hebrew = reader.post("treve", "תודה על הכתבה המעניינת.", "דוד")
    page = reader.read("thread", "treve", lang=language).content.decode()
    assert re.search(rf'data-comment="{hebrew}".*?<bdi itemprop="name">דוד</bdi>', page, re.DOTALL)
    assert re.search(r'<div class="comity-body" dir="auto"[^>]*><p dir="rtl">תודה', page)
    story = reader.read("story", "treve", lang=language).content.decode()
    assert '<article class="comity-story" lang="fr" dir="auto">' in story


@pytest.mark.parametrize("language", list(SPOKEN))
def test_the_switch_names_every_other_language_in_its_own_words(reader: Reader, language: str) -> None:
    page = reader.read("thread", "treve", lang=language).content.decode()
    offered = dict(re.findall(r'<a href="[^"]*lang=(\w\w)[^"]*" lang="\w\w" hreflang="\w\w">([^<]+)</a>', page))
    assert offered == {code: name for code, name in SPOKEN.items() if code != language}


@pytest.mark.parametrize("language", list(SPOKEN))
def test_a_site_may_be_in_any_language(reader: Reader, site: SiteShape, language: str) -> None:
    change_site(key=site.key, settings={"language": language})
    page = reader.read("thread", "personne")
    assert page["Content-Language"] == language
    assert f'<html lang="{language}"' in page.content.decode()


REFUSED = {
    "fr": "Veuillez écrire un commentaire.",
    "en": "Please write a comment.",
    "es": "Escriba un comentario.",
    "de": "Bitte schreiben Sie einen Kommentar.",
    "he": "יש לכתוב תגובה.",
    "ar": "يُرجى كتابة تعليق.",
}
TOO_LONG = {
    "fr": "Ce texte est trop long\u00a0: 5\u202f001 caractères, au plus 5\u202f000.",
    "en": "This text is too long: 5,001 characters, at most 5,000.",
    "es": "Este texto es demasiado largo: 5\u202f001 caracteres; como máximo, 5\u202f000.",
    "de": "Dieser Text ist zu lang: 5.001 Zeichen, höchstens 5.000.",
    "he": "הטקסט ארוך מדי: 5,001 תווים, לכל היותר 5,000.",
    "ar": "هذا النص طويل جدًا؛ عدد أحرفه 5,001، والحد الأقصى 5,000.",
}


@pytest.mark.parametrize("language", list(SPOKEN))
def test_a_refusal_is_told_in_the_reader_s_language_and_keeps_what_was_typed(reader: Reader, language: str) -> None:
    empty = reader.send("post", "treve", form={"text": "", "author_name": "Anne"}, lang=language)
    assert REFUSED[language] in empty.content.decode()
    assert 'value="Anne"' in empty.content.decode()
    long = reader.send("post", "treve", form={"text": "é" * 5001, "author_name": "Anne"}, lang=language)
    assert "é" * 5001 in long.content.decode()
    assert TOO_LONG[language] in long.content.decode()
