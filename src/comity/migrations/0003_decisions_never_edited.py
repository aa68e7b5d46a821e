"""Links the decisions taken so far, then lets the database itself refuse to change or delete one.

SQLite rebuilds a table to alter it, and a rebuilt table has lost its triggers: a later migration that alters
`comity_decision` or `comity_retentionpass` drops them before and makes them again after, with `remove` and `install`.
`tests/decisions/test_never_edited.py` fails when one forgets.
"""

import secrets

from django.db import migrations, models

from comity.rules.chain import content_digest, link_digest

_KEPT = (
    "id", "site_id", "comment_id", "revision_number", "outcome", "actor_kind", "staff_id", "rule_key", "rule_version",
    "engine_version", "decided_at", "reverses_id", "sequence", "content_digest", "previous_digest", "digest",
)  # fmt: skip
"""Columns that even retention leaves as they are."""
_TAKING = (
    'EXISTS (SELECT 1 FROM "comity_retentionpass" WHERE "site_id" = OLD."site_id" AND "is_open" '
    'AND OLD."decided_at" < "before")'
)

_SQLITE_MAKE = (
    'CREATE TRIGGER "comity_decision_update" BEFORE UPDATE ON "comity_decision" '
    f"WHEN NOT ({_TAKING} AND NEW.\"salt\" = '' AND "
    + " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in _KEPT)
    + ") BEGIN SELECT RAISE(ABORT, 'decisions are never edited'); END",
    'CREATE TRIGGER "comity_decision_delete" BEFORE DELETE ON "comity_decision" '
    "BEGIN SELECT RAISE(ABORT, 'decisions are never deleted'); END",
    'CREATE TRIGGER "comity_retentionpass_update" BEFORE UPDATE ON "comity_retentionpass" WHEN NOT OLD."is_open" '
    "BEGIN SELECT RAISE(ABORT, 'retention passes are never edited'); END",
    'CREATE TRIGGER "comity_retentionpass_delete" BEFORE DELETE ON "comity_retentionpass" '
    "BEGIN SELECT RAISE(ABORT, 'retention passes are never deleted'); END",
)
_SQLITE_DROP = tuple(
    f'DROP TRIGGER IF EXISTS "comity_{table}_{event}"'
    for table in ("decision", "retentionpass")
    for event in ("update", "delete")
)

_POSTGRES_MAKE = (
    "CREATE FUNCTION comity_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
    f"IF TG_OP = 'UPDATE' AND {_TAKING} AND NEW.\"salt\" = '' AND "
    + " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in _KEPT)
    + " THEN RETURN NEW; END IF; "
    "RAISE EXCEPTION 'decisions are never edited or deleted' USING ERRCODE = 'integrity_constraint_violation'; "
    "END $guard$",
    "CREATE FUNCTION comity_guard_retentionpass() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
    "IF TG_OP = 'UPDATE' AND OLD.\"is_open\" THEN RETURN NEW; END IF; "
    "RAISE EXCEPTION 'retention passes are never edited or deleted' "
    "USING ERRCODE = 'integrity_constraint_violation'; END $guard$",
    *(
        f'CREATE TRIGGER "comity_{table}_change" BEFORE UPDATE OR DELETE ON "comity_{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION comity_guard_{table}()"
        for table in ("decision", "retentionpass")
    ),
    # A statement's trigger has no OLD row: the function falls through to its refusal before it would look at one.
    *(
        f'CREATE TRIGGER "comity_{table}_truncate" BEFORE TRUNCATE ON "comity_{table}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION comity_guard_{table}()"
        for table in ("decision", "retentionpass")
    ),
)
_POSTGRES_DROP = (
    *(
        f'DROP TRIGGER IF EXISTS "comity_{table}_{event}" ON "comity_{table}"'
        for table in ("decision", "retentionpass")
        for event in ("change", "truncate")
    ),
    "DROP FUNCTION IF EXISTS comity_guard_decision()",
    "DROP FUNCTION IF EXISTS comity_guard_retentionpass()",
)


def _run(schema_editor, for_sqlite, for_postgres):
    for statement in for_sqlite if schema_editor.connection.vendor == "sqlite" else for_postgres:
        schema_editor.execute(statement)


def install(_apps, schema_editor):
    """Make the triggers."""
    _run(schema_editor, _SQLITE_MAKE, _POSTGRES_MAKE)


def remove(_apps, schema_editor):
    """Drop the triggers."""
    _run(schema_editor, _SQLITE_DROP, _POSTGRES_DROP)


def link(apps, _schema_editor):
    """Chain what was decided before there was a chain."""
    decisions = apps.get_model("comity", "Decision").objects
    heads = {}
    for row in decisions.order_by("id").iterator(chunk_size=500):
        sequence, previous = heads.get(row.site_id, (0, ""))
        row.sequence, row.previous_digest, row.salt = sequence + 1, previous, secrets.token_hex(16)
        row.content_digest = content_digest(
            row.salt,
            {
                "site": row.site_id,
                "comment": row.comment_id,
                "revision": row.revision_number,
                "outcome": row.outcome,
                "actor": row.actor_kind,
                "staff": row.staff_id,
                "rule": row.rule_key,
                "rule_version": row.rule_version,
                "engine": row.engine_version,
                "findings": row.findings,
                "citations": row.citations,
                "notes": row.notes,
                "decided_at": row.decided_at,
                "reverses": row.reverses_id,
            },
        )
        row.digest = link_digest(previous, sequence=row.sequence, content=row.content_digest)
        row.save(update_fields=["sequence", "previous_digest", "salt", "content_digest", "digest"])
        heads[row.site_id] = (row.sequence, row.digest)
    chains = apps.get_model("comity", "DecisionChain").objects
    for site_id, (sequence, digest) in heads.items():
        chains.create(site_id=site_id, sequence=sequence, digest=digest)


class Migration(migrations.Migration):
    dependencies = [("comity", "0002_decisions_appeals_reports")]

    operations = [
        migrations.RunPython(link, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("site", "sequence"), name="comity_decision_sequence_once"),
        ),
        migrations.RunPython(install, remove),
    ]
