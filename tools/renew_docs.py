"""Writes the tables of `docs/refusals.md` and `docs/events.md` anew from the code: `python tools/renew_docs.py`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def renew(page: Path, head: str, rows: Iterable[str]) -> None:
    """Replace the rows under the table's head."""
    lines = page.read_text("utf-8").splitlines()
    start = lines.index(head) + 2
    end = next(number for number in range(start, len(lines) + 1) if number == len(lines) or not lines[number])
    page.write_text("\n".join([*lines[:start], *rows, *lines[end:]]) + "\n", "utf-8")


def main() -> int:
    """Renew both pages."""
    os.environ["COMITY_DATA"] = tempfile.mkdtemp(prefix="comity-docs-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_server.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django
    from django.utils import translation

    django.setup()
    from comity.events import EVENTS
    from comity.rules.refusals import HTTP_STATUS, RefusalCode
    from comity.web.sentences import SENTENCES

    with translation.override("en"):
        refusals = [f"| `{code.value}` | {HTTP_STATUS[code]} | {SENTENCES[code]} |" for code in RefusalCode]
    renew(DOCS / "refusals.md", "| code | status | sentence |", refusals)
    events = []
    for event in EVENTS:
        members = ", ".join(f"`{each.name}`" for each in fields(event))
        events.append(f"| `{event.kind}` | {members} | {(event.__doc__ or '').strip()} |")
    renew(DOCS / "events.md", "| event | members | when |", events)
    return 0


if __name__ == "__main__":
    sys.exit(main())
