"""Log lines that name no reader: what Django would say of a request, without its path, its values or its words."""

from __future__ import annotations

import logging
from pathlib import Path
from traceback import extract_tb

__all__ = ["WithoutValues"]


class WithoutValues(logging.Filter):
    """Keeps what happened and where in the code; drops addresses, hosts and the messages of exceptions, which may hold
    what a reader typed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record."""
        status = getattr(record, "status_code", None)
        said = [f"status {status}"] if status else []
        if record.exc_info and record.exc_info[0] is not None:
            _, _, trace = record.exc_info
            said.append(record.exc_info[0].__name__)
            said += [f"at {Path(step.filename).name}:{step.lineno}" for step in extract_tb(trace)[-1:]]
            record.exc_info = None
            record.exc_text = None
        record.msg = ", ".join(said) or "a request was refused"
        record.args = None
        return True
