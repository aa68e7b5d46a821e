"""What the operating system must have; as root on Debian or Ubuntu it is installed, elsewhere it is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NODE_MAJOR = 18


class Missing(Exception):  # noqa: N818 - the sentence with which a command ends
    """Something of the system is missing, as one sentence."""


def may_install() -> bool:
    """Whether this process installs what is missing: root on a system with apt, unless `COMITY_NO_INSTALL=1`."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and os.environ.get("COMITY_NO_INSTALL") != "1"


def ensure_node() -> None:
    """Node and npm.

    Raises:
        Missing: there are none, or Node is too old.
    """
    if (not shutil.which("node") or not shutil.which("npm")) and may_install():
        install("nodejs", "npm")
    if not shutil.which("node") or not shutil.which("npm"):
        raise Missing(
            f"Node {NODE_MAJOR} or later with npm is needed to build the browser assets: apt install nodejs npm"
        )
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = told.removeprefix("v").partition(".")[0]
    if not major.isdigit() or int(major) < NODE_MAJOR:
        raise Missing(f"Node {NODE_MAJOR} or later is needed to build the browser assets; this is {told or 'none'}.")


def chromium() -> str | None:
    """The browser for tests."""
    configured = os.environ.get("COMITY_CHROMIUM")
    return configured or shutil.which("chromium") or shutil.which("chromium-browser")


def postgresql() -> Path | None:
    """The folder of PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def redis_server() -> str | None:
    """The program of a Redis server, which the tests start by themselves."""
    return shutil.which("redis-server")


def has_fonts() -> bool:
    """Whether pages in Hebrew and Arabic can be drawn."""
    if not shutil.which("fc-list"):
        return False
    languages = ("he", "ar")
    return all(
        subprocess.run(["fc-list", f":lang={each}"], capture_output=True, check=False).stdout for each in languages
    )


def pgbouncer() -> bool:
    """Whether the pooler is there that the tests with third-party software put before PostgreSQL."""
    return Path("/usr/sbin/pgbouncer").exists()


def caches() -> dict[str, bool]:
    """Debian's packages of the caches before Comity, and whether each is there."""
    return {
        "nginx": shutil.which("nginx") is not None or Path("/usr/sbin/nginx").exists(),
        "varnish": shutil.which("varnishd") is not None or Path("/usr/sbin/varnishd").exists(),
        "varnish-modules": any(Path("/usr/lib").glob("*/varnish/vmods/libvmod_xkey.so")),
    }


def install_for_peers() -> None:
    """Install the third-party software, where that is allowed and possible."""
    if not may_install():
        return
    there = {"postgresql": postgresql(), "pgbouncer": pgbouncer(), **caches()}
    wanted = [name for name, found in there.items() if not found]
    if wanted:
        install(*wanted)


def install_for_tests() -> None:
    """Install what the tests want, where that is allowed and possible."""
    if not may_install():
        return
    wanted: list[str] = []
    if chromium() is None:
        wanted.append("chromium")
    if postgresql() is None:
        wanted.append("postgresql")
    if redis_server() is None:
        wanted.append("redis-server")
    if chromium() is None or not has_fonts():
        wanted += ["fontconfig", "fonts-dejavu-core"]
    if wanted:
        install(*wanted)


_one_at_a_time = threading.Lock()


def install(*packages: str) -> None:
    """Install packages, saying which; nothing is started as a service.

    Raises:
        Missing: apt-get failed.
    """
    with _one_at_a_time, _no_services():
        print(f"comity: installing {' '.join(packages)} with apt-get …", flush=True)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
        if _apt(command) and (_apt(["apt-get", "update", "-q"]) or _apt(command)):
            raise Missing(f"apt-get could not install {' '.join(packages)}; run it by hand to see why.")


def _apt(command: list[str]) -> int:
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False, **quiet).returncode  # type: ignore[call-overload]  # mypy cannot see through the mapping


@contextmanager
def _no_services() -> Iterator[None]:
    """Debian's own switch against starting services, and PostgreSQL's against a cluster of the system's; both are taken
    back afterwards, and left alone where the operator has set them."""
    policy = Path("/usr/sbin/policy-rc.d")
    cluster = Path("/etc/postgresql-common/createcluster.d/comity-tests.conf")
    made: list[Path] = []
    try:
        if not policy.exists():
            policy.write_text("#!/bin/sh\nexit 101\n")
            policy.chmod(0o755)
            made.append(policy)
        if not cluster.exists():
            cluster.parent.mkdir(parents=True, exist_ok=True)
            cluster.write_text("create_main_cluster = false\n")
            made.append(cluster)
        yield
    finally:
        for path in made:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        install_for_peers() if "--peers" in sys.argv else install_for_tests()
    except Missing as reason:
        print(f"comity: {reason}", file=sys.stderr)
        sys.exit(3)
