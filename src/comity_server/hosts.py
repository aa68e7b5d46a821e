"""A host name the server was not told of: a page that says what to do, for whoever runs the server."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

__all__ = ["known_hosts_only"]

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="robots" content="noindex"><title>Comity</title>
<p>This server does not answer under this name. If it is yours, add the name to <code>COMITY_ALLOWED_HOSTS</code>, such
as <code>COMITY_ALLOWED_HOSTS=comments.example.org</code>, and start it again.</p>
<p lang="fr">Ce serveur ne répond pas sous ce nom. S’il est à vous, ajoutez ce nom à <code>COMITY_ALLOWED_HOSTS</code>,
par exemple <code>COMITY_ALLOWED_HOSTS=comments.example.org</code>, puis relancez-le.</p>
</html>
"""


def known_hosts_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the first of all. The name asked for is not repeated: anyone may send any."""

    def answer(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            return HttpResponse(PAGE, status=421, headers={"Cache-Control": "no-store"})
        return get_response(request)

    return answer
