"""`comity demo`, and what `comity serve --demo` adds: staff accounts of this machine."""

from __future__ import annotations

import argparse
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from comity.cli.database import progress
from comity.cli.ending import DONE, UNAVAILABLE, Ending
from comity.cli.setting_up import require_tables

__all__ = ["ACCOUNTS", "has_demo_accounts", "load", "prepare_demo"]

ACCOUNTS = {"demo-editor": "editor", "demo-moderator": "moderator"}
"""Names to sign in with, and roles."""
FILE_HEAD = "# Accounts of the demo on this machine. They work only while Comity listens to this machine alone.\n"


def load(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of all commands
    """Load the demo site, without accounts."""
    require_tables()
    _load_content()
    print("The demo is loaded: the site demo, two stories.")
    return DONE


def _load_content() -> tuple[str, ...]:
    from comity.exchange.demo import load_demo

    with progress("The demo's comments") as advance:
        return load_demo(now=datetime.now(UTC), progress=advance)


def prepare_demo(*, base: str) -> None:
    """Load what is missing, see to the accounts, and print every address.

    Args:
        base: address of the server, without a slash at its end.
    """
    from django.urls import reverse

    keys = _load_content()
    passwords = _accounts()
    print("Comity's demo:")
    for key in keys:
        print(f"  story      {base}{reverse('comity:story', args=[key])}")
    print(f"  the desk   {base}{reverse('comity:desk')}")
    for name, role in ACCOUNTS.items():
        print(f"  {role:<10} {name}  password {passwords[name]}")
    print(f"The accounts are kept in {_file()}. Ctrl-C stops the server.", flush=True)


def has_demo_accounts() -> bool:
    """Whether the database holds the demo's accounts."""
    from django.contrib.auth import get_user_model

    model = get_user_model()
    return bool(model.objects.filter(**{f"{model.USERNAME_FIELD}__in": list(ACCOUNTS)}).exists())


def _file() -> Path:
    from django.conf import settings

    folder = getattr(settings, "DATA", None)
    if folder is None:
        raise Ending("The demo belongs to the stand-alone server, not to a host project.", UNAVAILABLE)
    return Path(folder) / "demo-accounts"


def _accounts() -> dict[str, str]:
    """The passwords by name. Those in the file if they are all there and the accounts too, else new ones."""
    from django.contrib.auth import get_user_model

    from comity.actions.readers import add_staff, set_password
    from comity.queries.sites import find_site
    from comity.rules.actors import StaffRole

    file = _file()
    site = find_site(key="demo", host=None)
    model = get_user_model()
    kept = _read(file)
    for name, role in ACCOUNTS.items():
        user = model.objects.filter(**{model.USERNAME_FIELD: name}).first()
        if user is not None and name in kept and user.check_password(kept[name]):
            continue
        kept[name] = secrets.token_urlsafe(12)
        if user is not None:
            set_password(username=name, password=kept[name])
        shown = {"editor": "Claire, rédaction en chef", "moderator": "Sami, modération"}[role]
        add_staff(site=site, username=name, role=StaffRole(role), name=shown, password=kept[name])
    _write(file, kept)
    return kept


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = [line.split() for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {parts[1]: parts[2] for parts in lines if len(parts) == 3 and parts[1] in ACCOUNTS}


def _write(file: Path, passwords: dict[str, str]) -> None:
    text = FILE_HEAD + "".join(f"{role:<10} {name} {passwords[name]}\n" for name, role in ACCOUNTS.items())
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)
