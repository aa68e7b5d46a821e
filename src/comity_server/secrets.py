"""The server's secret, in a file that only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["SecretFileExposedError", "read_or_make_secret"]


class SecretFileExposedError(Exception):
    """Others may read the file of the secret."""


def read_or_make_secret(path: Path) -> str:
    """The secret kept in `path`, made on first use with mode 0600. Two processes that start at once get the same.

    Raises:
        SecretFileExposedError: others may read the file.
        OSError: the file can be neither read nor made.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # whole or not at all: nobody reads half a secret
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            draft.unlink()
    if path.stat().st_mode & 0o077:
        raise SecretFileExposedError(f"{path.name} may be read by others: run chmod 600 on it")
    return path.read_text(encoding="ascii").strip()
