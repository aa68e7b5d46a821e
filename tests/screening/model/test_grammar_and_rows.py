"""The trainer's own sentences and its split; needs nothing but the package."""

from __future__ import annotations

import gzip
import random
import re
from pathlib import Path

import pytest

from comity.screening.model.tokens import tokenise
from comity.screening.training.grammar import load_grammar
from comity.screening.training.judged import judged_rows
from comity.screening.training.obfuscation import abbreviate, disguise
from comity.screening.training.own_words import own_words
from comity.screening.training.rows import HEADS, is_dev, letters_only, read_table
from comity.screening.training.translation import learn_rewriter

HEADER = "text\tlang\tsource\tweight\thate\ttoxic\tinsult\tthreat\tobscene\tantisemitism\tspam\n"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_contrast_sentences_are_whole_and_keep_apart(language: str) -> None:
    grammar = load_grammar(language)
    train = list(grammar.rows(3000, random.Random(1), dev=False))
    dev = list(grammar.rows(1000, random.Random(2), dev=True))
    assert not [row.text for row in train + dev if re.search(r"[{}\[\]|]", row.text)]
    both = {letters_only(row.text) for row in train} & {letters_only(row.text) for row in dev}
    # Only families made of lists that are not cut can meet; the trainer takes what meets out of training.
    assert len(both) < len(dev) // 10
    assert {row.labels[0] for row in dev} >= {0.0, 1.0}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_advertisements_and_talk_are_whole_and_labelled(language: str) -> None:
    rows = list(load_grammar(language, "grammar_spam").rows(1500, random.Random(1), dev=False))
    assert not [row.text for row in rows if re.search(r"[{}\[\]|]", row.text)]
    assert {row.source for row in rows} == {f"grammar_spam_{language}"}
    spam = HEADS.index("spam")
    assert 300 < sum(row.labels[spam] == 0.0 for row in rows) < sum(row.labels[spam] == 1.0 for row in rows)
    assert not [row for row in rows if row.labels[spam] == 0.0 and "://" in row.text]


def test_french_sentences_agree_and_elide() -> None:
    grammar = load_grammar("fr")
    texts = [row.text.lower() for row in grammar.rows(4000, random.Random(3), dev=False)]
    assert not [text for text in texts if re.search(r"(?<!-)\b(?:de|je|ne|que) (?!oui\b)[aeiou]", text)]
    assert not [text for text in texts if re.search(r"\bde les\b|\bà les\b|\btous les femmes\b", text)]


def test_a_frame_round_a_sentence_holds_it() -> None:
    grammar = load_grammar("fr")
    for seed in range(30):
        framed = grammar.around("les trains sont lents", random.Random(seed), dev=False, kept=bool(seed % 2))
        assert "les trains sont lents" in framed


def test_table_is_read_with_its_masks(tmp_path: Path) -> None:
    table = tmp_path / "table.tsv.gz"
    with gzip.open(table, "wt", encoding="utf-8") as out:
        out.write(HEADER)
        out.write("Bonjour à tous\tfr\tftr\t1.0\t0\t\t\t\t\t\t\n")
        out.write("Left out\ten\tethos\t1.0\t1\t\t\t\t\t\t\n")
        out.write("Tone only\tfr\tmlma\t1.0\t1\t0\t\t\t\t\t\n")
    rows = list(read_table(table))
    assert [row.source for row in rows] == ["ftr", "mlma"]
    assert rows[0].labels == (0.0, None, None, None, None, None, None)
    assert rows[1].labels[:2] == (None, 0.0)
    assert len(HEADS) == len(rows[0].labels)


def test_another_table_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "table.tsv.gz"
    with gzip.open(table, "wt", encoding="utf-8") as out:
        out.write("a\tb\n")
    with pytest.raises(ValueError, match="first line"):
        list(read_table(table))


def test_the_split_looks_at_letters_only() -> None:
    assert is_dev("Une phrase, ici !", "ftr") == is_dev("une phrase ici", "ftr")
    share = sum(is_dev(f"phrase {number}", "dynahate") for number in range(4000)) / 4000
    assert 0.03 < share < 0.07


def test_pseudo_french_uses_the_pairs() -> None:
    pairs = [("the cat sleeps", "le chat dort"), ("the dog sleeps", "le chien dort"), ("a cat eats", "un chat mange")]
    pairs += [("the cat eats", "le chat mange"), ("a dog sleeps", "un chien dort"), ("the dog eats", "le chien mange")]
    rewriter = learn_rewriter([(tokenise(english).words, tokenise(french).words) for english, french in pairs])
    assert rewriter.rewrite(tokenise("the dog eats").words, random.Random(0)) == "le chien mange"
    assert rewriter.rewrite(tokenise("the dog is not here").words, random.Random(0)).startswith("le chien n'est pas")


def test_disguises_keep_the_text_readable() -> None:
    for seed in range(60):
        hidden = disguise("une phrase ordinaire et tranquille", random.Random(seed))
        assert hidden
        assert len(hidden) >= 20


def test_a_hurried_hand_keeps_the_words_that_matter() -> None:
    for seed in range(60):
        typed = abbreviate("Pourquoi les trains ne sont pas toujours à l'heure ?", random.Random(seed))
        assert "trains" in typed
        assert typed == typed.lower()


def test_sentences_of_our_own_are_judged_and_never_trained_on() -> None:
    rows = own_words() + judged_rows()
    assert {row.language for row in rows} == {"fr", "en", "de"}
    assert all(row.dev and row.labels[0] in (0.0, 1.0, None) for row in rows)
    assert not [row.text for row in rows if row.labels[0] == 1 and row.labels[1] == 0], "hatred is toxic"
    assert len({letters_only(row.text) for row in rows}) == len(rows)
    trained = {
        letters_only(row.text)
        for language in ("fr", "en")
        for row in load_grammar(language).rows(3000, random.Random(5), dev=False)
    }
    # A judged sentence of a word or two may be made by the grammar: that one is left out, not the training row.
    assert trained.isdisjoint(letters_only(row.text) for row in own_words())
