"""Rows of a company written as they are: one statement for any number of them, its SQL made once for each model.

`bulk_create` and `save` prepare each value of each row through its field and write their SQL anew: half the time of
posting 500 lines, and most of the time of a wide header. Rows come here from services, built from checked input, and
the table's constraints judge them anyway. No signals are sent.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import DatabaseError, connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone
from psycopg.types.json import Jsonb

M = TypeVar("M", bound=models.Model)
Read = Callable[[Sequence[models.Model], bool], list[Any]]
#: Writes a column of values as one parameter.
Write = Callable[[Sequence[Any]], Any]


class _Column(NamedTuple):
    name: str
    type: str
    read: Read
    write: Write
    has_default: bool


def _straight(name: str) -> Read:
    return lambda rows, adding: [getattr(row, name) for row in rows]


def _reader(field: Any) -> Read:
    """Return how a column is read from instances: straight, where nothing speaks against it."""
    name, read = field.attname, _straight(field.attname)
    if isinstance(field, models.JSONField):
        return lambda rows, adding: [
            None if value is None else Jsonb(value) for value in read(rows, adding)
        ]
    if isinstance(field, models.DateTimeField) and (field.auto_now or field.auto_now_add):
        return lambda rows, adding: _stamped(name, rows, write=adding or field.auto_now)
    if field.has_db_default():
        return lambda rows, adding: [
            field.db_default if isinstance(value, DatabaseDefault) else value
            for value in read(rows, adding)
        ]
    if isinstance(field, models.DecimalField):
        return lambda rows, adding: _no_float(name, read(rows, adding))
    return read


def _stamped(name: str, rows: Sequence[models.Model], *, write: bool) -> list[Any]:
    if write:
        now = timezone.now()
        for row in rows:
            setattr(row, name, now)
    return [getattr(row, name) for row in rows]


def _no_float(name: str, values: list[Any]) -> list[Any]:
    if float in set(map(type, values)):
        raise TypeError(f"{name}: a float cannot hold an amount exactly")
    return values


# psycopg looks at every element of an array, which takes longer than all else for a thousand lines. What our columns
# hold is known, so each array is written at once.


def _plain_array(values: Sequence[Any]) -> str:
    """Write values whose text never needs quotes."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _uuid_array(values: Sequence[Any]) -> str:
    # without dashes: a third of the time
    return _plain_array([v.hex if type(v) is uuid.UUID else v for v in values])


def _text_array(values: Sequence[Any]) -> str:
    if None in values or not all(isinstance(value, str) for value in values):
        return "{" + ",".join(["NULL" if v is None else _quoted(str(v)) for v in values]) + "}"
    joined = '","'.join(values)
    if "\\" in joined or joined.count('"') != 2 * (len(values) - 1):
        return "{" + ",".join([_quoted(value) for value in values]) + "}"
    return f'{{"{joined}"}}'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _json_array(values: Sequence[Jsonb]) -> str:
    # the same block stands on many rows, such as our own name and address
    known: dict[int, str] = {}
    for value in values:
        if value is not None and id(value.obj) not in known:
            known[id(value.obj)] = _quoted(json.dumps(value.obj, ensure_ascii=False))
    return "{" + ",".join(["NULL" if v is None else known[id(v.obj)] for v in values]) + "}"


#: How an array is written, by the beginning of its type; psycopg writes the others.
_WRITERS: tuple[tuple[tuple[str, ...], Write], ...] = (
    (("uuid",), _uuid_array),
    (("numeric", "integer", "bigint", "smallint", "boolean", "date"), _plain_array),
    (("varchar", "text"), _text_array),
    (("jsonb",), _json_array),
)


def _column(field: Any) -> _Column:
    kind = str(field.db_type(connection))
    name = connection.ops.quote_name(str(field.column))
    write = next((how for types, how in _WRITERS if kind.startswith(types)), list)
    return _Column(name, kind, _reader(field), write, field.has_db_default())


