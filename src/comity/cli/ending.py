"""How a command ends: with a sentence and an exit code, never with a trace."""

from __future__ import annotations

__all__ = ["BAD_USAGE", "DONE", "FAILED", "INTERRUPTED", "UNAVAILABLE", "Ending"]

DONE = 0
FAILED = 1
"""The command ran and found a fault, or a rule said no."""
BAD_USAGE = 2
"""What was asked for cannot be asked for."""
UNAVAILABLE = 3
"""Something it needs is missing: a database, a port, a folder."""
INTERRUPTED = 130


class Ending(Exception):  # noqa: N818 - the end of a command, said in a sentence
    """The command cannot go on."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.code = code
