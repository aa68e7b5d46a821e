"""House rules on the desk: versions, notes, times, files, trial, contact points; and who may."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from comity.models import HouseRule
from comity.queries.house_rules import rules_of
from comity.queries.shapes import SiteShape
from comity.queries.sites import site_by_id
from comity.screening.house_rules import HouseRule as Rule
from comity.screening.house_rules import HouseRules, parse, shipped
from comity.screening.house_rules_writing import write_file
from tests.http.pages.conftest import Desk, Reader

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NEW = {
    "base_version": "0",
    "key": "ton",
    "title_fr": "Ton posé",
    "text_fr": "On se parle sans crier\u202f!",
    "reference_fr": "Charte",
    "kind": "terms",
    "outcome": "advise",
    "category_values": "yes",
    "threshold_advise": "0,5",
    "words": "saperlipopette\n\n fichtre ",
    "enabled": "yes",
    "note": "Plus calme",
}


def form_of(page: str) -> dict[str, str]:
    """What a browser would send back of the rule's form, untouched."""
    found = {}
    main = page[page.index("<main") :]
    for tag in re.findall(r"<input[^>]*>", main):
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', main, re.DOTALL))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', main, re.DOTALL):
        found[name] = re.findall(r'value="([^"]+)" selected', options)[0]
    found.pop("csrfmiddlewaretoken")
    return {name: html.unescape(value) for name, value in found.items()}


@pytest.mark.parametrize("key", [rule.key for rule in shipped().rules])
def test_a_rule_saved_untouched_is_the_same_rule(editor: Desk, site: SiteShape, key: str) -> None:
    form = form_of(editor.read("desk-rule", key).content.decode())
    page = editor.send("desk-rule", key, form={**form, "note": "Rien"})
    assert "La nouvelle version est enregistrée." in page.content.decode()
    rule, own = shipped().rule(key), rules_of(site.id).rule(key)
    assert rule is not None
    assert own is not None
    assert {**own.to_document(), "version": 1} == {**rule.to_document(), "version": 1}
    row = HouseRule.objects.get()
    assert (row.version, row.note) == (rule.version + 1, "Rien")
    assert row.author is not None


def test_a_new_rule_with_all_its_fields(editor: Desk, site: SiteShape, reader: Reader) -> None:
    editor.send("desk-rule-new", form=NEW)
    rule = rules_of(site.id).rule("ton")
    assert rule is not None
    assert rule.text == {"fr": "On se parle sans crier\u202f!"}
    assert rule.words == ("saperlipopette", "fichtre")
    assert (rule.outcome, dict(rule.thresholds), rule.version) == ("advise", {"advise": 0.5}, 1)
    assert "Ton posé" in reader.read("house-rules").content.decode()
    assert "Ton posé" in editor.read("desk-rules").content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "no key!"}, "Jusqu’à 64 lettres"),
        ({"title_fr": " "}, "dans une langue au moins"),
        ({"text_fr": ""}, "dans une langue au moins"),
        ({"reference_fr": ""}, "dans une langue au moins"),
        ({"category_values": ""}, "Veuillez en choisir au moins une"),
        ({"threshold_advise": "2"}, "au moins un score"),
        ({"threshold_advise": "beaucoup"}, "au moins un score"),
        ({"threshold_advise": "nan"}, "au moins un score"),
        ({"threshold_advise": ""}, "au moins un score"),
        ({"in_sentence": "yes"}, "doit figurer"),
        ({"needs": "feeling"}, "words|statement"),
        ({"caps": "model = much"}, "model = 0.7"),
        ({"also": "kindness"}, "séparées par des virgules"),
        ({"note": "  "}, "la note reste avec la version"),
        ({"in_force_from": "demain"}, "n’est pas valable"),
        ({"outcome": "explode"}, "revoir ce qui est signalé"),
    ],
)
def test_a_refusal_keeps_everything_typed(editor: Desk, changed: dict[str, str], said: str) -> None:
    page = editor.send("desk-rule-new", form={**NEW, **changed, "bad_examples": "Ceci est <b>gardé</b>"})
    text = page.content.decode()
    assert page.status_code == 422, text
    assert said in text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Ceci est &lt;b&gt;gardé&lt;/b&gt;" in text
    assert not HouseRule.objects.exists()


