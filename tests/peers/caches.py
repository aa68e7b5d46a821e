"""A real Comity with a conversation, and real caches before it with the documented files."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

__all__ = ["FILES", "REPOSITORY", "free_port", "nginx", "seeded", "serving", "varnish", "wait_until"]

REPOSITORY = Path(__file__).parents[2]
FILES = REPOSITORY / "docs" / "caches"
SEED = """
import django; django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
from comity.actions.readers import add_staff
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.rules.actors import StaffRole
call_command("migrate", verbosity=0)
site = create_site(key="gazette", name="La Gazette", domains=["gazette.example"], hosts=["localhost"])
add_staff(site=site, username="paul", role=StaffRole.MODERATOR, name="Paul", password="une phrase assez longue")
save_story(site=site, key="treve", title="Une trêve", body_source="Un texte.", now=datetime.now(UTC))
"""
REMOVE = """
import django; django.setup()
import sys
from datetime import UTC, datetime
from comity.actions.moderation import decide_comment
from comity.queries.house_rules import rules_of
from comity.queries.readers import find_staff
from comity.queries.sites import find_site
from comity.rules.actors import Actor, StaffRole
from comity.rules.transitions import Move
from comity.models import Staff
site = find_site(key="gazette", host=None)
staff = Staff.objects.get()
actor = Actor(site_id=site.id, staff_id=staff.pk, staff_role=StaffRole.MODERATOR, staff_name=staff.name)
rule = rules_of(site.id).rules[0].key
decide_comment(
    actor=actor, site=site, comment_id=int(sys.argv[1]), move=Move.REMOVE, rule_key=rule, now=datetime.now(UTC)
)
"""


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Look again and again until it is so."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("what was waited for never came")


def free_port() -> int:
    """A port that nobody listened at a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def seeded(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a server whose database holds a site, a story and a moderator."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    environment = {
        **kept,
        "PYTHONPATH": str(REPOSITORY / "src"),
        "DJANGO_SETTINGS_MODULE": "comity_server.settings",
        "COMITY_DATA": str(folder),
        "COMITY_SECRET_KEY": "only for this test, and long enough to be one",
        "COMITY_LIMITS_ENABLED": "no",
        **more,
    }
    run(environment, SEED)
    return environment


def run(environment: dict[str, str], program: str, *arguments: str) -> None:
    """Run a program of Comity's in a process of its own."""
    subprocess.run([sys.executable, "-c", program, *arguments], env=environment, check=True)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[int]:
    """`comity serve`; its port."""
    port = free_port()
    with _process([sys.executable, "-m", "comity.cli", "serve", "--port", str(port)], environment):
        wait_until(lambda: _answers(port, "/readyz"))
        yield port


@contextmanager
def nginx(folder: Path, comity_port: int) -> Iterator[int]:
    """nginx with the documented file; its port. Only addresses and folders are replaced."""
    port = free_port()
    own = (FILES / "nginx.conf").read_text("utf-8")
    for documented, ours in (
        ("127.0.0.1:8000", f"127.0.0.1:{comity_port}"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("server_name comments.gazette.example;", "server_name localhost;"),
        ("/var/cache/nginx/comity", str(folder / "cache")),
    ):
        assert documented in own
        own = own.replace(documented, ours)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    whole = f"daemon off; pid {folder}/pid; error_log {folder}/errors; {user} worker_processes 1;\n"
    whole += f"events {{}}\nhttp {{ access_log off; {temporary}\n{own}\n}}\n"
    (folder / "nginx.conf").write_text(whole, "utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with _process([program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]):
        wait_until(lambda: _answers(port, "/healthz"))
        yield port


@contextmanager
def varnish(folder: Path, comity_port: int, *, port: int, workers: str = "127.0.0.1") -> Iterator[int]:
    """Varnish with the documented file; its port. Only addresses are replaced."""
    own = (FILES / "varnish.vcl").read_text("utf-8")
    assert '.port = "8000";' in own
    own = own.replace('.port = "8000";', f'.port = "{comity_port}";').replace('    "127.0.0.1";', f'    "{workers}";')
    (folder / "comity.vcl").write_text(own, "utf-8")
    command = [
        "varnishd",
        "-F",
        "-j",
        "none",
        "-n",
        str(folder / "work"),
        "-a",
        f"127.0.0.1:{port}",
        "-s",
        "malloc,32m",
    ]
    with _process([*command, "-f", str(folder / "comity.vcl")]):
        wait_until(lambda: _answers(port, "/healthz"))
        yield port


@contextmanager
def _process(command: list[str], environment: dict[str, str] | None = None) -> Iterator[None]:
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _answers(port: int, path: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=20).status_code == 200
    except httpx.HTTPError:
        return False


def post(port: int, text: str, **more: Any) -> int:
    """A comment by a reader of their own; its number."""
    answer = httpx.post(
        f"http://127.0.0.1:{port}/api/v1/threads/treve/comments",
        json={"text": text, "author_name": "Anne", **more},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    return int(re.findall(r'"id":(\d+)', answer.text)[0])
