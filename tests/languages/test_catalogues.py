"""The check of the catalogues finds what it promises to find, and the steps of docs/languages.md add a language."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from django.utils import translation
from tools.check_catalogues import LOCALE, all_faults, faults

from comity.rules.languages import SPOKEN

ROOT = Path(__file__).parents[2]
FIRST_FORM = {"fr": 1, "en": 1, "es": 1, "de": 1, "he": 1, "ar": 0}
"""A count that takes each language's first plural form."""


def _catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def _entry(catalogue: polib.POFile, msgid: str) -> polib.POEntry:
    entry = catalogue.find(msgid)
    assert entry is not None
    return entry


@pytest.mark.parametrize("language", ["fr", "es"])
def test_only_millions_are_of_something(language: str) -> None:
    """The form for a million says "de", that for seven does not: a catalogue with the two exchanged is found."""
    entries = [each for each in _catalogue(language) if each.msgid_plural]
    assert entries
    for entry in entries:
        _, millions, others = (entry.msgstr_plural[index] for index in range(3))
        assert re.sub(r"\)s d(e |’)", ")s ", millions) == others, entry.msgid


def test_no_language_lacks_anything() -> None:
    assert list(all_faults()) == []


@pytest.mark.parametrize("language", list(SPOKEN))
def test_comity_s_words_win_over_those_of_other_apps(language: str) -> None:
    with translation.override(language):
        for entry in _catalogue(language):
            said = entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
            if entry.msgctxt and entry.msgid_plural:
                found = translation.npgettext(entry.msgctxt, entry.msgid, entry.msgid_plural, FIRST_FORM[language])
            elif entry.msgid_plural:
                found = translation.ngettext(entry.msgid, entry.msgid_plural, FIRST_FORM[language])
            elif entry.msgctxt:
                found = translation.pgettext(entry.msgctxt, entry.msgid)
            else:
                found = translation.gettext(entry.msgid)
            assert found == said


def _nothing_said(catalogue: polib.POFile) -> None:
    _entry(catalogue, "Publish").msgstr = ""


def _uncertain(catalogue: polib.POFile) -> None:
    _entry(catalogue, "Publish").flags.append("fuzzy")


def _left_over(catalogue: polib.POFile) -> None:
    _entry(catalogue, "Publish").obsolete = True


def _said_twice(catalogue: polib.POFile) -> None:
    catalogue.append(polib.POEntry(msgid="Publish", msgstr="x"))


def _form_missing(catalogue: polib.POFile) -> None:
    del _entry(catalogue, "%(count)s comment").msgstr_plural[2]


def _form_empty(catalogue: polib.POFile) -> None:
    _entry(catalogue, "%(count)s comment").msgstr_plural[2] = ""


def _count_lost(catalogue: polib.POFile) -> None:
    plurals = _entry(catalogue, "%(count)s comment").msgstr_plural
    plurals[max(plurals)] = "x"


def _placeholder_lost(catalogue: polib.POFile) -> None:
    _entry(catalogue, "to %(name)s").msgstr = "x"


def _placeholder_strange(catalogue: polib.POFile) -> None:
    _entry(catalogue, "to %(name)s").msgstr = "%(nom)s %(name)s"


def _markup_lost(catalogue: polib.POFile) -> None:
    _entry(catalogue, "in reply to <bdi>%(name)s</bdi>").msgstr = "x %(name)s"


def _rule_unreadable(catalogue: polib.POFile) -> None:
    catalogue.metadata["Plural-Forms"] = "nplurals=2"


def _rule_too_wide(catalogue: polib.POFile) -> None:
    catalogue.metadata["Plural-Forms"] = "nplurals=3; plural=(n % 4);"


def _language_wrong(catalogue: polib.POFile) -> None:
    catalogue.metadata["Language"] = "xx"


def _straight_quotes(catalogue: polib.POFile) -> None:
    _entry(catalogue, "The value of “%(field)s” is not valid.").msgstr = '"%(field)s"'


