"""Verb forms come from rules."""

from __future__ import annotations

import pytest

from comity.screening.morphology import forms_of


@pytest.mark.parametrize(
    ("verb", "language", "some"),
    [
        ("chanter", "fr", {("base", "chanter"), ("now", "chantent"), ("order", "chantez"), ("done", "chantées")}),
        ("chanter", "fr", {("soon", "chanterai"), ("soon", "chanteraient"), ("order", "chantons")}),
        ("manger", "fr", {("order", "mangeons"), ("done", "mangé")}),
        ("noyer", "fr", {("now", "noie"), ("soon", "noierai"), ("order", "noyez")}),
        ("finir", "fr", {("now", "finissent"), ("order", "finissons"), ("soon", "finirai"), ("done", "finie")}),
        ("pendre", "fr", {("now", "pend"), ("done", "pendus"), ("soon", "pendra")}),
        ("mettre à mort", "fr", {("base", "mettre à mort"), ("order", "mettez à mort")}),
        ("stop", "en", {("base", "stop"), ("done", "stopped"), ("now", "stopping")}),
        ("paint", "en", {("done", "painted"), ("now", "painting")}),
        ("dance", "en", {("done", "danced"), ("now", "dancing")}),
        ("malen", "de", {("base", "malen")}),
    ],
)
def test_forms(verb: str, language: str, some: set[tuple[str, str]]) -> None:
    assert some <= set(forms_of(verb, language))
