"""Django for a command: its settings, its database, and what either says when it fails."""

from __future__ import annotations

import os

from comity.cli.ending import UNAVAILABLE, Ending
from comity.rules.refusals import Refusal

__all__ = ["database_sentence", "pending_migrations", "refusal_sentence", "require_tables", "set_up"]


def set_up() -> None:
    """Load Django with the stand-alone server's settings, or the host project's named in the environment.

    What the command writes from here on (database, log, secret) is its owner's alone.

    Raises:
        ImproperlyConfigured: a setting is wrong.
        Ending: there is no such settings module.
    """
    os.umask(0o077)
    name = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_server.settings")
    import django  # as late as possible: every command pays for it

    try:
        django.setup()
    except ModuleNotFoundError as error:
        raise Ending(f"The settings {name} cannot be loaded: there is no module {error.name}.", UNAVAILABLE) from None
    from comity import conf

    conf.current()  # a wrong setting is said now, not with the first request


def pending_migrations() -> int:
    """How many migrations the database lacks.

    Raises:
        OperationalError: the database cannot be reached.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def require_tables() -> None:
    """End the command if the database has not this release's tables."""
    set_up()
    if pending_migrations():
        raise Ending("The database lacks tables of this release: run comity migrate first.", UNAVAILABLE)


def refusal_sentence(refusal: Refusal) -> str:
    """What was refused, and of which value."""
    from django.utils import translation

    from comity.web.problems import sentence

    with translation.override("en"):
        said = sentence(refusal)
    limit = refusal.details.get("limit")
    more = [
        f"code {refusal.code}",
        f"field {refusal.field}" if refusal.field else "",
        f"limit {limit}" if limit else "",
    ]
    return f"{said} ({', '.join(part for part in more if part)})"


def database_sentence(error: Exception) -> str:
    """The database's failure. Its own words are left out: they may quote rows, addresses and passwords."""
    from django.conf import settings

    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    if engine == "sqlite3":
        said = str(error).lower()
        if "locked" in said:
            return "The SQLite database is locked by another program."
        if "unable to open" in said or "readonly" in said:
            return "The SQLite database cannot be opened or written: look at the rights of its folder (COMITY_DATA)."
        return f"The SQLite database failed: {type(error).__name__}."
    return (
        f"The {engine} database cannot be reached or refused the call ({type(error).__name__}):"
        " look at COMITY_DATABASE_URL."
    )
