"""The server that a real browser meets: as in service, but a hundred tests from one address meet no limit."""

from __future__ import annotations

from comity_server.settings import *  # noqa: F403 - the server's own settings
from comity_server.settings import COMITY

COMITY = {**COMITY, "limits_enabled": False}
