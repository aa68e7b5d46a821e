"""A full disk: 503, when to come again, nothing half written, reading goes on; so does writing once there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection

from tests.concurrency.conftest import Process, Serve, server_connection
from tests.concurrency.posters import Posters
from tests.concurrency.test_database_away import POSTED, READ, check_unavailable
from tests.postgres import unprivileged
from tests.servers import PATIENCE

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
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A file system of a few megabytes; only root may make one, and not in every container."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def moved_to(disk: Path, database: str) -> Iterator[str]:
    """The address of the database, which lies there meanwhile."""
    if connection.vendor == "sqlite":
        moved = disk / "comity.sqlite3"
        shutil.move(database.removeprefix("sqlite:///"), moved)
        yield f"sqlite:///{moved}"
        return
    owner = unprivileged()
    os.chown(disk, owner.pw_uid, owner.pw_gid)
    for parent in disk.parents:
        if parent.is_relative_to(tempfile.gettempdir()) and parent != Path(tempfile.gettempdir()):
            parent.chmod(0o755)  # PostgreSQL runs as another user
    name, space = database.rpartition("/")[2], f"small_{os.getpid()}"
    with server_connection() as server:
        server.execute(f"CREATE TABLESPACE {space} LOCATION '{disk}'")
        server.execute(f"ALTER DATABASE {name} SET TABLESPACE {space}")
        yield database
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        server.execute(f"ALTER DATABASE {name} SET TABLESPACE pg_default")
        server.execute(f"DROP TABLESPACE {space}")


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):  # ENOSPC ends it
        while True:
            file.write(bytes(65_536))
    return filler


def test_a_full_disk_refuses_and_goes_on(database: str, small_disk: Path | None, serve: Serve) -> None:
    if small_disk is None:
        return  # on SQLite the test above has shown the same
    with moved_to(small_disk, database) as address:
        comity = serve(database=address)
        posters = Posters(comity.address)
        with posters.at_work():
            posters.wait_for_more()
            filler = fill(small_disk)
            posters.wait_for_answer("503 service_unavailable")
            comity.wait_for("(SQLITE_FULL)" if connection.vendor == "sqlite" else "(53100)")
            read = httpx.get(f"{comity.address}/api/v1/threads/treve?site=gazette&sort=oldest", timeout=PATIENCE)
            assert read.status_code == 200
            filler.unlink()
            posters.wait_for_more()
        comity.end()
        assert posters.faults == []
        assert set(posters.answers) == {"taken", "503 service_unavailable"}
        assert "Traceback" not in "\n".join(comity.lines)
        books = Process(address, small_disk.parent)
        assert books.do("check_posted", acknowledged=posters.acknowledged)["faults"] == []
        books.end()
