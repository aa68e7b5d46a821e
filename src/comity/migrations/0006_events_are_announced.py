"""On PostgreSQL, says to whoever listens that events were written, once the transaction that wrote them has committed.

Nothing is said but that: the event table has the rest. SQLite has a number of its own that tells as much.
"""

from django.db import migrations

_MAKE = (
    "CREATE FUNCTION comity_announce_events() RETURNS trigger LANGUAGE plpgsql AS $announce$ BEGIN "
    "PERFORM pg_notify('comity_events', ''); RETURN NULL; END $announce$",
    'CREATE TRIGGER "comity_eventrecord_announce" AFTER INSERT ON "comity_eventrecord" '
    "FOR EACH STATEMENT EXECUTE FUNCTION comity_announce_events()",
)
_DROP = (
    'DROP TRIGGER IF EXISTS "comity_eventrecord_announce" ON "comity_eventrecord"',
    "DROP FUNCTION IF EXISTS comity_announce_events()",
)


def make(_apps, schema_editor):
    """Make the trigger."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in _MAKE:
            schema_editor.execute(statement)


def drop(_apps, schema_editor):
    """Take it away."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in _DROP:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("comity", "0005_site_heads"),
    ]

    operations = [migrations.RunPython(make, drop)]
