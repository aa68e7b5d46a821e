"""A PostgreSQL of the session's own: in a temporary folder, on a socket, under a user who is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

__all__ = ["PostgresServer", "find_binaries", "unprivileged"]

START_SECONDS = 60


def find_binaries() -> Path | None:
    """The folder of the newest PostgreSQL on this machine; None if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class PostgresServer:
    """A server in `folder`, answering on a socket in `folder / "socket"` to the user `comity`, without a password.

    Args:
        durable: what was committed outlives the server; else it is as fast as can be, for data that nobody keeps.
    """

    def __init__(self, folder: Path, binaries: Path, *, durable: bool = False) -> None:
        self._data = folder / "postgres"
        self._socket = folder / "socket"
        self._binaries = binaries
        self._durable = durable

    def start(self) -> None:
        """Make the cluster and start it; returns when it answers."""
        for path in (self._data, self._socket):
            path.mkdir(mode=0o700)
            if os.geteuid() == 0:
                user = unprivileged()
                os.chown(path, user.pw_uid, user.pw_gid)
        self._run("initdb", "--pgdata", str(self._data), "--username=comity", "--auth=trust", "--encoding=UTF8",
                  "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        self.start_again()
        self.new_database("comity")

    def start_again(self) -> None:
        """Start the cluster that is there; returns when it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._socket}' -c max_connections=200"
        if not self._durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run("pg_ctl", "start", "--pgdata", str(self._data), "--wait", f"--timeout={START_SECONDS}",
                  f"--log={self._data / 'log'}", "--options", options)  # fmt: skip

    def new_database(self, name: str) -> str:
        """Make one; its address."""
        self._run("createdb", "--host", str(self._socket), "--username=comity", name)
        return f"postgresql://comity@{quote(str(self._socket), safe='')}/{name}"

    def stop(self) -> None:
        """Stop at once, as if it had crashed."""
        self._run("pg_ctl", "stop", "--pgdata", str(self._data), "--mode=immediate", "--wait")

    def _run(self, program: str, *arguments: str) -> None:
        user = unprivileged() if os.geteuid() == 0 else None
        subprocess.run(
            [str(self._binaries / program), *arguments],
            check=True,
            cwd=self._data,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )


def unprivileged() -> pwd.struct_passwd:
    """A user under whom a server may run when the session is root's."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
