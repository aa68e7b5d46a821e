"""Sends calls over HTTP with the standard library."""

from __future__ import annotations

import urllib.error
import urllib.request

from comity.screening.backends.asking import Answer, BackEndUnavailable, Call

__all__ = ["send"]

MOST_BYTES = 1_000_000
"""Of an answer."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would carry keys and text somewhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


def send(call: Call) -> Answer:
    """The transport over HTTP of the standard library. Follows no redirect.

    Raises:
        BackEndUnavailable: no answer in time, or none at all.
    """
    if not call.url.startswith(("https://", "http://")):
        raise BackEndUnavailable("network")
    request = urllib.request.Request(call.url, data=call.body, headers=dict(call.headers), method="POST")  # noqa: S310 - the scheme is checked above
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=call.timeout) as response:
            return Answer(response.status, response.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, b"")
    except TimeoutError as error:
        raise BackEndUnavailable("timeout") from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        late = isinstance(getattr(error, "reason", None), TimeoutError)
        raise BackEndUnavailable("timeout" if late else "network") from error
