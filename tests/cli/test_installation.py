"""A small installation, made and looked after by the command alone."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Comity, environment
from tests.migrated import migrated_folder

PASSWORD = "une phrase assez longue"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of this release, made once."""
    folder = tmp_path_factory.mktemp("migrated") / "data"
    migrated_folder(folder)
    subprocess.run([sys.executable, "-m", "comity.cli", "migrate"], env=environment(folder), check=True)
    return folder


@pytest.fixture
def installed(comity: Comity, data: Path, migrated: Path) -> Comity:
    """An installation with nothing in it."""
    shutil.copytree(migrated, data)
    return comity


@pytest.fixture
def gazette(installed: Comity) -> Comity:
    """An installation with one site."""
    comity = installed
    made = comity(
        "site", "add", "gazette", "--name", "La Gazette", "--domain", "gazette.example", "--set", "page_size=5"
    )
    assert (made.returncode, made.stdout) == (0, "gazette: La Gazette\n")
    return comity


def test_migrating_twice(comity: Comity, data: Path) -> None:
    assert "migrations applied" in comity("migrate").stdout
    assert comity("migrate").stdout == "The database has every table of this release.\n"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for secret in (data / "secret-key", data / "comity.sqlite3"):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_sites(gazette: Comity) -> None:
    assert gazette("site", "set", "gazette", "--host", "talk.gazette.example", "--set", "opens_at=08:00",
                   "--set", "closes_at=20:00", "--set", "close_after_days=30").returncode == 0  # fmt: skip
    listed = gazette("site", "list").stdout
    assert listed == "gazette  La Gazette  fr  hosts talk.gazette.example  domains gazette.example\n"
    assert gazette("site", "set", "gazette", "--set", "close_after_days=").returncode == 0
    taken = gazette("site", "add", "gazette", "--name", "Another")
    assert (taken.returncode, "code field_invalid, field key" in taken.stderr) == (1, True)
    unknown = gazette("site", "set", "tribune", "--name", "The Tribune")
    assert (unknown.returncode, "code site_unknown" in unknown.stderr) == (1, True)


def test_stories(gazette: Comity, tmp_path: Path) -> None:
    file = tmp_path / "trees.md"
    file.write_text('+++\nkey = "trees"\ntitle = "Des arbres"\npublished_at = 2026-05-01\n+++\nUn texte.', "utf-8")
    assert gazette("story", "add", str(file)).stdout == "/stories/trees?site=gazette\n"
    lake = json.dumps({"key": "lake", "title": "Un lac", "url": "https://gazette.example/lake", "body": "Un texte."})
    assert gazette("story", "add", "-", given=lake).returncode == 0
    listed = gazette("story", "list", "--site", "gazette").stdout.splitlines()
    assert [line.split()[1:3] for line in listed] == [["0", "lake"], ["0", "trees"]]
    assert listed[1].startswith("2026-05-01")
    foreign = json.dumps({"key": "sea", "url": "https://elsewhere.example/sea"})
    refused = gazette("story", "add", "-", given=foreign)
    assert (refused.returncode, "code story_url_refused" in refused.stderr) == (1, True)


def test_keys(gazette: Comity, data: Path) -> None:
    made = gazette("story", "key", "--label", "the newsroom's system")
    words = made.stdout.split()
    assert (words[0], words[2], len(words[3])) == ("key", "secret", 64)
    assert words[3].encode() not in (data / "comity.sqlite3").read_bytes()
    assert gazette("story", "key", "--revoke", words[1]).returncode == 0
    assert gazette("story", "key", "--revoke", words[1]).returncode == 1


def test_staff(gazette: Comity) -> None:
    added = gazette("staff", "add", "claire", "--role", "editor", "--name", "Claire D.", given=f"{PASSWORD}\n")
    assert (added.returncode, added.stdout) == (0, "Claire D. is editor of gazette.\n")
    weak = gazette("staff", "add", "sami", "--role", "moderator", given="court\n")
    assert (weak.returncode, "field password" in weak.stderr) == (1, True)
    assert gazette("staff", "list").stdout == "editor     Claire D.\n"
    again = gazette("staff", "add", "claire", "--role", "moderator", "--name", "Claire D.")
    assert again.stdout == "Claire D. is moderator of gazette, with the password they have.\n"
    assert gazette("staff", "password", "claire", given="une autre phrase longue\n").returncode == 0
    assert gazette("staff", "password", "nobody", given="une autre phrase longue\n").returncode == 1


def test_the_demo_and_its_counters(installed: Comity, data: Path) -> None:
    comity = installed
    assert comity("demo").returncode == 0
    listed = comity("story", "list").stdout
    assert len(listed.splitlines()) == 2
    assert comity("demo").returncode == 0
    assert comity("story", "list").stdout == listed
    assert comity("recount", "--check").stdout == "Every counter agrees with the rows.\n"
    with sqlite3.connect(data / "comity.sqlite3") as database:
        database.execute("UPDATE comity_story SET published_count = published_count + 7 WHERE published_count > 0")
    database.close()
    checked = comity("recount", "--check")
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (1, "1 counters differed.")
    assert comity("story", "list").stdout != listed
    assert comity("recount").stdout.endswith("1 counters differed and were mended.\n")
    assert comity("story", "list").stdout == listed
    assert comity("worker", "--once").stdout.endswith("nothing is due.\n")
    assert comity("worker", "--once").stdout == "0 done; nothing is due.\n"


def test_doctor(gazette: Comity, data: Path) -> None:
    found = gazette("doctor", **{"COMITY_" + "PROT": "8001"})
    lines = {line.split()[1]: line.split()[0] for line in found.stdout.splitlines()}
    assert (lines["database"], lines["tables"], lines["worker"], lines["parked"]) == ("ok", "ok", "ok", "ok")
    assert (lines["settings"], "_PROT" in found.stdout) == ("look", True)
    assert lines["screening"] == "ok"
    assert "look  contacts" in re.sub(" +", "  ", found.stdout)
    for contact in ("readers_contact=lecteurs@gazette.example", "authorities_contact=https://gazette.example/a"):
        assert gazette("site", "set", "gazette", "--set", contact).returncode == 0
    assert "contacts" not in gazette("doctor").stdout
    refused = gazette("site", "set", "gazette", "--set", "readers_contact=nobody")
    assert (refused.returncode, "readers_contact" in refused.stderr) == (1, True)
    with sqlite3.connect(data / "comity.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'comity'")
    database.close()
    found = gazette("doctor")
    assert (found.returncode, "migrations are missing" in found.stdout) == (1, True)
    (data / "comity.sqlite3").chmod(0o644)
    assert "comity.sqlite3 may be read by others" in gazette("doctor").stdout
