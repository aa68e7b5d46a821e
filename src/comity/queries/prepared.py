"""Queries on the hot path, compiled by the ORM once and from then on only run.

For a page of a thread the ORM spends more on writing SQL, each time the same, than the database on answering it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from django.db import connections, router
from django.db.models import Model, QuerySet

__all__ = ["Prepared"]

_NUMBER = 2_040_000_000
_TEXT = "\ue000 value "
"""What stands for the values while a query is compiled; nothing that a query holds of itself looks like them."""
_FORMS = 256


class _Compiled(NamedTuple):
    sql: str
    parameters: tuple[Any, ...]
    slots: tuple[tuple[int, int], ...]
    """Places among the parameters, and which value belongs there."""
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]


class Prepared:
    """A query of whole numbers and texts.

    Args:
        build: makes the query, as `values_list`, of its values; and of what decides its form, such as an order or a
            limit, given by name. The values must reach the database as they are.
        writes: whether a write depends on what is read: it is then read where it is written.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *, writes: bool = False) -> None:
        self._build = build
        self._route = router.db_for_write if writes else router.db_for_read
        self._model: type[Model] | None = None
        self._compiled: dict[Hashable, _Compiled] = {}

    def rows(self, *values: int | str, **form: Hashable) -> list[tuple[Any, ...]]:
        """The query's rows, as `values_list` gives them.

        Raises:
            ValueError: a value does not reach the database as it is.
        """
        if self._model is None:
            self._model = self._build(*self._samples(values), **form).model
        alias = self._route(self._model)  # asked every time: a request may read from a replica
        key = (alias, len(values), *form.values())
        compiled = self._compiled.get(key)
        if compiled is None:
            if len(self._compiled) >= _FORMS:
                self._compiled.clear()
            compiled = self._compiled[key] = self._compile(alias, values, form)
        parameters = list(compiled.parameters)
        for place, number in compiled.slots:
            parameters[place] = values[number]
        connection = connections[alias]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        if not compiled.converters:
            return rows
        converted = []
        for row in rows:
            cells = list(row)
            for place, functions, expression in compiled.converters:
                value = cells[place]
                for function in functions:
                    value = function(value, expression, connection)
                cells[place] = value
            converted.append(tuple(cells))
        return converted

    def _samples(self, values: tuple[int | str, ...]) -> list[int | str]:
        return [
            _NUMBER + number if isinstance(value, int) else f"{_TEXT}{number}" for number, value in enumerate(values)
        ]

    def _compile(self, alias: str, values: tuple[int | str, ...], form: dict[str, Hashable]) -> _Compiled:
        samples = self._samples(values)
        query = self._build(*samples, **form)
        compiler = query.query.get_compiler(using=alias)
        sql, parameters = compiler.as_sql()
        numbers = {sample: number for number, sample in enumerate(samples)}
        slots = tuple((place, numbers[each]) for place, each in enumerate(parameters) if each in numbers)
        if {number for _, number in slots} != set(range(len(values))):
            raise ValueError("a value of the query does not reach the database as it is")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        applied = tuple((place, tuple(functions), expression) for place, (functions, expression) in converters.items())
        return _Compiled(sql, tuple(parameters), slots, applied)
