"""Whatever is wrong, the command says it in one sentence and ends with its code."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Comity


@pytest.mark.parametrize(
    ("words", "variables", "code", "said"),
    [
        (["serve", "--demo", "--bind", "0.0.0.0"], {}, 2, "on this machine alone"),
        (["serve", "--demo"], {"COMITY_BIND": "::"}, 2, "on this machine alone"),
        (["serve", "--port", "http"], {}, 2, "http is no port"),
        (["serve"], {"COMITY_PORT": "70000"}, 2, "70000 is no port"),
        (["serve", "--bind", "192.0.2.1"], {}, 3, "192.0.2.1 is no address of this machine"),
        (["serve", "--bind", "no such host"], {}, 3, "is no address of this machine"),
        (["doctor"], {"COMITY_DATA": "/proc/comity"}, 3, "cannot be used"),
        (["doctor"], {"COMITY_DATABASE_URL": "mongo://user:hidden-word@host/name"}, 3, "COMITY_DATABASE_URL"),
        (["doctor"], {"COMITY_PUMP_BATCH": "many"}, 3, "COMITY_PUMP_BATCH must be a number"),
        (["doctor"], {"COMITY_LIMITS_ENABLED": "perhaps"}, 3, "COMITY_LIMITS_ENABLED must be yes or no"),
        (["doctor"], {"COMITY_TRUSTED_PROXIES": "the proxy"}, 3, "trusted_proxies"),
        (["doctor"], {"COMITY_DATABASE_URL": "postgresql://a:hidden-word@127.0.0.1:1/a", "COMITY_DATABASE_POOL": "0"},
         3,
         "COMITY_DATABASE_POOL must be a whole number"),
        (["doctor"], {"DJANGO_SETTINGS_MODULE": "nobodys.settings"}, 3, "there is no module nobodys"),
        (["recount"], {}, 3, "run comity migrate first"),
        (["worker", "--threads", "0"], {}, 2, "At least one thread"),
        (["site", "add", "gazette"], {}, 2, "needs a name"),
        (["site", "set", "gazette", "--set", "colour=red"], {}, 2, "one of accent"),
        (["site", "set", "gazette", "--set", "page_size=many"], {}, 2, "cannot be read"),
        (["story", "add", "/nowhere/story.md"], {}, 3, "No such file"),
        (["story", "list", "--limit", "0"], {}, 2, "above zero"),
        (["conjure"], {}, 2, "invalid choice"),
        ([], {}, 2, "required"),
    ],
)  # fmt: skip
def test_one_sentence(comity: Comity, words: list[str], variables: dict[str, str], code: int, said: str) -> None:
    ended = comity(*words, **variables)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "hidden-word" not in ended.stderr


def test_a_taken_port(comity: Comity) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = comity("serve", "--port", str(port))
    assert ended.returncode == 3
    assert (
        ended.stderr == f"comity: Port {port} is taken by another program: choose another (COMITY_PORT={port + 1}).\n"
    )


def test_a_secret_that_others_may_read(comity: Comity, data: Path) -> None:
    data.mkdir()
    (data / "secret-key").write_text("known to all")
    (data / "secret-key").chmod(0o644)
    ended = comity("doctor")
    assert ended.returncode == 3
    assert "run chmod 600 on it" in ended.stderr
    assert "known to all" not in ended.stderr


def test_a_database_that_is_away(comity: Comity) -> None:
    ended = comity("migrate", COMITY_DATABASE_URL="postgresql://a:hidden-word@127.0.0.1:1/a")
    assert ended.returncode == 3
    assert "cannot be reached" in ended.stderr
    assert "hidden-word" not in ended.stderr


def test_a_file_that_is_no_database(comity: Comity, data: Path) -> None:
    data.mkdir(mode=0o700)
    (data / "comity.sqlite3").write_text("not a database at all, whatever its name says " * 50)
    ended = comity("migrate")
    assert ended.returncode == 3
    assert "The SQLite database failed" in ended.stderr


def test_help_and_version(comity: Comity) -> None:
    page = comity("--help")
    assert page.returncode == 0
    for word in ("serve", "worker", "migrate", "demo", "site", "story", "staff", "recount", "doctor", "screen"):
        assert f"\n    {word} " in page.stdout
    assert comity("--version").stdout.startswith("comity 0.")


def test_screen_reads_a_text_without_a_database(comity: Comity, data: Path) -> None:
    ended = comity("screen", "--json", "Merci pour cet article.")
    assert ended.returncode == 0
    assert '"outcome": "publish"' in ended.stdout
    assert not data.exists()
