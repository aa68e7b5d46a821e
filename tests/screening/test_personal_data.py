"""Personal data is found by its check digits; numbers that are something else are left alone."""

from __future__ import annotations

import pytest

from comity.screening.detectors.personal_data import (
    PersonalDataDetector,
    iban_is_valid,
    luhn_is_valid,
    nir_is_valid,
)
from tests.screening.screened import found_by, screen


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Appelez le 06 12 34 56 78 ce soir", "telephone"),
        ("Appelez le 06.12.34.56.78", "telephone"),
        ("son numéro : +33 6 12 34 56 78", "telephone"),
        ("call +972-52-123-4567", "telephone"),
        ("call (212) 555-0123 now", "telephone"),
        ("llame al 612 345 678", "telephone"),
        ("call me on 020 7946 0958", "telephone"),
        ("text 07700900123", "telephone"),
        ("Telefon 030 12345678", "telephone"),
        ("écrire à prenom.nom@example.org", "email"),
        ("prenom.nom [at] example [dot] org", "email"),
        ("prenom.nom arobase example point org", "email"),
        ("IBAN FR14 2004 1010 0505 0001 3M02 606", "bank_account"),
        ("carte 4111 1111 1111 1111", "card"),
        ("sécu 1 84 12 76 451 089 46", "social_security_number"),
        ("DNI 12345678Z", "identity_number"),
        ("Il habite au 12 rue des Lilas", "postal_address"),
        ("12 rue des Lilas, 75020 Paris", "postal_address"),
        ("Lindenstraße 12", "postal_address"),
    ],
)
def test_personal_data_is_found(text: str, kind: str) -> None:
    (finding,) = found_by(PersonalDataDetector(), text)
    assert kind in finding.evidence
    assert finding.spans
    assert not any(character.isdigit() or character == "@" for code in finding.evidence for character in code)


@pytest.mark.parametrize(
    "text",
    [
        "Le 12/05/2016, 1 500 000 personnes et 2 300 400 autres",
        "En 1945, 6000000 de personnes",
        "ISBN 978-2-07-036822-8",
        "IBAN FR15 2004 1010 0505 0001 3M02 606",
        "sécu 1 84 12 76 451 089 47",
        "La loi 2004-575 du 21 juin 2004",
        "article 222-17, 222-18",
        "score 3-1, 10-0, 12:45",
        "v1.2.3.4.5.6",
        "le signe arobase et un point final",
        "dossier 01234567890",
        "https://example.org/2016/02/14/123456789",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not found_by(PersonalDataDetector(), text)


def test_an_address_of_a_public_place_only_advises() -> None:
    decision = screen("Rendez-vous au 55 rue du Faubourg Saint-Honoré")
    assert decision.outcome == "publish"
    assert [citation.outcome for citation in decision.citations] == ["advise"]


def test_checks() -> None:
    assert luhn_is_valid("79927398713")
    assert not luhn_is_valid("79927398710")
    assert iban_is_valid("DE89 3704 0044 0532 0130 00")
    assert not iban_is_valid("DE88 3704 0044 0532 0130 00")
    assert nir_is_valid("1 84 12 2A 451 089 33")
    assert not nir_is_valid("184")
