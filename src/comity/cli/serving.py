"""`comity serve`: the stand-alone server."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from ipaddress import ip_address

from comity.cli.ending import BAD_USAGE, DONE, FAILED, UNAVAILABLE, Ending
from comity.cli.setting_up import pending_migrations, set_up

__all__ = ["is_loopback", "serve"]

GRACE_SECONDS = 3
"""How long requests in flight may last once the server was told to stop."""
BACKLOG = 2048


def serve(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    bind = arguments.bind or os.environ.get("COMITY_BIND", "").strip() or "127.0.0.1"
    port = _port(arguments.port or os.environ.get("COMITY_PORT", "").strip() or "8000")
    if arguments.demo and not is_loopback(bind):
        raise Ending(
            f"The demo has staff accounts with known passwords: it is served on this machine alone, not on {bind}."
            " From afar, use ssh -L; for a site of your own, comity serve without --demo.",
            BAD_USAGE,
        )
    os.environ["COMITY_DEMO"] = "yes" if arguments.demo else "no"
    with _listening(bind, port) as listener:
        set_up()
        _bring_up_to_date()
        if arguments.demo:
            from comity.cli.demo import prepare_demo

            prepare_demo(base=f"http://{_host(bind)}:{port}")
        else:
            _refuse_demo_accounts(bind)
            print(f"Comity answers on http://{_host(bind)}:{port}/", flush=True)
            _say_what_is_next()
        return _run(listener)


def is_loopback(bind: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ip_address(bind).is_loopback
    except ValueError:
        return bind == "localhost"


def _port(given: str) -> int:
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65536:
        raise Ending(f"{given} is no port: a number from 1 to 65535 is needed (COMITY_PORT).", BAD_USAGE)
    return int(given)


def _host(bind: str) -> str:
    if is_loopback(bind) or bind in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{bind}]" if ":" in bind else bind


def _listening(bind: str, port: int) -> socket.socket:
    """The socket, taken before anything slow is done.

    Raises:
        Ending: the port is taken, not allowed, or no address of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise Ending(f"{bind} is no address of this machine (COMITY_BIND).", UNAVAILABLE) from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        said = {
            errno.EADDRINUSE: f"Port {port} is taken by another program: choose another (COMITY_PORT={port + 1}).",
            errno.EACCES: f"Port {port} needs rights that this user has not: choose one from 1024 on (COMITY_PORT).",
            errno.EADDRNOTAVAIL: f"{bind} is no address of this machine (COMITY_BIND).",
        }
        raise Ending(
            said.get(error.errno or 0, f"Port {port} cannot be used: {error.strerror}."), UNAVAILABLE
        ) from None
    return listener


def _bring_up_to_date() -> None:
    """A SQLite database is made and migrated here; on PostgreSQL, which others may use, somebody decides when."""
    from django.db import connection

    if connection.vendor == "sqlite":
        from comity.cli.database import migrate_sqlite

        migrate_sqlite()
    elif pending_migrations():
        raise Ending("The database lacks tables of this release: run comity migrate first.", UNAVAILABLE)


def _refuse_demo_accounts(bind: str) -> None:
    if is_loopback(bind):
        return
    from comity.cli.demo import has_demo_accounts

    if has_demo_accounts():
        raise Ending(
            f"This database holds the demo's staff accounts: it is not served on {bind}."
            " Serve your own from another folder or database (COMITY_DATA, COMITY_DATABASE_URL).",
            BAD_USAGE,
        )


def _say_what_is_next() -> None:
    from comity.queries.sites import all_sites

    if not all_sites():
        print("There is no site yet: comity site add KEY --name NAME --domain DOMAIN", flush=True)


def _run(listener: socket.socket) -> int:
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            "comity_server.asgi:application",
            loop="uvloop",
            http="comity_server.wire:WireProtocol",
            ws="none",
            lifespan="on",
            log_config=None,  # Django's settings hold the one configuration of all logs
            access_log=False,  # it would print query strings; the front writes ours
            proxy_headers=False,  # comity.web.networks reads them, from proxies that are trusted
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn raises the signal again once it has stopped
        print("Stopped.", file=sys.stderr)
        return DONE
    return DONE if server.started else FAILED
