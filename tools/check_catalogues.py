"""French says everything: no message is missing or uncertain, and none that the code asks for is unknown to it."""

from __future__ import annotations

import ast
import os
import re
import sys
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "comity"
LOCALE = PACKAGE / "locale"
_CALL = re.compile(r"\b(n?p?gettext|pgettext|_)\(((?:\s*u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*,?)+)")
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_MARKUP = re.compile(r"<[^>]*>|&[a-z]+;|\{\{.*?\}\}")
_WRONG_SPACE = re.compile(r"[^\s\u202f\u00a0](?=[;?!»])|(?<=«)[^\u202f\u00a0]|[ ](?=[:;?!»])")


def faults(catalogue: polib.POFile, *, french: bool) -> list[str]:
    """What is wrong, one line each."""
    found: list[str] = []
    for entry in catalogue:
        if entry.obsolete:
            continue
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy:
            found.append(f"uncertain: {entry.msgid!r}")
        if french and not all(said):
            found.append(f"missing: {entry.msgid!r}")
        names = set() if entry.msgid_plural else set(re.findall(r"%\((\w+)\)", entry.msgid))
        found += [
            f"{name} is lost: {entry.msgid!r}" for name in names if any(t and f"%({name})" not in t for t in said)
        ]
        if french:
            found += [f"typography: {text!r}" for text in said if _is_wrongly_set(_MARKUP.sub("", text))]
    return found


def _is_wrongly_set(text: str) -> bool:
    return bool(_WRONG_SPACE.search(text)) or "'" in text


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


def main() -> int:
    """Print every fault; 1 if there is one."""
    catalogues = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
    if not any("fr" in path.parts for path in catalogues):
        print("There is no French catalogue.", file=sys.stderr)
        return 1
    asked = messages_of_the_code()
    count = 0
    for path in catalogues:
        catalogue = polib.pofile(str(path))
        known = {(entry.msgctxt or "", entry.msgid) for entry in catalogue if not entry.obsolete}
        strangers = [f"not extracted: {key[1]!r} of {asked[key]}" for key in sorted(asked.keys() - known)]
        for fault in [*faults(catalogue, french="fr" in path.parts), *strangers]:
            print(f"{path.relative_to(LOCALE)}: {fault}")
            count += 1
    return int(count > 0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_server.settings")  # templatize asks for one setting
    sys.exit(main())
