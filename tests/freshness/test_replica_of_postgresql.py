"""A server that reads public pages from another PostgreSQL database than the one it writes to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.cli.conftest import environment
from tests.concurrency.conftest import new_database

pytestmark = [pytest.mark.database, pytest.mark.server]

SCRIPT = """
import django; django.setup()
from django.core.management import call_command
from django.test import Client
from django.db import connections
call_command("migrate", verbosity=0)
from comity.actions.sites import create_site
site = create_site(key="gazette", name="La Gazette", domains=["gazette.example"], hosts=["localhost"])
public, known = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
known.cookies["anything"] = "x"
print(known.get("/threads/treve?site=gazette").status_code)
with connections["replica1"].cursor() as cursor:  # the replica has seen nothing yet: no table, so no answer
    cursor.execute("SELECT count(*) FROM information_schema.tables WHERE table_name = 'comity_site'")
    print(cursor.fetchone()[0])
print(public.get("/threads/treve?site=gazette").status_code)
"""


def test_public_pages_are_read_there_and_the_rest_here(tmp_path: Path, transactional_db: None) -> None:
    if connection.vendor == "sqlite":
        return
    with (
        new_database(tmp_path, f"first_{os.getpid()}") as first,
        new_database(tmp_path, f"second_{os.getpid()}") as second,
    ):
        ended = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment(
                tmp_path, COMITY_DATABASE_URL=first, COMITY_REPLICA_URLS=second,
                DJANGO_SETTINGS_MODULE="comity_server.settings",
            ),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.stdout.split() == ["200", "0", "500"], ended.stderr