class _Table(NamedTuple):
    """What the statements on one model's table are made of."""

    name: str
    columns: tuple[_Column, ...]
    #: what the database computes, as attributes and as the end of a statement
    computed: tuple[str, ...]
    returning: str
    insert_many: str


@cache
def _table(model: type[models.Model]) -> _Table:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    computed = [field for field in model._meta.concrete_fields if field.generated]
    quote = connection.ops.quote_name
    name, columns = quote(model._meta.db_table), tuple(map(_column, fields))
    names = ", ".join(column.name for column in columns)
    arrays = ", ".join(f"%s::{column.type}[]" for column in columns)
    returning = ", ".join(quote(str(field.column)) for field in computed)
    returning = f" RETURNING {returning}" if returning else ""
    # only names and types of our own models are put together here
    return _Table(
        name,
        columns,
        tuple(field.attname for field in computed),
        returning,
        f"INSERT INTO {name} ({names}) SELECT * FROM unnest({arrays}){returning}",  # noqa: S608
    )


@lru_cache(maxsize=512)
def _insert_one(model: type[models.Model], given: tuple[bool, ...]) -> str:
    """Return the statement for one row with values in the columns `given`; the others are NULL.

    A wide header leaves a third of its columns empty: with them psycopg would no longer remember the statement.
    """
    table = _table(model)
    names = [column.name for column, is_given in zip(table.columns, given, strict=True) if is_given]
    marks = ", ".join("%s" for _ in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks}){table.returning}"  # noqa: S608


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[Read, ...]]:
    table = _table(model)
    columns = [_column(model._meta.get_field(name)) for name in names]
    changes = ", ".join(f"{column.name} = %s" for column in columns)
    sql = f"UPDATE {table.name} SET {changes} WHERE company_id = %s AND id = %s{table.returning}"  # noqa: S608
    return sql, tuple(column.read for column in columns)


def _run(table: _Table, sql: str, values: Sequence[Any], rows: Sequence[models.Model]) -> int:
    """Run a write on `rows` and put on them what the database computed; returns how many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall() if table.computed else ()
        count: int = cursor.rowcount
    for row, computed in zip(rows, found, strict=False):
        for name, value in zip(table.computed, computed, strict=True):
            setattr(row, name, value)
    return count


def row_made(model: type[M], values: dict[str, Any]) -> M:
    """Return an unsaved row with these columns, by attribute; all of them are named, none is looked up or checked.

    What `Model.__init__` does for a row of hundreds: defaults, signals nobody listens to, and ten times as long.
    """
    row = model.__new__(model)
    row.__dict__.update(values)
    row._state = ModelState()
    return row


def rows_insert(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model in one statement; does nothing without any.

    Raises TypeError for an amount that is a float. Values the database computes are on the rows afterwards.
    """
    if not rows:
        return
    table = _table(type(rows[0]))
    values = [column.read(rows, True) for column in table.columns]
    if len(rows) == 1:
        # a column with a default of the database is named: left out it would not be NULL
        given = tuple(
            value is not None or column.has_default
            for column, (value,) in zip(table.columns, values, strict=True)
        )
        sql = _insert_one(type(rows[0]), given)
        _run(
            table,
            sql,
            [value for (value,), named in zip(values, given, strict=True) if named],
            rows,
        )
    else:
        arrays = [column.write(given) for column, given in zip(table.columns, values, strict=True)]
        _run(table, table.insert_many, arrays, rows)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def row_update(row: models.Model, names: Sequence[str]) -> None:
    """Write some columns of a company's row. Raises DatabaseError when it is no longer there."""
    sql, readers = _update(type(row), tuple(names))
    values = [value for read in readers for value in read((row,), False)]
    values += [row.company_id, row.pk]  # type: ignore[attr-defined]  # every company-owned row has one
    if not _run(_table(type(row)), sql, values, (row,)):
        raise DatabaseError("The row to update is not there.")


def rows_delete(rows: models.QuerySet[Any]) -> None:
    """Delete rows that nothing refers to in one statement; the keys of the database would refuse otherwise."""
    # `delete()` would first ask every table that may refer to a row, some hundred rows at a time
    rows._raw_delete(rows.db)
