"""Runs every check and says which failed: format, lint, types of both languages, rooms, migrations, the OpenAPI file,
catalogues, the budget of the assets, links of the docs."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
OPENAPI = ROOT / "docs" / "openapi.json"


def main() -> int:
    """Run all, whatever the earlier ones said; 1 if one failed."""
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="comity-check-") as data:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COMITY_")},
            "COMITY_DATA": data,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "comity_server.settings",
        }
        for name, run in CHECKS.items():
            started = time.monotonic()
            status, said = run(environment)
            print(f"{'ok' if not status else 'FAILED':<7}{name}  ({time.monotonic() - started:.1f} s)", flush=True)
            if status:
                failed.append(name)
                print(said.rstrip(), flush=True)
    print("Every check passed." if not failed else f"Failed: {', '.join(failed)}.")
    return int(bool(failed))


Check = Callable[[dict[str, str]], tuple[int, str]]


def _program(*command: str | Path) -> Check:
    def run(environment: dict[str, str]) -> tuple[int, str]:
        ended = subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
        return ended.returncode, ended.stdout

    return run


def _openapi(environment: dict[str, str]) -> tuple[int, str]:
    status, served = _program(PYTHON, "-m", "django", "comity_openapi")(environment)
    if status:
        return status, served
    kept = OPENAPI.read_text("utf-8") if OPENAPI.exists() else ""
    if kept == served:
        return 0, ""
    lines = difflib.unified_diff(
        kept.splitlines(), served.splitlines(), "docs/openapi.json", "served", lineterm="", n=1
    )
    return 1, "\n".join(list(lines)[:40]) + "\nRenew it: .venv/bin/django-admin comity_openapi > docs/openapi.json"


CHECKS: dict[str, Check] = {
    "format": _program(BIN / "ruff", "format", "--check", "--output-format", "concise", "."),
    "lint": _program(BIN / "ruff", "check", "--output-format", "concise", "."),
    "rooms": _program(BIN / "lint-imports"),
    "types": _program(BIN / "mypy"),
    "types of the scripts": _program(ROOT / "node_modules" / ".bin" / "tsc", "--noEmit", "--project", "widget"),
    "migrations": _program(PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"),
    "OpenAPI file": _openapi,
    "catalogues": _program(PYTHON, "tools/check_catalogues.py"),
    "asset budget": _program(PYTHON, "tools/asset_budget.py"),
    "links of the docs": _program(PYTHON, "tools/check_docs.py"),
}


if __name__ == "__main__":
    sys.exit(main())
