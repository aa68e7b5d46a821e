"""What `/healthz` answers: that the process is up, whatever the state of its database."""

from __future__ import annotations

__all__ = ["HEALTHY", "HEALTH_PATH"]

HEALTH_PATH = "/healthz"
HEALTHY = b'{"status":"ok"}\n'
