"""The fair lock between threads, between processes, and when a process dies.

Two `FairLock`s on one path in one process stand to each other as two processes do: the kernel locks by open file.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.actions.fair_lock import FairLock

LONG = 20.0
"""Seconds after which a test would rather fail than hang; nothing takes that long."""

HOLD = """
import sys
from pathlib import Path
from comity.actions.fair_lock import FairLock
lock = FairLock(Path(sys.argv[1]))
assert lock.acquire(20)
print("held", flush=True)
sys.stdin.readline()
lock.release()
"""

NOTE = """
import sys
from pathlib import Path
from comity.actions.fair_lock import FairLock
lock = FairLock(Path(sys.argv[1]))
assert lock.acquire(20)
with open(sys.argv[2], "a") as notes:
    notes.write("child\\n")
lock.release()
"""

FORK = """
import os, sys
from pathlib import Path
from comity.actions.fair_lock import FairLock
lock = FairLock(Path(sys.argv[1]))
assert lock.acquire(20)
child = os.fork()
if child == 0:
    os._exit(0 if not lock.acquire(0.05) else 1)
assert os.waitpid(child, 0)[1] == 0, "the child took a lock that its parent held"
lock.release()
child = os.fork()
if child == 0:
    os._exit(0 if lock.acquire(20) else 1)
assert os.waitpid(child, 0)[1] == 0, "the child could not take a free lock"
assert lock.acquire(20), "a dead child kept the lock"
"""


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(LONG / 0.002)):
        if condition():
            return
        pause.wait(0.002)
    raise AssertionError("what was waited for never came")


def somebody_lines_up(path: Path) -> bool:
    """Whether the kernel knows of somebody who waits for the writer's lock, and so holds the turnstile."""
    inode = Path(f"{path}-writer").stat().st_ino
    waiting = (line for line in Path("/proc/locks").read_text().splitlines() if "->" in line)
    return any(f":{inode} " in line for line in waiting)


@pytest.fixture(params=["threads", "files"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "lock" if request.param == "files" else None


def test_threads_get_it_in_the_order_they_came(path: Path | None) -> None:
    lock = FairLock(path)
    order: list[int] = []

    def take(number: int) -> None:
        assert lock.acquire(LONG)
        order.append(number)
        lock.release()

    assert lock.acquire(0)
    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=take, args=(number,)))
        threads[-1].start()
        wait_until(lambda: len(lock._queue) == len(threads))
    lock.release()
    for thread in threads:
        thread.join(LONG)
    assert order == [0, 1, 2, 3, 4]


def test_who_waits_too_long_is_told_so_and_leaves_no_trace(path: Path | None) -> None:
    lock = FairLock(path)
    assert lock.acquire(0)
    refused: list[bool] = []
    thread = threading.Thread(target=lambda: refused.append(lock.acquire(0.01)))
    thread.start()
    thread.join(LONG)
    assert refused == [False]
    lock.release()
    assert lock.acquire(0)
    lock.release()


def test_a_given_up_wait_for_another_process_is_used_or_undone(tmp_path: Path) -> None:
    ours, theirs = FairLock(tmp_path / "lock"), FairLock(tmp_path / "lock")
    assert theirs.acquire(0)
    assert not ours.acquire(0.01)
    assert not ours.acquire(0.01)
    theirs.release()
    assert ours.acquire(LONG)
    assert not theirs.acquire(0.01)
    ours.release()
    wait_until(lambda: theirs.acquire(0.1))
    theirs.release()


def test_whoever_waits_comes_before_whoever_just_had_it(tmp_path: Path) -> None:
    path, notes = tmp_path / "lock", tmp_path / "notes"
    lock = FairLock(path)
    assert lock.acquire(0)
    child = run(NOTE, path, notes)
    wait_until(lambda: somebody_lines_up(path))
    lock.release()
    assert lock.acquire(LONG)
    with notes.open("a") as file:
        file.write("parent\n")
    lock.release()
    assert child.wait(LONG) == 0
    child.communicate()
    assert notes.read_text() == "child\nparent\n"


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = run(HOLD, path)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    lock = FairLock(path)
    assert not lock.acquire(0.01)
    child.kill()
    child.communicate()
    assert lock.acquire(LONG)
    lock.release()


def test_a_forked_child_starts_afresh(tmp_path: Path) -> None:
    child = run(FORK, tmp_path / "lock")
    child.communicate()
    assert child.returncode == 0


def test_many_threads_of_two_processes_never_meet(tmp_path: Path) -> None:
    locks = [FairLock(tmp_path / "lock") for _ in range(2)]
    inside: list[int] = []
    most = 0
    rounds = 0

    def work(lock: FairLock, number: int) -> None:
        nonlocal most, rounds
        for _ in range(50):
            assert lock.acquire(LONG)
            inside.append(number)
            most = max(most, len(inside))
            rounds += 1
            inside.remove(number)
            lock.release()

    threads = [threading.Thread(target=work, args=(locks[number % 2], number)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert (most, rounds) == (1, 300)


def test_its_files_are_for_whoever_may_write_the_database(tmp_path: Path) -> None:
    database = tmp_path / "comity.sqlite3"
    database.touch()
    database.chmod(0o640)
    FairLock(database)
    modes = [Path(f"{database}-{name}").stat().st_mode & 0o777 for name in ("turnstile", "writer")]
    assert modes == [0o640, 0o640]
    FairLock(tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere-writer").stat().st_mode & 0o777 == 0o600
