"""Constraints that Django's own classes cannot say: composite tenant keys and plain SQL checks.

In Django `id` is the key of a company-owned row; in PostgreSQL the primary key is (company_id, id) and every
foreign key to another company-owned table is (company_id, other_id), so no row can point into another company
(reliability.md T4) and the schema can be distributed by company.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BaseConstraint


class _SqlConstraint(BaseConstraint):
    """A table constraint made after the table itself, from SQL of its own."""

    def _definition(self, model: Any, schema_editor: Any) -> str:
        raise NotImplementedError

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"{self._definition(model, schema_editor)}"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]  # Django takes None
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database is the judge: services give the good message before it."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, type(self)):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self.name))


class TenantPrimaryKey(_SqlConstraint):
    """Turn the table's primary key into (company_id, <key>)."""

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        table = model._meta.db_table
        key = f"{table}_pkey"
        column = model._meta.pk.column
        return (
            f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(key)}, "
            f"ADD CONSTRAINT {quote(key)} PRIMARY KEY (company_id, {quote(column)})"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        table = model._meta.db_table
        key = f"{table}_pkey"
        return (
            f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(key)}, "
            f"ADD CONSTRAINT {quote(key)} PRIMARY KEY ({quote(model._meta.pk.column)})"
        )


class TenantKey(_SqlConstraint):
    """Composite foreign key (company_id, <field>) to another company-owned table.

    `to_field` names the referenced column when it is not the key (membership.user for salespeople).
    """

    def __init__(self, field: str, *, name: str, to: str = "", to_field: str = "") -> None:
        super().__init__(name=name)
        self.field = field
        self.to = to
        self.to_field = to_field

    def _definition(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        target = self.to or field.remote_field.model._meta.db_table
        target_column = self.to_field or field.target_field.column
        return (
            f"FOREIGN KEY (company_id, {quote(field.column)}) "
            f"REFERENCES {quote(target)} (company_id, {quote(target_column)}) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]  # Django takes None
        """Leave the key to the end of the migration, when every referenced table has its own key."""
        schema_editor.deferred_sql.append(super().create_sql(model, schema_editor))

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]  # as above
        self.create_sql(model, schema_editor)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        if self.to:
            kwargs["to"] = self.to
        if self.to_field:
            kwargs["to_field"] = self.to_field
        return path, (self.field,), kwargs


class SqlCheck(_SqlConstraint):
    """CHECK (<sql>): for rules about NaN, minor units and patterns that lookups cannot express."""

    def __init__(self, sql: str, *, name: str) -> None:
        super().__init__(name=name)
        self.sql = sql

    def _definition(self, model: Any, schema_editor: Any) -> str:
        return f"CHECK ({self.sql})"

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        return path, (self.sql,), kwargs


class SqlExclude(_SqlConstraint):
    """EXCLUDE <sql>: ranges of one company that must not overlap."""

    def __init__(self, sql: str, *, name: str) -> None:
        super().__init__(name=name)
        self.sql = sql

    def _definition(self, model: Any, schema_editor: Any) -> str:
        return f"EXCLUDE {self.sql}"

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        return path, (self.sql,), kwargs


def tenant_keys(model: str, *fields: str) -> list[TenantKey]:
    """Return the composite foreign keys of a model's tenant fields, named after model and field."""
    return [TenantKey(field, name=f"{model}_{field}_tenant_fk") for field in fields]


def finite(model: str, *columns: str, minimum: str | None = "0") -> SqlCheck:
    """Return one CHECK that keeps NaN (and values below `minimum`) out of numeric columns (L8)."""
    rules = []
    for column in columns:
        rules.append(f"{column} <> 'NaN'")
        if minimum is not None:
            rules.append(f"{column} >= {minimum}")
    suffix = "finite" if minimum is None else "bounds"
    return SqlCheck(" AND ".join(rules), name=f"{model}_{columns[0]}_{suffix}")


def in_minor_units(model: str, *columns: str, currency: str = "currency") -> SqlCheck:
    """Return one CHECK that amounts carry no digits beyond the currency's minor unit (L8)."""
    rules = [f"{column} = round({column}, currency_digits({currency}))" for column in columns]
    return SqlCheck(" AND ".join(rules), name=f"{model}_{columns[0]}_minor_units")
