"""PostgreSQL behind PgBouncer in transaction mode, with fewer connections than Comity has threads."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.cli.conftest import environment
from tests.postgres import PostgresServer, find_binaries, unprivileged

pytestmark = pytest.mark.peers

PGBOUNCER = "/usr/sbin/pgbouncer"
PORT = 6432
WRITERS = 8


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database behind the pooler."""
    binaries = find_binaries()
    assert binaries, "PostgreSQL is needed"
    folder = Path(os.environ["COMITY_TEST_FOLDER"]) / "pooled"
    folder.mkdir(mode=0o755)
    server = PostgresServer(folder, binaries)
    server.start()
    bouncer = folder / "bouncer"
    bouncer.mkdir(mode=0o700)
    (bouncer / "pgbouncer.ini").write_text(
        f"[databases]\ncomity = host={folder / 'socket'} port=5432 user=comity\n"
        f"[pgbouncer]\nunix_socket_dir = {bouncer}\nlisten_port = {PORT}\nauth_type = any\n"
        "pool_mode = transaction\ndefault_pool_size = 3\n"
    )
    user = unprivileged() if os.geteuid() == 0 else None
    if user:
        for path in (bouncer, bouncer / "pgbouncer.ini"):
            os.chown(path, user.pw_uid, user.pw_gid)
    pooler = subprocess.Popen(
        [PGBOUNCER, str(bouncer / "pgbouncer.ini")],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd=bouncer,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert pooler.stderr is not None
    said = next((line for line in pooler.stderr if "process up" in line), "")
    assert said, "PgBouncer did not start"
    yield f"postgresql://comity@{quote(str(bouncer), safe='')}:{PORT}/comity"
    pooler.terminate()
    pooler.communicate()
    server.stop()


def test_eight_writers_share_three_connections(pooled: str, tmp_path: Path) -> None:
    variables = environment(tmp_path / "data", COMITY_DATABASE_URL=pooled, COMITY_LIMITS_ENABLED="no")

    def comity(*words: str, given: str = "") -> str:
        command = [sys.executable, "-m", "comity.cli", *words]
        ended = subprocess.run(command, env=variables, input=given, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    assert "migrations applied" in comity("migrate")
    comity("site", "add", "gazette", "--name", "La Gazette")
    comity("story", "add", "-", given='{"key": "trees", "title": "Des arbres", "body": "Un texte."}')
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    child = subprocess.Popen(
        [sys.executable, "-m", "comity.cli", "serve", "--port", str(port)],
        env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline().startswith("Comity answers")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            thread = "/api/v1/threads/trees"

            def converse(number: int) -> list[int]:
                statuses = []
                for turn in range(5):
                    body = {"text": f"Je lis le numéro {number}, page {turn}.", "author_name": f"Anne {number}"}
                    posted = client.post(f"{thread}/comments", json=body)
                    statuses.append(posted.status_code)
                    target = client.get(thread, params={"sort": "oldest"}).json()["comments"][0]["id"]
                    client.post(f"/api/v1/comments/{target}/vote", json={"value": 1})
                return statuses

            with ThreadPoolExecutor(WRITERS) as pool:
                statuses = [status for each in pool.map(converse, range(WRITERS)) for status in each]
            assert len(statuses) == WRITERS * 5
            assert set(statuses) <= {201, 202}
            assert client.get("/readyz").status_code == 200
    finally:
        child.terminate()
        child.communicate(timeout=10)
    assert comity("recount", "--check") == "Every counter agrees with the rows.\n"
    assert "ok     database" in subprocess.run(
        [sys.executable, "-m", "comity.cli", "doctor"], env=variables, capture_output=True, text=True, check=False
    ).stdout  # fmt: skip
