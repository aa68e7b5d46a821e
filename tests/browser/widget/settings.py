"""The server that a real browser meets: as in service, without the limits that a hundred tests from one address meet."""

from __future__ import annotations

from comity_server.settings import *  # noqa: F403 - the server's own settings
from comity_server.settings import COMITY

COMITY = {**COMITY, "limits_enabled": False}
