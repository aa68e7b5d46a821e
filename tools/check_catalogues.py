"""Every language says everything: each spoken language has its catalogue, no message or plural form is missing,
uncertain or left over, placeholders and markup are those of the English, and the typography is the language's own."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Collection, Iterator
from gettext import c2py
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from comity.rules.languages import SPOKEN

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "comity"
LOCALE = PACKAGE / "locale"
_CALL = re.compile(r"\b(n?p?gettext|pgettext|_)\(((?:\s*u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*,?)+)")
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_MARKUP = re.compile(r"<[^>]*>|&[a-z]+;|\{\{.*?\}\}|%\(\w+\)s")
_PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")
_TAG = re.compile(r"</?\w+[^>]*>")
_PLURALS = re.compile(r"nplurals=(\d+);\s*plural=(.+?);?\s*$")
_COUNTS = (*range(2000), *range(10_000, 10_200), 1_000_000, 2_000_000)
"""Counts that tell every plural form of the languages of the world apart."""

WRONG = {
    "fr": re.compile(r"[^\s\u202f\u00a0](?=[;?!»])|(?<=«)[^\u202f\u00a0]|[ ](?=[:;?!»])|['\"]"),
    "es": re.compile(r"[\s\u202f\u00a0](?=[:;?!»])|(?<=«)\s|['\"“”]|^[^¿]*\?|^[^¡]*!"),
    "de": re.compile(r"[\s\u202f\u00a0](?=[:;?!])|['\"«»”]"),
    "he": re.compile(r"\s(?=[:;?!,.])|['\"“]|[\u0591-\u05bd\u05bf-\u05c7]"),
    "ar": re.compile(r"[,;?\"'“”]|\s(?=[:؛؟!،.])"),
}
"""What a language's typography forbids, once markup and placeholders are taken away: spaces before marks where there
are none, straight or foreign quotation marks, Latin marks in Arabic."""
_NOT_PROSE = {"date", "date and time", "time", "between thousands"}
"""Contexts of messages that are patterns and not sentences."""


def faults(catalogue: polib.POFile, language: str) -> Iterator[str]:
    """What is wrong with a catalogue, one line each."""
    try:
        forms = _forms(catalogue)
    except ValueError:
        yield "its header has no usable Plural-Forms"
        return
    if catalogue.metadata.get("Language") != language:
        yield f"its header says Language: {catalogue.metadata.get('Language')}"
    seen: set[tuple[str, str]] = set()
    for entry in catalogue:
        key = (entry.msgctxt or "", entry.msgid)
        if entry.obsolete:
            yield f"left over: {entry.msgid!r}"
            continue
        if key in seen:
            yield f"said twice: {entry.msgid!r}"
        seen.add(key)
        if entry.fuzzy:
            yield f"uncertain: {entry.msgid!r}"
        yield from _entry_faults(entry, forms)
        if language in WRONG and entry.msgctxt not in _NOT_PROSE:
            yield from (f"typography: {text!r}" for text in _said(entry) if WRONG[language].search(_prose(text)))


def _forms(catalogue: polib.POFile) -> list[list[int]]:
    """For each plural form, the counts of `_COUNTS` that use it.

    Raises:
        ValueError: the header's rule cannot be read, or it leads to a form that it does not announce.
    """
    header = _PLURALS.search(catalogue.metadata.get("Plural-Forms", ""))
    if header is None:
        raise ValueError("Plural-Forms")
    choose = c2py(header[2])
    forms: list[list[int]] = [[] for _ in range(int(header[1]))]
    for count in _COUNTS:
        form = choose(count)
        if not 0 <= form < len(forms):
            raise ValueError("Plural-Forms")
        forms[form].append(count)
    return forms


def _entry_faults(entry: polib.POEntry, forms: list[list[int]]) -> Iterator[str]:
    if entry.msgid_plural and sorted(entry.msgstr_plural) != list(range(len(forms))):
        yield f"plural forms are not {len(forms)}: {entry.msgid!r}"
        return
    if not all(_said(entry)):
        yield f"missing: {entry.msgid!r}"
        return
    asked = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for form, text in enumerate(_said(entry)):
        said = set(_PLACEHOLDER.findall(text))
        # A form that serves a single count may say it in words: "two comments".
        spoken_count = {("count", "s"), ("shown", "s")} if entry.msgid_plural and len(forms[form]) == 1 else set()
        if said - asked or asked - said - spoken_count:
            yield f"placeholders differ: {text!r}"
        if sorted(_TAG.findall(text)) != sorted(_TAG.findall(entry.msgid)):
            yield f"markup differs: {text!r}"


def _said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _prose(text: str) -> str:
    return _MARKUP.sub("x", re.sub(r"<code>.*?</code>", "x", text))


def messages_of_the_code() -> dict[tuple[str, str], str]:
    """Every message that Python code and templates ask for: context and message, and the file that asks."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                _note(found, name, [text for text in texts if isinstance(text, str)], path)
    for path in sorted((PACKAGE / "templates").rglob("*.*")):
        for call in _CALL.finditer(templatize(path.read_text("utf-8"))):
            texts = [ast.literal_eval(text) for text in _TEXT.findall(call[2])]
            _note(found, call[1], texts, path)
    return found


def _note(found: dict[tuple[str, str], str], function: str, texts: list[str], path: Path) -> None:
    kind = function.removesuffix("_lazy").removesuffix("_noop")
    if not texts or kind not in {"_", "gettext", "ngettext", "pgettext", "npgettext"}:
        return
    context = texts.pop(0) if kind in {"pgettext", "npgettext"} and len(texts) > 1 else ""
    found.setdefault((context, texts[0]), str(path.relative_to(PACKAGE)))


def all_faults(locale: Path = LOCALE, languages: Collection[str] = tuple(SPOKEN)) -> Iterator[str]:
    """What is wrong with the catalogues under `locale`, of which there must be one for each of `languages`."""
    asked = messages_of_the_code()
    folders = {path.parent.parent.name: path for path in sorted(locale.glob("*/LC_MESSAGES/django.po"))}
    yield from (f"{code}: no catalogue" for code in languages if code not in folders)
    yield from (f"{code}: no entry in comity.rules.languages" for code in folders if code not in languages)
    for code, path in folders.items():
        catalogue = polib.pofile(str(path))
        known = {(entry.msgctxt or "", entry.msgid) for entry in catalogue if not entry.obsolete}
        yield from (f"{code}: {fault}" for fault in faults(catalogue, code))
        yield from (f"{code}: not translated: {key[1]!r} of {asked[key]}" for key in sorted(asked.keys() - known))
        yield from (f"{code}: nobody asks for it: {key[1]!r}" for key in sorted(known - asked.keys()))


def main() -> int:
    """Print every fault; 1 if there is one."""
    found = list(all_faults())
    for fault in found:
        print(fault)
    return int(bool(found))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_server.settings")  # templatize asks for one setting
    sys.exit(main())