def test_what_another_saved_meanwhile_is_said_and_nothing_typed_is_lost(editor: Desk, site: SiteShape) -> None:
    form = form_of(editor.read("desk-rule", "insult").content.decode())
    editor.send("desk-rule", "insult", form={**form, "threshold_hold": "0.72", "note": "L’une"})
    page = editor.send("desk-rule", "insult", form={**form, "threshold_hold": "0.71", "note": "L’autre"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "enregistré cette règle entre-temps" in text
    again = form_of(text)
    assert (again["threshold_hold"], again["note"], again["base_version"]) == ("0.71", "L’autre", "2")
    editor.send("desk-rule", "insult", form=again)
    assert [row.version for row in HouseRule.objects.order_by("version")] == [2, 3]
    exists = editor.send("desk-rule-new", form={**NEW, "key": "insult"})
    assert exists.status_code == 409


def test_a_version_that_begins_later(editor: Desk, site: SiteShape) -> None:
    begins = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = form_of(editor.read("desk-rule", "insult").content.decode())
    editor.send(
        "desk-rule", "insult", form={**form, "title_fr": "Gros mots", "note": "Bientôt", "in_force_from": begins}
    )
    rule = rules_of(site.id).rule("insult")
    assert rule is not None
    assert rule.version == 1
    listed = editor.read("desk-rules").content.decode()
    assert "Version 2 à partir du" in listed
    assert 'Désactiver<span class="comity-unseen"> Injure' not in listed  # it would overtake the one that is coming
    coming = editor.read("desk-rule", "insult").content.decode()
    assert "entre en vigueur le" in coming
    assert form_of(coming)["in_force_from"] == begins
    switched = editor.send("desk-rule-switch", "insult", form={"base_version": "1", "enabled": "no"})
    assert switched.status_code == 409
    later = rules_of(site.id, now=timezone.now() + timedelta(days=3)).rule("insult")
    assert later is not None
    assert later.title["fr"] == "Gros mots"


def test_switching_off_and_on(editor: Desk, site: SiteShape) -> None:
    for enabled, version in (("no", "1"), ("yes", "2")):
        editor.send("desk-rule-switch", "obscenity", form={"base_version": version, "enabled": enabled})
        rule = rules_of(site.id).rule("obscenity")
        assert rule is not None
        assert rule.enabled == (enabled == "yes")
    history = editor.read("desk-rule-versions", "obscenity").content.decode()
    assert history.count("<h2>") == 3
    assert "Désactivée" in history
    assert "enabled" in history
    assert "Claire" in history
    assert editor.read("desk-rule-versions", "nulle-part").status_code == 404


def test_the_notice_is_previewed_and_a_draft_tried(editor: Desk, site: SiteShape, reader: Reader) -> None:
    reader.post("treve", "Tu es un imbécile.")
    form = form_of(editor.read("desk-rule", "insult").content.decode())
    page = editor.send("desk-rule", "insult", form={**form, "outcome": "hold", "sentence_fr": "grossier", "try": "1"})
    text = page.content.decode()
    assert "tout commentaire antisémite, raciste, diffamatoire ou grossier" in text
    assert "1 lus, 1 avec une autre issue." in text
    assert "retiré" in text
    assert "retenu: 1" in re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text)).replace(" :", ":").replace("\u00a0:", ":")
    assert not HouseRule.objects.exists()


def test_too_many_comments_to_try_while_one_waits(
    editor: Desk, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.desk.house_rules.TRIED_AT_ONCE", 0)
    reader.post("treve")
    form = form_of(editor.read("desk-rule", "insult").content.decode())
    page = editor.send("desk-rule", "insult", form={**form, "try": "1"}).content.decode()
    assert "comity rules try FILE --days 30 --site gazette" in page


def test_files(editor: Desk, site: SiteShape) -> None:
    exported = editor.read("desk-rules-export")
    assert exported["Content-Disposition"] == 'attachment; filename="gazette-house-rules.toml"'
    text = exported.content.decode()
    assert parse(text) == shipped()
    changed = HouseRules(
        tuple(
            Rule.from_document({**rule.to_document(), "outcome": "hold"}) if rule.key == "insult" else rule
            for rule in shipped().rules
        ),
        "draft",
    )
    file = write_file(changed)
    compared = editor.send("desk-rules-import", form={"rules": file, "compare": "1"}).content.decode()
    assert "<ins>&quot;hold&quot;</ins>" in compared
    assert not HouseRule.objects.exists()
    noteless = editor.send("desk-rules-import", form={"rules": file})
    assert noteless.status_code == 422
    assert "la note reste avec la version" in noteless.content.decode()
    editor.send("desk-rules-import", form={"rules": file, "note": "Plus doux"})
    row = HouseRule.objects.get()
    assert (row.key, row.version, row.note, row.document["outcome"]) == ("insult", 2, "Plus doux", "hold")
    same = editor.send("desk-rules-import", form={"rules": file, "note": "Encore"}).content.decode()
    assert "Rien ne diffère" in same


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("format = 2", "ligne 1 "),
        ("format = 1\n[[rule]]\nkey = 3\n", "ligne 3 "),
        ("format = 1\n[[rule]\n", "ligne 2 "),
        ("", "ligne 1 "),
        ("\x00", "ligne 1 "),
        ("format = 1\nrule = 3", "ne peut pas être lue"),
    ],
)
def test_a_file_with_an_error_names_line_and_reason_and_is_kept(editor: Desk, file: str, said: str) -> None:
    page = editor.send("desk-rules-import", form={"rules": file, "note": "Essai"})
    text = page.content.decode()
    assert page.status_code == 422
    assert said in text
    assert 'value="Essai"' in text
    assert not HouseRule.objects.exists()


