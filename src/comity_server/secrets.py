"""The server's secret, in a file that only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["read_or_make_secret"]


def read_or_make_secret(path: Path) -> str:
    """The secret kept in `path`, made on first use with mode 0600.

    Raises:
        PermissionError: others may read the file.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise PermissionError(f"{path.name} may be read by others: run chmod 600 on it") from None
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(50)
        file.write(secret)
    return secret
