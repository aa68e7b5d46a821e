"""A full disk: 503, when to come again, nothing half written, reading goes on; so does writing once there is room."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection

from tests.concurrency.conftest import Process, Serve, server_connection
from tests.concurrency.posters import Posters
from tests.concurrency.test_database_away import POSTED, READ, check_unavailable
from tests.postgres import unprivileged

pytestmark = [pytest.mark.database, pytest.mark.server]

MEGABYTES = 32


def test_a_database_that_may_not_grow_refuses_and_goes_on(start: Callable[[], Process]) -> None:
    if connection.vendor == "postgresql":
        return  # it has no such limit; a disk that is really full stands below
    newsroom = start()

    def post(number: int) -> dict[str, Any]:
        answer: dict[str, Any] = newsroom.do("ask", **POSTED, headers={"Idempotency-Key": f"{number:032}"})
        return answer

    newsroom.do("allow_pages", more=0)
    taken = 0
    while (answer := post(taken))["status"] != 503:  # what there are still pages for is taken
        taken += 1
        assert taken < 1000
    check_unavailable(answer)
    assert newsroom.do("ask", **READ)["status"] == 200
    newsroom.do("allow_pages", more=10_000)
    assert post(taken)["status"] in {201, 202}
    found = newsroom.do("compare")
    assert found["differences"] == []
    assert found["comments"] == taken + 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes; only root may make one."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a file system of its own needs root's rights")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def on_small_disk(database: str, small_disk: Path) -> Iterator[str]:
    """The address of the database, which lies there."""
    if connection.vendor == "sqlite":
        moved = small_disk / "comity.sqlite3"
        shutil.move(database.removeprefix("sqlite:///"), moved)
        yield f"sqlite:///{moved}"
        return
    with server_connection() as server:
        (user,) = server.execute("SHOW data_directory").fetchone() or ("",)
        owner = pwd.getpwuid(Path(user).stat().st_uid) if Path(user).exists() else unprivileged()
        os.chown(small_disk, owner.pw_uid, owner.pw_gid)
        for parent in small_disk.parents:
            if parent.stat().st_uid == 0 and parent.name.startswith(("pytest-", "test_")):
                parent.chmod(0o755)
        name, space = database.rpartition("/")[2], f"small_{os.getpid()}"
        server.execute(f"CREATE TABLESPACE {space} LOCATION '{small_disk}'")
        server.execute(f"ALTER DATABASE {name} SET TABLESPACE {space}")
        yield database
        server.execute(f"ALTER DATABASE {name} SET TABLESPACE pg_default")
        server.execute(f"DROP TABLESPACE {space}")


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        room = os.statvfs(disk)
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_bsize)
    return filler


def test_a_full_disk_refuses_and_goes_on(
    on_small_disk: str, small_disk: Path, serve: Serve, start: Callable[[], Process]
) -> None:
    comity = serve(database=on_small_disk)
    posters = Posters(comity.address)
    with posters.at_work():
        posters.wait_for_more()
        filler = fill(small_disk)
        posters.wait_for_answer("503 service_unavailable")
        comity.wait_for("OperationalError (SQLITE_FULL)" if connection.vendor == "sqlite" else "(53100)")
        read = httpx.get(f"{comity.address}/api/v1/threads/treve?site=gazette&sort=oldest", timeout=30)
        assert read.status_code == 200
        filler.unlink()
        posters.wait_for_more()
    comity.end()
    assert posters.faults == []
    assert set(posters.answers) == {"taken", "503 service_unavailable"}
    assert "Traceback" not in "\n".join(comity.lines)
    books = Process(on_small_disk, small_disk.parent)
    assert books.do("check_posted", acknowledged=posters.acknowledged)["faults"] == []
    books.end()
