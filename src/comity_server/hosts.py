"""A host name the server was not told of: a page that says what to do, for whoever runs the server."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

__all__ = ["known_hosts_only"]

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><link rel="icon" href="data:,">
<title>Comity</title><style>
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif } main { max-width: 40rem; margin: auto; padding: 32px 16px }
h1 { font-size: 1.375rem; font-weight: 600 } code { overflow-wrap: anywhere }
</style></head><body><main>
<h1>This server does not answer under this name</h1>
<p>If it is yours, add the name to <code>COMITY_ALLOWED_HOSTS</code>, such as
<code>COMITY_ALLOWED_HOSTS=comments.example.org</code>, and start it again.</p>
<p lang="fr">Ce serveur ne répond pas sous ce nom. S’il est à vous, ajoutez ce nom à <code>COMITY_ALLOWED_HOSTS</code>,
par exemple <code>COMITY_ALLOWED_HOSTS=comments.example.org</code>, puis relancez-le.</p>
</main></body></html>
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
