"""Keeps numpy's matrix library to one thread.

The model's matrices are small: threads that share one of them spend their time waiting for each other, fifty
milliseconds where one thread takes one, as soon as the machine has anything else to do. The library reads its setting
when numpy is first loaded, and never again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["one_thread"]

_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@contextmanager
def one_thread() -> Iterator[None]:
    """Load numpy inside. Who loaded it before, or set a number of threads, has decided already."""
    if "numpy" in sys.modules or "OMP_NUM_THREADS" in os.environ:
        yield
        return
    given = [name for name in _VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(given, "1"))
    try:
        yield
    finally:
        for name in given:  # other programs that this one starts are not concerned
            os.environ.pop(name, None)
