"""Groups named, and hostile words beside them: only in the author's own name, and never enough by themselves."""

from __future__ import annotations

import pytest

from comity.screening.detectors.mentions import MentionsDetector
from tests.screening.screened import found_by, screen

NAMED, BESIDE = ("group_named",), ("hostile_words_beside_group",)


@pytest.mark.parametrize(
    ("text", "category", "evidence"),
    [
        ("Les Roms vivent près du lac.", "racism", NAMED),
        ("Ce camp de Roms, quelle vermine on y trouve.", "racism", BESIDE),
        ("Quelle v3rmin3, ce camp de Roms.", "racism", BESIDE),
        ("Quelle vermine dans la cave. Les Roms vivent près du lac.", "racism", NAMED),
        ("Ce camp de Roms, ce n'est pas de la vermine.", "racism", NAMED),
        ("« Quelle vermine », lance-t-on aux Roms.", "racism", NAMED),
        ("Je dénonce ceux qui voient une vermine dans ce camp de Roms.", "racism", NAMED),
        ("Looking at the Muslims I see vermin everywhere", "racism", BESIDE),
        ("The court fined him for calling the Muslims vermin.", "racism", NAMED),
        ("Les Juifs d'ici, derrière la crise, ont tout l'argent", "antisemitism", BESIDE),
        ("Les Portugais et leur loto, ils ont tout l'argent", "racism", NAMED),
        ("Ces handicapés, une plaie", "discrimination", BESIDE),
        ("Les femmes sont plus touchées par ce cancer.", "discrimination", NAMED),
        ("Ma femme est morte d'un cancer.", "discrimination", NAMED),
        ("Notre chien mord les étrangers.", "racism", NAMED),
        ("Les singes et les hommes ont un ancêtre commun.", "discrimination", NAMED),
        ("Ces étrangers du parc, de la vermine", "racism", BESIDE),
        ("Ma femme dit crétin à tout le monde.", "discrimination", NAMED),
    ],
)
def test_groups_and_hostile_words_beside_them(text: str, category: str, evidence: tuple[str, ...]) -> None:
    found = {one.category: one for one in found_by(MentionsDetector(), text)}
    assert found[category].evidence == evidence
    assert found[category].score < 0.5, "never a finding of hatred by itself"


def test_without_a_finding_of_hatred_they_are_left_out() -> None:
    findings = screen("Ce camp de Roms, quelle vermine on y trouve.").findings
    assert findings
    assert "mentions" not in {one.detector for one in findings}
