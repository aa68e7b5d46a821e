"""Retention counts what it replaces, and the database lets nobody else into the evidence of decisions.

The triggers of migration 0003 on `comity_retentionpass` are dropped and made again around the change of its table,
which SQLite rebuilds.
"""

from importlib import import_module

from django.db import migrations, models

_guard = import_module("comity.migrations.0003_decisions_never_edited")
_EMPTYING = (
    'EXISTS (SELECT 1 FROM "comity_retentionpass" AS p JOIN "comity_decision" AS d ON d."site_id" = p."site_id" '
    'WHERE d."id" = OLD."decision_id" AND p."is_open") '
    'AND NEW."decision_id" = OLD."decision_id" AND NEW."erased_at" IS NOT NULL AND NEW."items" = \'[]\''
)
SQLITE_MAKE = (
    'CREATE TRIGGER "comity_decisionevidence_update" BEFORE UPDATE ON "comity_decisionevidence" '
    f"WHEN NOT ({_EMPTYING}) BEGIN SELECT RAISE(ABORT, 'evidence is only ever emptied'); END",
    'CREATE TRIGGER "comity_decisionevidence_delete" BEFORE DELETE ON "comity_decisionevidence" '
    "BEGIN SELECT RAISE(ABORT, 'evidence is only ever emptied'); END",
)
SQLITE_DROP = tuple(f'DROP TRIGGER IF EXISTS "comity_decisionevidence_{event}"' for event in ("update", "delete"))
POSTGRES_MAKE = (
    "CREATE FUNCTION comity_guard_decisionevidence() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
    f"IF TG_OP = 'UPDATE' THEN IF {_EMPTYING}::jsonb THEN RETURN NEW; END IF; END IF; "
    "RAISE EXCEPTION 'evidence is only ever emptied' USING ERRCODE = 'integrity_constraint_violation'; END $guard$",
    'CREATE TRIGGER "comity_decisionevidence_change" BEFORE UPDATE OR DELETE ON "comity_decisionevidence" '
    "FOR EACH ROW EXECUTE FUNCTION comity_guard_decisionevidence()",
    'CREATE TRIGGER "comity_decisionevidence_truncate" BEFORE TRUNCATE ON "comity_decisionevidence" '
    "FOR EACH STATEMENT EXECUTE FUNCTION comity_guard_decisionevidence()",
)
POSTGRES_DROP = (
    *(
        f'DROP TRIGGER IF EXISTS "comity_decisionevidence_{event}" ON "comity_decisionevidence"'
        for event in ("change", "truncate")
    ),
    "DROP FUNCTION IF EXISTS comity_guard_decisionevidence()",
)


def install(_apps, schema_editor):
    """Make the triggers."""
    _guard._run(schema_editor, SQLITE_MAKE, POSTGRES_MAKE)


def remove(_apps, schema_editor):
    """Drop the triggers."""
    _guard._run(schema_editor, SQLITE_DROP, POSTGRES_DROP)


class Migration(migrations.Migration):
    dependencies = [("comity", "0009_marked_comments")]

    operations = [
        migrations.RunPython(_guard.remove, _guard.install),
        migrations.AlterField("retentionpass", "before", models.DateTimeField(null=True)),
        migrations.AddField("retentionpass", "counts", models.JSONField(default=dict)),
        migrations.RunPython(_guard.install, _guard.remove),
        migrations.RunPython(install, remove),
    ]
