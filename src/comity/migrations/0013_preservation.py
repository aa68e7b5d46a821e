"""Evidence put aside for authorities: each step an entry, appended only; what is put aside is only ever let go.

Who was told moves from the record to an entry. A later migration that alters one of the two tables on SQLite drops the
triggers before and makes them again after, with `remove` and `install`.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

_guard = import_module("comity.migrations.0003_decisions_never_edited")
_KEPT = ("id", "site_id", "case_id", "digest", "preserved_at", "preserved_by_id")
_LETTING_GO = 'OLD."released_at" IS NULL AND NEW."released_at" IS NOT NULL AND NEW."document" = \'{}\''
SQLITE_MAKE = (
    'CREATE TRIGGER "comity_preservedrecord_update" BEFORE UPDATE ON "comity_preservedrecord" '
    f"WHEN NOT ({_LETTING_GO} AND "
    + " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in _KEPT)
    + ") BEGIN SELECT RAISE(ABORT, 'what is put aside is only ever let go'); END",
    'CREATE TRIGGER "comity_preservedrecord_delete" BEFORE DELETE ON "comity_preservedrecord" '
    "BEGIN SELECT RAISE(ABORT, 'what is put aside is only ever let go'); END",
    *(
        f'CREATE TRIGGER "comity_preservationentry_{event}" BEFORE {event.upper()} ON "comity_preservationentry" '
        "BEGIN SELECT RAISE(ABORT, 'preservation entries are never edited'); END"
        for event in ("update", "delete")
    ),
)
SQLITE_DROP = tuple(
    f'DROP TRIGGER IF EXISTS "comity_{table}_{event}"'
    for table in ("preservedrecord", "preservationentry")
    for event in ("update", "delete")
)
POSTGRES_MAKE = (
    "CREATE FUNCTION comity_guard_preservedrecord() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
    f"IF TG_OP = 'UPDATE' THEN IF {_LETTING_GO}::jsonb AND "
    + " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in _KEPT)
    + " THEN RETURN NEW; END IF; END IF; "
    "RAISE EXCEPTION 'what is put aside is only ever let go' USING ERRCODE = 'integrity_constraint_violation'; "
    "END $guard$",
    "CREATE FUNCTION comity_guard_preservationentry() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
    "RAISE EXCEPTION 'preservation entries are never edited' USING ERRCODE = 'integrity_constraint_violation'; "
    "END $guard$",
    *(
        f'CREATE TRIGGER "comity_{table}_{name}" BEFORE {event} ON "comity_{table}" '
        f"FOR EACH {each} EXECUTE FUNCTION comity_guard_{table}()"
        for table in ("preservedrecord", "preservationentry")
        for name, event, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"))
    ),
)
POSTGRES_DROP = (
    *(
        f'DROP TRIGGER IF EXISTS "comity_{table}_{event}" ON "comity_{table}"'
        for table in ("preservedrecord", "preservationentry")
        for event in ("change", "truncate")
    ),
    "DROP FUNCTION IF EXISTS comity_guard_preservedrecord()",
    "DROP FUNCTION IF EXISTS comity_guard_preservationentry()",
)


def install(_apps, schema_editor):
    """Make the triggers."""
    _guard._run(schema_editor, SQLITE_MAKE, POSTGRES_MAKE)


def remove(_apps, schema_editor):
    """Drop the triggers."""
    _guard._run(schema_editor, SQLITE_DROP, POSTGRES_DROP)


def move(apps, schema_editor):
    """Make an entry of each time that something was put aside, and that somebody was told."""
    entries = apps.get_model("comity", "PreservationEntry").objects
    for row in apps.get_model("comity", "PreservedRecord").objects.order_by("id").iterator(chunk_size=100):
        known = {"site_id": row.site_id, "case_id": row.case_id, "staff_id": row.preserved_by_id}
        entries.create(step="preserved", noted_at=row.preserved_at, digest=row.digest, **known)
        if row.told:
            at = row.told_at or row.preserved_at
            entries.create(step="told", noted_at=at, told_at=at, authority=row.told, **known)
    if schema_editor.connection.vendor == "postgresql":  # which alters no table that has constraints left to check
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("comity", "0012_restrictions")]

    operations = [
        migrations.CreateModel(
            name="PreservationEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[(each, each) for each in ("preserved", "exported", "told", "released")], max_length=16
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                ("why", models.CharField(blank=True, default="", max_length=500)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("with_reporters", models.BooleanField(default=False)),
                ("authority", models.CharField(blank=True, default="", max_length=200)),
                ("reference", models.CharField(blank=True, default="", max_length=100)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preservation_entries",
                        to="comity.reportcase",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="comity.site"),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="comity.staff"
                    ),
                ),
            ],
            options={"verbose_name_plural": "preservation entries"},
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RemoveField(model_name="preservedrecord", name="told"),
        migrations.RemoveField(model_name="preservedrecord", name="told_at"),
        migrations.AddField(model_name="preservedrecord", name="released_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="preservedrecord",
            name="preserved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="comity.staff"
            ),
        ),
        migrations.AddIndex(
            model_name="preservedrecord",
            index=models.Index(
                condition=models.Q(("released_at", None)), fields=["site", "preserved_at"], name="comity_preserved"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
