"""Word lists: their format, their borders, their exceptions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from comity.screening.book_writing import write_book
from comity.screening.detectors.lexicon import LexiconDetector
from comity.screening.folding import fold_word
from comity.screening.house_rules import CATEGORIES
from comity.screening.lexicon import Entry, Lexicon, LexiconError, read_entries, shipped_entries, shipped_lexicon
from comity.screening.lexicon_file import read_compiled, write_compiled
from comity.screening.marks import marks_in, marks_of
from comity.screening.normalise import prepare
from comity.screening.sections import hash_of
from comity.screening.word_book import WordBook
from tests.screening.screened import found_by, screen


def test_optional_parts_and_choices() -> None:
    forms = {entry.form for entry in read_entries("= insult 0.7\nbête(s) (à|de) foin, sot(te)", "fr")}
    assert forms == {"bete a foin", "betes a foin", "bete de foin", "betes de foin", "sot", "sotte"}


@pytest.mark.parametrize(
    ("text", "line"),
    [("mot", 1), ("= insult", 1), ("= insult 2", 1), ("\n= insult lourd", 2), ("= insult 0.5 flagrant", 1)],
)
def test_a_bad_list_names_its_line(text: str, line: int) -> None:
    with pytest.raises(LexiconError, match=f"line {line}"):
        list(read_entries(text, "fr"))


def test_every_shipped_entry_is_legal() -> None:
    known = {*CATEGORIES, "exception"}
    for entry in shipped_entries():
        kind, _, rest = entry.category.partition(":")
        parts = kind in ("class", "words") or (kind == "watch" and rest in CATEGORIES)
        assert entry.category in known or parts, entry.category
        assert entry.form
        assert entry.form == fold_word(entry.form).strip()
    assert {entry.language for entry in shipped_entries()} == {"fr", "en", "he", "ar", "es", "de", "any"}


def test_words_have_borders() -> None:
    own = LexiconDetector([Entry("sot", "insult", 0.9, "fr")])
    assert found_by(own, "Il est sot.")[0].spans == ((7, 10),)
    assert not found_by(own, "Il est à Sotteville, sous un sotilège")


def test_accents_can_be_needed() -> None:
    entries = list(read_entries("= insult 0.9 accent\ntaré", "fr"))
    assert marks_in(prepare("il est taré"), Lexicon(entries))
    assert not marks_in(prepare("la tare du camion"), Lexicon(entries))


def test_a_word_can_belong_to_its_language_only() -> None:
    lexicon = Lexicon(read_entries("= insult 0.9 language\nretard", "en"))
    assert marks_in(prepare("you are such a retard"), lexicon)
    assert not marks_in(prepare("je suis en retard pour le train"), lexicon)
    assert not marks_in(prepare("retard !", "fr"), lexicon)


@pytest.mark.parametrize("innocent", ["les retards s'accumulent", "Le train a du retard", "Con el tiempo, amigos"])
def test_an_everyday_word_is_no_foreign_insult(innocent: str) -> None:
    assert not [one for one in screen(innocent).findings if one.detector in ("lexicon", "statements")]


@pytest.mark.parametrize("insult", ["Tu es un con", "T'es con"])
def test_an_insult_that_another_language_has_as_a_small_word(insult: str) -> None:
    assert screen(insult).outcome != "publish"


def test_exceptions_take_away_what_they_cover() -> None:
    entries = [*read_entries("= insult 0.9\nblaireau\n= exception 1\nblaireau d'europe", "fr")]
    assert not marks_in(prepare("le blaireau d'Europe dort"), Lexicon(entries))
    assert marks_in(prepare("quel blaireau, comme le blaireau d'Europe"), Lexicon(entries))


def test_arabic_and_hebrew_prefixes() -> None:
    entries = [*read_entries("= insult 0.9\nكاذب", "ar"), *read_entries("= insult 0.9\nשקרן", "he")]
    for text in ("الكاذب هنا", "والكاذب", "השקרן כאן", "ושקרן"):
        assert marks_in(prepare(text), Lexicon(entries)), text


def test_an_empty_lexicon_finds_nothing() -> None:
    lexicon = Lexicon([])
    assert not marks_in(prepare("c o n t e n t et c0nt3nt ou c*nt*nt"), lexicon)


def test_a_hundred_thousand_entries_find_the_one() -> None:
    entries = [Entry(f"mot{number}x", "insult", 0.9, "fr") for number in range(100_000)]
    marks = marks_in(prepare("voici mot77777x et mot5"), Lexicon(entries))
    assert [mark.entry.form for mark in marks] == ["mot77777x"]


def test_plain_marks_are_not_called_disguised() -> None:
    assert all(not mark.disguised for mark in marks_of(prepare("Vous êtes un crétin")))
    assert shipped_lexicon() is shipped_lexicon()


def test_the_compiled_lists_hold_what_the_lists_say(tmp_path: Path) -> None:
    """Whatever automata find in the lists' entries, the tables find."""
    entries = [entry for entry in shipped_entries() if not entry.category.startswith("words:")]
    entries = [entry for entry in entries if hash_of(entry.form) % 5 == 0]
    read = Lexicon(entries)
    write_compiled(tmp_path / "lists.bin", entries)
    compiled = read_compiled(tmp_path / "lists.bin")
    assert compiled is not None
    book = WordBook(compiled)
    by_form: dict[str, list[Entry]] = {}
    for entry in entries:
        by_form.setdefault(entry.form, []).append(entry)
    groups = {
        group[0].form: [asdict(entry) for entry in group] for group in map(book.groups.__getitem__, range(len(book)))
    }
    assert groups == {form: [asdict(entry) for entry in group] for form, group in by_form.items()}
    texts = [
        *(
            "Vous êtes un crétin",
            "אתה טיפש",
            "j e  s u i s",
            "c0n",
            "يا حمار",
            "q u e l   i d i o t, quel c*n",
            "",
            "😀 !",
        ),
        *("#vousetesunidiot", "Un id1ot. D'un autre côté, quelle idiooote", "sale\nbête; ta gueule", "i.d.i.o.t.s"),
        # Whole runs of forms, so that phrases overlap and go past their ends.
        *(" ".join(form for form in list(by_form)[start::377]) for start in range(30)),
        *("".join(form.replace(" ", "") for form in list(by_form)[start::799]) for start in range(10)),
        *(" ".join(" ".join(form) for form in list(by_form)[start::999]) for start in range(10)),
        *(" ".join(f"{form[0]}*{form[2:]}" for form in list(by_form)[start::999]) for start in range(10)),
    ]
    for text in texts:
        found, expected = (
            [(mark.first, mark.last, mark.entry.form, mark.entry.category, mark.span, mark.disguised)
             for mark in marks_in(prepare(text), lists)]
            for lists in (book, read)
        )  # fmt: skip
        assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("damage", ["empty", "another", "cut", "old", "unread"])
def test_a_compiled_file_of_other_lists_does_not_count(tmp_path: Path, damage: str) -> None:
    path, entries = tmp_path / "lists.bin", [Entry("sot", "insult", 0.9, "fr")]
    write_compiled(path, entries)
    whole = path.read_bytes()
    assert read_compiled(path) is not None
    damaged = {
        "empty": b"",
        "another": b"{}" * 100,
        "cut": whole[:-100],
        "old": write_book(entries, digest=1),
        "unread": whole.replace(b'"places"', b'"places!'),
    }
    path.write_bytes(damaged[damage])
    assert read_compiled(path) is None
    assert read_compiled(tmp_path / "none") is None
