"""The words of published comments, and each database's own index of them.

SQLite rebuilds a table to alter it, and a rebuilt table has lost its triggers: a later migration that alters
`comity_searchentry` drops them before and makes them again after, with `remove` and `install`.
"""

import django.db.models.deletion
from django.db import migrations, models

from comity.text.markdown import render
from comity.text.searching import words_of

_NEW = "INSERT INTO comity_search (rowid, place, words) VALUES (NEW.comment_id, NEW.place, NEW.words)"
_OLD = (
    "INSERT INTO comity_search (comity_search, rowid, place, words) "
    "VALUES ('delete', OLD.comment_id, OLD.place, OLD.words)"
)
_SQLITE_MAKE = (
    # The words are folded already: the tokenizer only parts them.
    "CREATE VIRTUAL TABLE comity_search USING fts5(place, words, content='comity_searchentry', "
    "content_rowid='comment_id', tokenize='unicode61 remove_diacritics 0', prefix='2 3')",
    f"CREATE TRIGGER comity_searchentry_insert AFTER INSERT ON comity_searchentry BEGIN {_NEW}; END",
    f"CREATE TRIGGER comity_searchentry_delete AFTER DELETE ON comity_searchentry BEGIN {_OLD}; END",
    f"CREATE TRIGGER comity_searchentry_update AFTER UPDATE ON comity_searchentry BEGIN {_OLD}; {_NEW}; END",
    "INSERT INTO comity_search (comity_search) VALUES ('rebuild')",
)
_SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS comity_searchentry_insert",
    "DROP TRIGGER IF EXISTS comity_searchentry_delete",
    "DROP TRIGGER IF EXISTS comity_searchentry_update",
    "DROP TABLE IF EXISTS comity_search",
)
_POSTGRES_MAKE = (
    # Words as they stand: PostgreSQL's own parser would part and stem them otherwise than SQLite does.
    "CREATE INDEX comity_search ON comity_searchentry USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)
_POSTGRES_DROP = ("DROP INDEX IF EXISTS comity_search",)


def _run(schema_editor, for_sqlite, for_postgres):
    for statement in for_sqlite if schema_editor.connection.vendor == "sqlite" else for_postgres:
        schema_editor.execute(statement)


def install(_apps, schema_editor):
    """Make the index, from what the table holds."""
    _run(schema_editor, _SQLITE_MAKE, _POSTGRES_MAKE)


def remove(_apps, schema_editor):
    """Drop the index."""
    _run(schema_editor, _SQLITE_DROP, _POSTGRES_DROP)


def fill(apps, _schema_editor):
    """Let the comments be found that are published already."""
    comments = apps.get_model("comity", "Comment").objects.filter(status="published")
    entries = apps.get_model("comity", "SearchEntry").objects
    for row in comments.only("pk", "story_id", "author_name", "text_source").order_by("pk").iterator(chunk_size=500):
        entries.create(
            comment_id=row.pk,
            story_id=row.story_id,
            place=f"s{row.story_id}",
            words=words_of(f"{row.author_name} {render(row.text_source).plain}"),
        )


class Migration(migrations.Migration):
    dependencies = [("comity", "0003_decisions_never_edited")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="comity.comment",
                    ),
                ),
                ("place", models.CharField(max_length=24)),
                ("words", models.TextField()),
                (
                    "story",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="comity.story"),
                ),
            ],
        ),
        migrations.RunPython(install, remove),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
