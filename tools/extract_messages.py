"""Extract every message of the app into its catalogues: `python tools/extract_messages.py`.

Needs GNU gettext (xgettext, msgmerge); nothing else in this project does, since catalogues are compiled in Python.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from django.core.management import call_command
from django.core.management.commands.makemessages import Command

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Extract; 1 and a sentence where gettext is missing."""
    if shutil.which("xgettext") is None:
        print("GNU gettext is missing: install the package `gettext`.", file=sys.stderr)
        return 1
    sys.path.insert(0, str(ROOT / "src"))
    from comity.rules.languages import SPOKEN

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_server.settings")
    os.chdir(ROOT / "src" / "comity")
    command = Command()
    # A guess at a translation is worse than none: the check of the catalogues names what is missing.
    command.msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]
    call_command(command, locale=list(SPOKEN), no_wrap=True, add_location="never", no_obsolete=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
