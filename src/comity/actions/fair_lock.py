"""A lock that threads and processes take in turn, so that no writer waits while others go twice.

SQLite admits one writer at a time but keeps no queue: whoever asks again soonest wins, and two busy processes make each
other wait for seconds. Here threads of one process queue in the order they came, and processes pass two locked files:
a *turnstile*, where they line up, and the *writer's* lock. Whoever holds the turnstile gets the writer's lock next, so
whoever has just written cannot overtake it. The kernel frees both when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from weakref import WeakSet

__all__ = ["FairLock"]


class _Files:
    """The turnstile and the writer's lock of one process."""

    def __init__(self, path: Path) -> None:
        self._turnstile = _open_beside(path, "turnstile")
        self._writer = _open_beside(path, "writer")

    def take_at_once(self) -> bool:
        """Take the writer's lock if nobody has it or waits for it."""
        try:
            fcntl.flock(self._turnstile, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            fcntl.flock(self._writer, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._turnstile, fcntl.LOCK_UN)
        return True

    def take(self) -> None:
        """Line up and take the writer's lock, however long that lasts."""
        fcntl.flock(self._turnstile, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._writer, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._turnstile, fcntl.LOCK_UN)

    def give_back(self) -> None:
        fcntl.flock(self._writer, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._turnstile)
        os.close(self._writer)


def _open_beside(path: Path, name: str) -> int:
    """The lock file of that name, made for whoever may write the database at `path`, if there is one.

    So an operator who runs one command as root does not shut the server out, as SQLite's own files do not.
    """
    file = os.open(f"{path}-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if path.is_file() and os.fstat(file).st_uid == os.geteuid():
        database = path.stat()
        os.fchmod(file, database.st_mode & 0o666)
        if os.geteuid() == 0:
            os.fchown(file, database.st_uid, database.st_gid)
    return file


class FairLock:
    """The lock; `path` is a prefix of its two files, or None for the threads of one process alone.

    Not re-entrant. Files are locked with `flock`, which has no deadline; so one background thread per process lines up
    for it, and a caller who gives up leaves that thread in the queue for the next caller.
    """

    def __init__(self, path: Path | None, *, clock: Callable[[], float] = monotonic) -> None:
        self._path = path
        self._clock = clock
        self._reset()
        _locks.add(self)

    def _reset(self) -> None:
        self._files = _Files(self._path) if self._path else None
        self._changed = threading.Condition(threading.Lock())
        self._queue: deque[threading.Event] = deque()
        self._taken = False  # by a thread of this process, which may still be waiting for the files
        self._files_held = False
        self._files_wanted = False  # the background thread is lining up
        self._keeper: threading.Thread | None = None

    def acquire(self, timeout: float) -> bool:
        """Take the lock; False when it was not to be had within `timeout` seconds."""
        deadline = self._clock() + timeout
        if not self._take_turn(deadline):
            return False
        return self._files is None or self._take_files(self._files, deadline)

    def release(self) -> None:
        """Give the lock to whoever waits longest."""
        if self._files is not None:
            with self._changed:
                self._files_held = False
            self._files.give_back()
        with self._changed:
            self._pass_turn()

    def _take_turn(self, deadline: float) -> bool:
        with self._changed:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(max(0.0, deadline - self._clock())):
            return True
        with self._changed:
            if turn.is_set():  # it came between the deadline and here
                return True
            self._queue.remove(turn)
            return False

    def _pass_turn(self) -> None:
        if self._queue:
            self._queue.popleft().set()
        else:
            self._taken = False

    def _take_files(self, files: _Files, deadline: float) -> bool:
        with self._changed:
            if not self._files_wanted and not self._files_held:
                if files.take_at_once():
                    self._files_held = True
                    return True
                self._files_wanted = True
                if self._keeper is None:
                    self._keeper = threading.Thread(target=self._keep, name="comity-write-lock", daemon=True)
                    self._keeper.start()
                self._changed.notify_all()
            if self._changed.wait_for(lambda: self._files_held, max(0.0, deadline - self._clock())):
                return True
            self._pass_turn()
            return False

    def _keep(self) -> None:
        """Line up for the files whenever that is wanted; give them back at once if nobody waits for them any more."""
        files = self._files
        while files is not None:
            with self._changed:
                self._changed.wait_for(lambda: self._files_wanted)
            files.take()
            with self._changed:
                self._files_wanted = False
                self._files_held = self._taken
                if not self._taken:
                    files.give_back()
                self._changed.notify_all()

    def _forget_parent(self) -> None:
        """In a forked child: the parent's locks, threads and queue are the parent's; start afresh."""
        if self._files is not None:
            self._files.close()
        self._reset()


_locks: WeakSet[FairLock] = WeakSet()


def _after_fork() -> None:
    for lock in list(_locks):
        lock._forget_parent()


os.register_at_fork(after_in_child=_after_fork)
