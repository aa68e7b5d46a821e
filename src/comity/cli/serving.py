"""`comity serve`: the stand-alone server."""

from __future__ import annotations

import argparse
import errno
import os
import resource
import socket
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from ipaddress import ip_address

from comity.cli.ending import BAD_USAGE, DONE, FAILED, UNAVAILABLE, Ending
from comity.cli.setting_up import pending_migrations, set_up
from comity.cli.supervising import Supervisor

__all__ = ["is_loopback", "serve"]

GRACE_SECONDS = 3
"""How long requests in flight may last once the server was told to stop."""
DRAIN_SECONDS = 0.5
"""How long one of several servers that stops still answers on connections that it has: a proxy then sends the next
request to another one."""
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
    os.environ["COMITY_ROLE"] = role = "web" if arguments.web else "front" if arguments.front else "all"
    if arguments.inherit:
        return _serve_for_another(arguments.inherit)
    if arguments.processes is not None and arguments.processes < 1:
        raise Ending("At least one process is needed.", BAD_USAGE)
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
        if arguments.processes is None:
            return _run(listener, drain_seconds=0.0 if role == "all" else DRAIN_SECONDS)
        words = ["serve", *(["--demo"] if arguments.demo else []), *([f"--{role}"] if role != "all" else [])]
        return Supervisor(words, listener, arguments.processes).run()


def _serve_for_another(inherited: str) -> int:
    """Serve on a socket that another process listens on, and tell it when requests are answered."""
    listening, _, telling = inherited.partition(":")
    listener = socket.socket(fileno=int(listening))
    set_up()
    return _run(listener, drain_seconds=DRAIN_SECONDS, ready=partial(_say_ready, int(telling)))


def _say_ready(descriptor: int) -> None:
    """Tell the parent process, by a byte, that requests are answered."""
    os.write(descriptor, b"1")
    os.close(descriptor)


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


def _run(listener: socket.socket, *, drain_seconds: float, ready: Callable[[], None] = lambda: None) -> int:
    import uvicorn

    from comity.cli.gentle_server import GentleServer

    _allow_many_files()
    front = import_module("comity_server.asgi").application
    server = GentleServer(
        uvicorn.Config(
            front,
            loop="uvloop",
            http="comity_server.wire:WireProtocol",
            ws="none",
            lifespan="on",
            log_config=None,  # Django's settings hold the one configuration of all logs
            access_log=False,  # it would print query strings; the front writes ours
            proxy_headers=False,  # comity.web.networks reads them, from proxies that are trusted
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        ),
        front=front,
        drain_seconds=drain_seconds,
        ready=ready,
    )
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn raises the signal again once it has stopped
        print("Stopped.", file=sys.stderr)
        return DONE
    return DONE if server.started else FAILED


def _allow_many_files() -> None:
    """Every open connection is a file: as many as the system lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
