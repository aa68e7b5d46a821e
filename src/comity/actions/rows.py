"""Writing single rows by statements that are made once.

For one row the ORM spends more on writing SQL, each time the same, than the database on running it: 0.3 ms against 0.03
for an insert on SQLite. Values are prepared by the model's own fields, so that both databases get what the ORM would
give them. No `save` is overridden and no signal listened to in this app, so nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Field, Model

from comity.actions.writing import database_alias

__all__ = ["insert_row", "update_row"]


def _column(field: Field[Any, Any]) -> str:
    assert field.column is not None, "a concrete field has a column"
    return field.column


class _Statement(NamedTuple):
    sql: str
    fields: tuple[Field[Any, Any], ...]


@lru_cache(maxsize=128)
def _insert(
    model: type[Model], alias: str, with_key: bool, unique: tuple[str, ...], replaced: tuple[str, ...]
) -> _Statement:
    quote = connections[alias].ops.quote_name
    table, key = model._meta.db_table, model._meta.pk
    fields = tuple(each for each in model._meta.concrete_fields if with_key or each is not key)
    columns = ", ".join(quote(_column(each)) for each in fields)
    sql = f"INSERT INTO {quote(table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - names of the models' own
    if unique:
        of = {each.name: quote(_column(each)) for each in fields}
        given = ", ".join(f"{of[name]} = excluded.{of[name]}" for name in replaced)
        sql += f" ON CONFLICT ({', '.join(of[name] for name in unique)}) DO UPDATE SET {given}"
    return _Statement(f"{sql} RETURNING {quote(_column(key))}", fields)


@lru_cache(maxsize=128)
def _update(model: type[Model], alias: str, names: tuple[str, ...]) -> _Statement:
    quote = connections[alias].ops.quote_name
    key = model._meta.pk
    by_name = {each.name: each for each in model._meta.concrete_fields}
    fields = tuple(by_name[name] for name in names)
    given = ", ".join(f"{quote(_column(each))} = %s" for each in fields)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {given} WHERE {quote(_column(key))} = %s"  # noqa: S608 - likewise
    return _Statement(sql, (*fields, key))


def _run(statement: _Statement, row: Model, alias: str, *, returns: bool) -> Any:
    connection = connections[alias]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection=connection) for field in statement.fields]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, values)
        return cursor.fetchone()[0] if returns else None


def insert_row(row: Model, *, unique: Iterable[str] = (), replaces: Iterable[str] = ()) -> None:
    """Insert a row, and give it its number.

    Args:
        unique: fields of a constraint; a row that is there already with the same values stays, and this one takes its
            number.
        replaces: fields that such a row takes over from this one; one at least.
    """
    alias = database_alias()
    given = row.pk is not None
    statement = _insert(type(row), alias, given, tuple(unique), tuple(replaces))
    row.pk = _run(statement, row, alias, returns=True)
    row._state.adding, row._state.db = False, alias


def update_row(row: Model, *names: str) -> None:
    """Write these fields of a row that is stored already."""
    alias = database_alias()
    _run(_update(type(row), alias, names), row, alias, returns=False)
