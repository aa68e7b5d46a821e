"""Django's settings for the tests: those of the stand-alone server, or of a bare host project, on a database of the
session's own.

`COMITY_TEST_DATABASE` is `sqlite` (default) or `postgres`; `COMITY_TEST_MOUNT=1` mounts the app in `tests.mounted`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_OURS = {"COMITY_NO_INSTALL", "COMITY_CHROMIUM"}
for _name in [name for name in os.environ if name.startswith("COMITY_")]:
    if _name not in _OURS and not _name.startswith("COMITY_TEST_"):
        del os.environ[_name]  # whoever runs the tests may have a server configured: its data are not ours to touch

# The folder is made by the process that starts first; workers inherit its name, and tests/conftest.py removes it.
TEST_FOLDER = Path(os.environ.setdefault("COMITY_TEST_FOLDER", tempfile.mkdtemp(prefix="comity-test-")))
TEST_FOLDER.chmod(0o755)  # PostgreSQL runs as another user and keeps its data in here
os.environ.setdefault("COMITY_TEST_TEMPLATE", str(TEST_FOLDER / "template"))  # see tests/migrated.py
TEST_DATABASE = os.environ.setdefault("COMITY_TEST_DATABASE", "sqlite")
if TEST_DATABASE not in {"sqlite", "postgres"}:
    raise ValueError("COMITY_TEST_DATABASE is sqlite or postgres")

os.environ["COMITY_DATA"] = str(TEST_FOLDER / "data")
os.environ["COMITY_SECRET_KEY"] = "a secret for tests, long enough and worth nothing: 0123456789"
if TEST_DATABASE == "postgres":
    os.environ["COMITY_DATABASE_URL"] = f"postgresql://comity@{str(TEST_FOLDER / 'socket').replace('/', '%2F')}/comity"

from comity_server.settings import *  # noqa: E402,F403 - the tests run on the server's own settings
from comity_server.settings import DATABASES  # noqa: E402 - named for what follows

del os.environ["COMITY_DATA"], os.environ["COMITY_SECRET_KEY"]
os.environ.pop("COMITY_DATABASE_URL", None)

if TEST_DATABASE == "sqlite":
    # A file, as in service: in memory SQLite locks otherwise, and other processes cannot reach it.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_FOLDER / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; the server's own is tested by itself
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if os.environ.get("COMITY_TEST_MOUNT") == "1":
    from tests.mounted.settings import *  # noqa: F403 - what a host project has of its own
