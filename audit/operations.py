"""Migration operations that put a table under the audit triggers (RR-9, A2)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_EVENTS = (
    ("insert", "INSERT", "REFERENCING NEW TABLE AS new_rows"),
    ("update", "UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    ("delete", "DELETE", "REFERENCING OLD TABLE AS old_rows"),
)


def _triggers(
    table: str, prefix: str, function: str, arguments: tuple[str, ...], events: str
) -> tuple[list[Any], list[Any]]:
    create: list[Any] = []
    drop: list[Any] = []
    quoted = ", ".join(f"'{argument}'" for argument in arguments)
    for name, event, rows in _EVENTS:
        if name in events:
            create.append(
                f"CREATE TRIGGER {prefix}_{name} AFTER {event} ON {table} {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {function}({quoted})"
            )
            drop.append(f"DROP TRIGGER {prefix}_{name} ON {table}")
    return create, drop


class AuditTable(migrations.RunSQL):
    """Write each inserted, updated or deleted row of `table` to the audit log as entity type `entity`.

    `quiet`: columns whose change alone is no event. `secret`: columns whose values are left out.
    """

    def __init__(
        self,
        table: str,
        entity: str,
        *,
        quiet: str = "updated_at,version",
        secret: str = "",
        events: str = "insert update delete",
    ) -> None:
        self._args = [table, entity]
        self._kwargs = {"quiet": quiet, "secret": secret, "events": events}
        create, drop = _triggers(
            table, "z_audit", "audit_row_changes", (entity, quiet, secret), events
        )
        super().__init__(sql=create, reverse_sql=drop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, self._args, self._kwargs


class AuditLines(migrations.RunSQL):
    """Write the changed lines of a document as one audit row of the document for each statement.

    Lines name their document in the column `document_id`.
    """

    def __init__(self, table: str, entity: str) -> None:
        self._args = [table, entity]
        create, drop = _triggers(
            table, "z_audit", "audit_line_changes", (entity,), "insert update delete"
        )
        super().__init__(sql=create, reverse_sql=drop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, self._args, {}


class KeepLines(migrations.RunSQL):
    """Give the lines of a document, under AuditLines so far, a function of their own for the trail.

    To be repeated after columns of the table changed: the function names each of them.
    """

    def __init__(self, table: str, entity: str) -> None:
        self._args = [table, entity]
        every = "insert update delete"
        before, drop = _triggers(table, "z_audit", "audit_line_changes", (entity,), every)
        after, _drop = _triggers(table, "z_audit", f"{table}_keep_lines", (), every)
        super().__init__(
            sql=[*drop, f"SELECT audit_build_lines('{table}', '{entity}')", *after],
            reverse_sql=[
                *drop,
                f"SET LOCAL ROLE app_sec; DROP FUNCTION {table}_keep_lines(); RESET ROLE",
                *before,
            ],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, self._args, {}


def history_append_only(history: str) -> list[str]:
    """Return the statements that keep everybody, the owner of the table too, from changing what was (A1)."""
    return [
        f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {history} "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
        f"CREATE OR REPLACE TRIGGER no_truncate BEFORE TRUNCATE ON {history} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ]


class KeepHistory(migrations.RunSQL):
    """Fill simple-history's table by triggers; company NOT NULL, tenant key, policy, read-only for the application."""

    def __init__(self, table: str, history: str) -> None:
        self._args = [table, history]
        create, drop = _triggers(
            table, "y_history", f"{table}_keep_history", (), "insert update delete"
        )
        company = "NULLIF(current_setting('app.company_id', true), '')::bigint"
        prepare = [
            f"ALTER TABLE {history} ALTER COLUMN company_id SET NOT NULL",
            f"ALTER TABLE {history} DROP CONSTRAINT {history}_pkey, "
            f"ADD CONSTRAINT {history}_pkey PRIMARY KEY (company_id, history_id)",
            f"CREATE INDEX {history}_row ON {history} (company_id, id, history_date DESC)",
            f"ALTER TABLE {history} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {history} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant ON {history} USING (company_id = {company}) "
            f"WITH CHECK (company_id = {company})",
            f"REVOKE INSERT, UPDATE, DELETE ON {history} FROM app_web",
            f"GRANT INSERT, SELECT ON {history} TO app_sec",
            *history_append_only(history),
            f"SELECT audit_build_history('{table}', '{history}')",
        ]
        drop.append(f"SET LOCAL ROLE app_sec; DROP FUNCTION {table}_keep_history(); RESET ROLE")
        super().__init__(sql=[*prepare, *create], reverse_sql=drop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, self._args, {}


class RebuildHistory(migrations.RunSQL):
    """Write the history function of a table anew after its columns changed: it names each of them."""

    def __init__(self, table: str, history: str) -> None:
        self._args = [table, history]
        create, _drop = _triggers(
            table, "y_history", f"{table}_keep_history", (), "insert update delete"
        )
        super().__init__(
            sql=[
                # it belongs to app_sec; its triggers go with it
                f"SET LOCAL ROLE app_sec; DROP FUNCTION {table}_keep_history() CASCADE; RESET ROLE",
                f"SELECT audit_build_history('{table}', '{history}')",
                *create,
            ],
            reverse_sql=migrations.RunSQL.noop,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, self._args, {}


class KeepTrail(migrations.RunSQL):
    """Give a table that allocations settle one function for trail and history of its updates.

    To be repeated, instead of RebuildHistory, after columns of the table changed: the functions name each of them.
    """

    def __init__(self, table: str, history: str, entity: str) -> None:
        self._args = [table, history, entity]
        kept, _drop = _triggers(table, "y_history", f"{table}_keep_history", (), "insert delete")
        trail, _drop = _triggers(table, "z_audit", f"{table}_keep_trail", (entity,), "update")
        before, _drop = _triggers(
            table, "z_audit", "audit_row_changes", (entity, "updated_at,version", ""), "update"
        )
        whole, _drop = _triggers(table, "y_history", f"{table}_keep_history", (), "update")
        super().__init__(
            sql=[
                # they belong to app_sec; their triggers go with them
                f"SET LOCAL ROLE app_sec; DROP FUNCTION {table}_keep_history() CASCADE; "
                f"DROP FUNCTION IF EXISTS {table}_keep_trail() CASCADE; RESET ROLE",
                f"SELECT audit_build_history('{table}', '{history}')",
                f"SELECT audit_build_trail('{table}', '{history}')",
                f"DROP TRIGGER IF EXISTS z_audit_update ON {table}",
                *kept,
                *trail,
            ],
            reverse_sql=[
                f"SET LOCAL ROLE app_sec; DROP FUNCTION {table}_keep_trail() CASCADE; RESET ROLE",
                *before,
                *whole,
            ],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, self._args, {}
