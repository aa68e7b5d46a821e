"""Links and their standing, contacts, repetition, near-duplicates, the hidden field; timing only hints."""

from __future__ import annotations

import pytest

from comity.screening.detectors.bare_link import BareLinkDetector
from comity.screening.detectors.contacts import ContactsDetector
from comity.screening.detectors.links import LinksDetector
from comity.screening.detectors.near_duplicates import NearDuplicatesDetector
from comity.screening.detectors.repetition import RepetitionDetector
from comity.screening.engine import Engine
from comity.screening.simhash import distance, fingerprint
from comity.screening.types import AuthorHistory, LinkStanding, Submission
from comity.screening.written_links import host_of
from tests.screening.screened import RULES, found_by, screen

WHOLE = Engine()

OFFER = "Voici notre offre exceptionnelle de montres à prix cassé, livrée chez vous demain matin !"


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://www.Example.org/a?b", "example.org"),
        ("http://user:word@example.org:8000/", "example.org"),
        ("www.example.org", "example.org"),
        ("https://example.org.", "example.org"),
        ("", ""),
    ],
)
def test_hosts(link: str, host: str) -> None:
    assert host_of(link) == host


def test_one_unknown_link_is_published() -> None:
    decision = screen("La source est ici : https://example.org/article, bonne lecture.")
    assert decision.outcome == "publish"
    assert {evidence for finding in decision.findings for evidence in finding.evidence} == {
        "link_unknown",
        "little_but_a_link",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a", 1),
        ("à voir absolument : example.com/page", 1),
        ("example.com et https://example.org/?to=example.net", 2),
        ("https://fr.wikipedia.org/wiki/Paris", 0),
        ("un mot. com et un autre. Point", 0),
        ("contact@example.com", 0),
        ("Je lis dans https://example.org/a que le maire a promis de refaire la place avant la fin de son mandat.", 0),
    ],
)
def test_a_link_almost_alone(text: str, expected: int) -> None:
    found = list(found_by(BareLinkDetector(), text))
    assert sum(len(finding.spans) for finding in found) == expected
    assert all(finding.score > 0.5 for finding in found)


def test_a_link_almost_alone_of_somebody_published_or_to_a_known_host_says_nothing() -> None:
    link = "https://example.org/a"
    assert not found_by(BareLinkDetector(), link, author=AuthorHistory(published=1))
    assert not found_by(BareLinkDetector(), link, links={"example.org": LinkStanding(published=1)})


def test_a_link_almost_alone_does_not_add_to_others_for_a_removal() -> None:
    text = " ".join(f"https://h{number}.example/x" for number in range(6))
    assert found_by(BareLinkDetector(), text)
    assert WHOLE.screen(Submission(text), RULES).outcome == "hold"


def test_a_link_almost_alone_is_never_held_for_that() -> None:
    for text in ("Source : https://example.org/article", "https://example.org/a", "À lire : example.com/a"):
        assert WHOLE.screen(Submission(text), RULES).outcome == "publish"


def test_many_links_are_held() -> None:
    assert screen(" ".join(f"https://h{number}.example/x" for number in range(4))).outcome == "hold"


def test_the_sites_own_links_do_not_count() -> None:
    own = {"journal.example": LinkStanding(own=True)}
    assert not found_by(LinksDetector(), "https://journal.example/a https://journal.example/b", links=own)


def test_a_host_removed_before_is_held_and_a_known_author_weighs_less() -> None:
    bad = {"bad.example": LinkStanding(published=0, removed=8)}
    (finding,) = found_by(LinksDetector(), "voir https://bad.example/", links=bad)
    assert finding.score >= 0.8
    known = AuthorHistory(published=50, proven=True)
    (milder,) = found_by(LinksDetector(), "voir https://bad.example/", links=bad, author=known)
    assert milder.score < finding.score


def test_the_authors_website_counts_as_a_link() -> None:
    bad = {"bad.example": LinkStanding(removed=8)}
    assert found_by(LinksDetector(), "bonjour", author_website="https://bad.example", links=bad)


def test_contact_details_beside_a_messenger() -> None:
    assert found_by(ContactsDetector(), "Contactez-moi sur WhatsApp +33 6 12 34 56 78")
    assert found_by(ContactsDetector(), "my channel t.me/offers_here")
    assert not found_by(ContactsDetector(), "WhatsApp a changé ses conditions en 2021")
    assert not found_by(ContactsDetector(), "le 06 12 34 56 78")


def test_repetition() -> None:
    assert found_by(RepetitionDetector(), "acheter vite " * 12)
    assert found_by(RepetitionDetector(), "a" * 40 + " " + "b" * 40)
    assert not found_by(RepetitionDetector(), "Ha ha ha ha, que c'est drôle, on en rit encore tous les deux.")
    assert not found_by(RepetitionDetector(), "-" * 20)


def test_nearly_the_same_text_again_is_held() -> None:
    assert screen(OFFER, recent_texts=(OFFER.replace("demain", "mardi"),)).outcome == "hold"
    other = "Un tout autre propos, sur la pluie et le beau temps de la semaine."
    assert screen(OFFER, recent_texts=(other,)).outcome == "publish"
    assert screen(OFFER, recent_texts=()).outcome == "publish"


def test_short_replies_may_repeat_each_other() -> None:
    assert not found_by(NearDuplicatesDetector(), "Merci beaucoup !", recent_texts=("Merci beaucoup !",))


def test_fingerprints_are_near_for_near_texts() -> None:
    words = OFFER.lower().split()
    assert distance(fingerprint(words), fingerprint(words)) == 0
    assert distance(fingerprint(words), fingerprint([*words[:-3], "mardi", "matin", "!"])) < 16
    assert (
        distance(fingerprint(words), fingerprint(["la", "pluie", "et", "le", "beau", "temps", "de", "la", "semaine"]))
        > 16
    )


def test_the_hidden_field_removes_and_timing_only_hints() -> None:
    decision = screen("Un propos sans histoire, assez long pour compter.", honeypot="x")
    assert decision.outcome == "remove"
    assert decision.citations[0].rule_key == "spam"
    hurried = screen("Un propos sans histoire, assez long pour compter.", seconds_to_write=0.2)
    assert hurried.outcome == "publish"
    assert hurried.findings[0].evidence == ("written_too_fast",)
    assert screen("Bonjour", network_recent_posts=100).outcome == "publish"


def test_advertising_phrases_are_held() -> None:
    assert screen("Gagnez de l'argent rapidement, cliquez sur ce lien").outcome == "hold"
    assert screen("Online casino with no deposit bonus").outcome == "hold"