@pytest.mark.parametrize("language", [code for code in SPOKEN if code != "en"])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_nothing_said, "missing"),
        (_uncertain, "uncertain"),
        (_left_over, "left over"),
        (_said_twice, "said twice"),
        (_form_empty, "missing|plural forms"),
        (_count_lost, "placeholders differ"),
        (_placeholder_lost, "placeholders differ"),
        (_placeholder_strange, "placeholders differ"),
        (_markup_lost, "markup differs"),
        (_rule_unreadable, "Plural-Forms"),
        (_rule_too_wide, "Plural-Forms"),
        (_language_wrong, "header says"),
        (_straight_quotes, "typography"),
    ],
)
def test_a_fault_is_found(language: str, spoil: Callable[[polib.POFile], None], said: str) -> None:
    catalogue = _catalogue(language)
    spoil(catalogue)
    assert [fault for fault in faults(catalogue, language) if re.search(said, fault)]


@pytest.mark.parametrize("language", ["fr", "es", "he", "ar"])
def test_a_missing_plural_form_is_found(language: str) -> None:
    catalogue = _catalogue(language)
    _form_missing(catalogue)
    assert [fault for fault in faults(catalogue, language) if fault.startswith("plural forms are not")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Un mot; un autre"),
        ("fr", "Un mot : un autre"),
        ("fr", "« un mot »"),
        ("fr", "L'article"),
        ("es", "Hola :"),
        ("es", "Hola!"),
        ("de", "Ein Wort !"),
        ("de", "«Wort»"),
        ("he", "מילה :"),
        ("ar", "كلمة, كلمة"),
        ("ar", "كلمة?"),
        ("ar", "كلمة ، كلمة"),
    ],
)
def test_wrong_typography_is_found(language: str, text: str) -> None:
    catalogue = _catalogue(language)
    _entry(catalogue, "Publish").msgstr = text
    assert [fault for fault in faults(catalogue, language) if fault.startswith("typography")]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the package and of the two tools that read its catalogues."""
    shutil.copytree(
        ROOT / "src" / "comity",
        tmp_path / "src" / "comity",
        ignore=shutil.ignore_patterns("*.npz", "__pycache__", "static", "training", "*.mo"),
    )
    shutil.copytree(ROOT / "src" / "comity_server", tmp_path / "src" / "comity_server")
    (tmp_path / "tools").mkdir()
    for name in ("catalogues.py", "check_catalogues.py"):
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools" / name)
    return tmp_path


def _run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    environment |= {
        "PYTHONPATH": str(checkout / "src"),
        "COMITY_DATA": str(checkout / "data"),
        "DJANGO_SETTINGS_MODULE": "comity_server.settings",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


def _add_entry(checkout: Path) -> None:
    entry = '"it": "Italiano",'
    assert entry in (ROOT / "docs" / "languages.md").read_text("utf-8")
    table = checkout / "src" / "comity" / "rules" / "languages.py"
    text = table.read_text("utf-8")
    table.write_text(text.replace('"ar": "العربية",', f'"ar": "العربية",\n        {entry}'), "utf-8")


def _add_catalogue(checkout: Path) -> polib.POFile:
    folder = checkout / "src" / "comity" / "locale" / "it" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(LOCALE / "en" / "LC_MESSAGES" / "django.po", folder)
    catalogue = polib.pofile(str(folder / "django.po"))
    catalogue.metadata["Language"] = "it"
    _entry(catalogue, "%(count)s comment").msgstr_plural = {0: "%(count)s commento", 1: "%(count)s commenti"}
    catalogue.save()
    return catalogue


def test_a_seventh_language_is_one_file_and_its_entry(checkout: Path) -> None:
    _add_entry(checkout)
    unfinished = _run(checkout, "tools/check_catalogues.py")
    assert unfinished.returncode == 1
    assert "it: no catalogue" in unfinished.stdout

    catalogue = _add_catalogue(checkout)
    finished = _run(checkout, "tools/check_catalogues.py")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")

    assert _run(checkout, "tools/catalogues.py").returncode == 0
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from comity.rules.languages import spoken\n"
        "from comity.stream.wording import count_text\n"
        "print(count_text(1, 'it'), count_text(2, 'it'), spoken('it-CH'), dict(settings.LANGUAGES)['it'], sep=' / ')"
    )
    said = _run(checkout, "-c", program)
    assert said.stdout.strip() == "1 commento / 2 commenti / it / Italiano", said.stderr

    _entry(catalogue, "Publish").msgstr = ""
    catalogue.save()
    assert "it: missing: 'Publish'" in _run(checkout, "tools/check_catalogues.py").stdout


def test_a_catalogue_without_its_entry_is_found(checkout: Path) -> None:
    _add_catalogue(checkout)
    assert "it: no entry in comity.rules.languages" in _run(checkout, "tools/check_catalogues.py").stdout
