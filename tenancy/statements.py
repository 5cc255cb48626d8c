"""Statements on a company's rows whose SQL is written once for the process.

Django writes each query anew, which costs more than PostgreSQL takes to answer it where tables are wide. What every
request does, reads by key and the writes of a posting, is therefore written by Django once, from the models, and run
again with other values (docs/decisions/0008-statements-written-once.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from psycopg.sql import Literal

from tenancy.context import current_company_id

RowT = TypeVar("RowT")


class _Slot:
    """Stands in the parameters of a statement for a value that comes with each call."""

    def __init__(self, name: str) -> None:
        self.name = name


#: Gives the right side of a filter, by the name of its value.
Value = Callable[[str], RawSQL]


def slot(name: str) -> RawSQL:
    """Return the right side of a filter whose value comes with each call."""
    return RawSQL("%s", (_Slot(name),))


def fixed(values: Mapping[str, Any]) -> Value:
    """Return what stands in for `slot` where a query is written for these values alone."""
    return lambda name: RawSQL("%s", (values[name],))


def behind(model: type[models.Model], order: Sequence[str]) -> RawSQL:
    """Return the filter for rows behind the values `after_0`, `after_1`, ... of the columns of `order`.

    All columns go the same way, `-` down; compared as one row, so that an index over them leads there.
    """
    quote = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(name.removeprefix("-")) for name in order]
    table = quote(model._meta.db_table)
    names = ", ".join(f"{table}.{quote(str(field.column))}" for field in fields)
    marks = ", ".join(f"%s::{field.db_type(connection)}" for field in fields)
    sign = "<" if order[0].startswith("-") else ">"
    slots = tuple(_Slot(f"after_{index}") for index, _ in enumerate(order))
    # only names and types of our own models are put together here
    return RawSQL(f"({names}) {sign} ({marks})", slots, output_field=models.BooleanField())  # noqa: S611


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class AnyOf(models.Lookup):
    """`field__any_of=slot(...)`: one of a list that is sent as one array, so that its length leaves the SQL alone."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_values, *right_values)


def _with_constants(sql: str, params: Sequence[Any]) -> str:
    """Write what never changes into the text: an index over some of the rows is found by that only."""
    written = tuple(
        "%s" if isinstance(value, _Slot) else _literal(value).replace("%", "%%") for value in params
    )
    return sql.replace("%%", "%%%%") % written


def _literal(value: Any) -> str:
    """Return a constant as SQL text."""
    return Literal(value).as_string()


class _Compiled:
    """The text of a query, what its values are, and how its rows become tuples or instances."""

    def __init__(self, rows: models.QuerySet[Any]) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        self.sql = _with_constants(sql, params)
        self.names = tuple(value.name for value in params if isinstance(value, _Slot))
        self._converters = compiler.get_converters([column for column, _, _ in compiler.select])
        self._apply = compiler.apply_converters
        self.read = self._reader(rows, compiler)

    def _reader(
        self, rows: models.QuerySet[Any], compiler: Any
    ) -> Callable[[Iterator[Any]], list[Any]]:
        kind = rows._iterable_class  # what Django itself goes by
        if issubclass(kind, FlatValuesListIterable):
            return lambda found: [row[0] for row in found]
        if issubclass(kind, ValuesListIterable):
            return list
        if kind is not ModelIterable:
            raise TypeError(f"{kind.__name__} has no reader here")
        classes = compiler.klass_info
        first, last = classes["select_fields"][0], classes["select_fields"][-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:last]]
        related = get_related_populators(classes, compiler.select, connection.alias)  # type: ignore[call-arg]  # the stubs are of a later Django
        make = rows.model.from_db

        def instances(found: Iterator[Any]) -> list[Any]:
            made = []
            for row in found:
                instance = make(connection.alias, names, row[first:last])
                for populator in related:
                    populator.populate(row, instance)
                made.append(instance)
            return made

        return instances

    def run(self, given: dict[str, Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [given[name] for name in self.names])
            found = cursor.fetchall()
        if self._converters:
            found = self._apply(found, self._converters)
        return self.read(found)


class Statement(Generic[RowT]):
    """A query on one table of the current company, written by Django on first use.

    `build` gets the company's rows and returns the query; `slot("name")` stands for what each call gives.
    """

    def __init__(
        self, model: type[models.Model], build: Callable[[models.QuerySet[Any]], Any]
    ) -> None:
        self._model, self._build = model, build

    @cached_property
    def _compiled(self) -> _Compiled:
        rows: models.QuerySet[Any] = models.QuerySet(self._model).filter(
            company_id=slot("company_id")
        )
        return _Compiled(self._build(rows))

    def all(self, **values: Any) -> list[RowT]:
        """Run the query and return its rows."""
        return self._compiled.run({"company_id": current_company_id(), **values})

    def first(self, **values: Any) -> RowT | None:
        """Run the query and return its first row, None without any."""
        found = self.all(**values)
        return found[0] if found else None