def test_moderators_and_readers_stay_outside(moderator: Desk, reader: Reader, site: SiteShape) -> None:
    for name, parts in (
        ("desk-rules", ()),
        ("desk-rule-new", ()),
        ("desk-rule", ("insult",)),
        ("desk-rule-versions", ("insult",)),
        ("desk-rules-export", ()),
        ("desk-rules-import", ()),
        ("desk-contacts", ()),
    ):
        assert moderator.read(name, *parts).status_code == 403
        assert reader.read(name, *parts).status_code == 303
    assert moderator.send("desk-rule-new", form=NEW).status_code == 403
    assert moderator.send("desk-rule-switch", "insult", form={"enabled": "no", "base_version": "1"}).status_code == 403
    assert not HouseRule.objects.exists()
    assert "Règles de la maison" not in moderator.read("desk").content.decode()


def test_contact_points_stand_on_the_rules_page(editor: Desk, reader: Reader, site: SiteShape) -> None:
    assert "Points de contact" not in reader.read("house-rules").content.decode()
    assert "pas encore ses points de contact" in editor.read("desk-rules").content.decode()
    form = {
        "readers_contact": "lecteurs@gazette.example",
        "readers_contact_person": "yes",
        "authorities_contact": "https://gazette.example/autorites",
        "contact_languages": "fr en, oc",
    }
    for wrong in ("http://gazette.example", "nobody", "javascript:alert(1)", "https://localhost/x", "x" * 300):
        page = editor.send("desk-contacts", form={**form, "authorities_contact": wrong})
        assert page.status_code == 422
        assert "lecteurs@gazette.example" in page.content.decode()
    assert editor.send("desk-contacts", form={**form, "contact_languages": "français"}).status_code == 422
    assert site_by_id(site.id).readers_contact == ""
    assert "Les points de contact sont enregistrés." in editor.send("desk-contacts", form=form).content.decode()
    text = reader.read("house-rules").content.decode()
    assert '<a href="mailto:lecteurs@gazette.example" dir="ltr">' in text
    assert '<a href="https://gazette.example/autorites" dir="ltr">' in text
    assert "Une personne répond." in text
    assert "<bdi>Français</bdi> · <bdi>English</bdi> · <bdi>oc</bdi>" in text


def test_what_a_rule_marks_is_published_and_shown_to_the_newsroom(
    editor: Desk, moderator: Desk, reader: Reader, other: Reader
) -> None:
    editor.send("desk-rule-new", form={**NEW, "outcome": "mark", "threshold_advise": "", "threshold_mark": "0.5"})
    numbers = [reader.post("treve", f"Saperlipopette, {each} !") for each in ("un", "deux")]
    assert "Saperlipopette, un" in other.read("thread", "treve").content.decode()
    assert "signalés par une règle" in moderator.read("desk").content.decode()
    listed = moderator.read("desk-marked").content.decode()
    assert listed.index("Saperlipopette, un") < listed.index("Saperlipopette, deux")
    assert "Ton posé" in listed
    moderator.send("desk-seen", numbers[0], form={})
    moderator.send("desk-seen", numbers[0], form={})
    moderator.send("desk-decide", numbers[1], form={"move": "remove", "rule_key": "ton"})
    assert "Rien n’est signalé." in moderator.read("desk-marked").content.decode()
    assert "Saperlipopette, un" in other.read("thread", "treve").content.decode()
    assert "Saperlipopette, deux" not in other.read("thread", "treve").content.decode()
    assert moderator.send("desk-seen", 10**18, form={}).status_code == 404
    assert reader.send("desk-seen", numbers[0], form={}).status_code in {200, 403}


def test_a_mark_goes_with_the_words_that_brought_it(editor: Desk, reader: Reader) -> None:
    editor.send("desk-rule-new", form={**NEW, "outcome": "mark", "threshold_advise": "", "threshold_mark": "0.5"})
    number = reader.post("treve", "Saperlipopette, un !")
    assert "Saperlipopette" in editor.read("desk-marked").content.decode()
    reader.send("edit", number, form={"text": "Un mot plus calme."})
    assert "Rien n’est signalé." in editor.read("desk-marked").content.decode()
