"""Migration operations that put a table under row-level security (RR-10)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

COMPANY = "NULLIF(current_setting('app.company_id', true), '')::bigint"
ACTOR = "NULLIF(current_setting('app.actor_id', true), '')::bigint"

NO_TRUNCATE = """
CREATE OR REPLACE FUNCTION tenancy_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A table of all companies is never emptied.' USING ERRCODE = '42501', CONSTRAINT = 'never_truncated';
END $$
"""


def never_truncated(table: str) -> str:
    """Return the statement that keeps a table from being truncated."""
    return (
        f"CREATE OR REPLACE TRIGGER t_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION tenancy_no_truncate()"
    )


class EnableRowSecurity(migrations.RunSQL):
    """Enable and force row-level security: a session sees and writes only its transaction's company.

    `own_rows_of` names a user column: then only that user's rows are visible (drafts).
    Also pins company_id (T6) and refuses TRUNCATE, which no policy sees: it would empty the table for every company.
    """

    def __init__(self, table: str, *, column: str = "company_id", own_rows_of: str = "") -> None:
        self.table, self.column, self.own_rows_of = table, column, own_rows_of
        test = f"{column} = {COMPANY}"
        if own_rows_of:
            test += f" AND {own_rows_of} = {ACTOR}"
        statements: list[Any] = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant ON {table} USING ({test}) WITH CHECK ({test})",
        ]
        if column == "company_id":
            statements.append(
                f"CREATE TRIGGER a_company_fixed BEFORE UPDATE OF company_id ON {table} "
                "FOR EACH ROW WHEN (OLD.company_id IS DISTINCT FROM NEW.company_id) "
                "EXECUTE FUNCTION tenancy_company_is_fixed()"
            )
        statements += [NO_TRUNCATE, never_truncated(table)]
        reverse: list[Any] = [
            f"DROP TRIGGER IF EXISTS a_company_fixed ON {table}",
            f"DROP TRIGGER IF EXISTS t_no_truncate ON {table}",
            f"DROP POLICY tenant ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]
        super().__init__(sql=statements, reverse_sql=reverse)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs: dict[str, Any] = {}
        if self.column != "company_id":
            kwargs["column"] = self.column
        if self.own_rows_of:
            kwargs["own_rows_of"] = self.own_rows_of
        return self.__class__.__name__, [self.table], kwargs


class PinSearchPath(migrations.RunSQL):
    """Make functions that guard rows read the tables of `public` and no others.

    PostgreSQL looks for a table among the session's temporary ones first. A temporary table named like a real one would
    stand in for it in every trigger function that leaves its search path open: the period would be open, the posted
    document a draft.
    """

    def __init__(self, *signatures: str) -> None:
        self.signatures = signatures
        super().__init__(
            sql=[
                f"ALTER FUNCTION {signature} SET search_path = public, pg_temp"
                for signature in signatures
            ],
            reverse_sql=[
                f"ALTER FUNCTION {signature} RESET search_path" for signature in signatures
            ],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, list(self.signatures), {}


def definer_functions(*signatures: str, grant_to: str = "app_web, app_ro") -> list[str]:
    """Return statements that make functions app_sec's own and close them to PUBLIC.

    app_sec may bypass row-level security, so each such function tests the company itself.
    """
    names = ", ".join(signatures)
    return [
        *(f"ALTER FUNCTION {signature} OWNER TO app_sec" for signature in signatures),
        "SET LOCAL ROLE app_sec",
        f"REVOKE ALL ON FUNCTION {names} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {names} TO {grant_to}, app_owner",
        "RESET ROLE",
    ]
