"""The catalogue test of exactness and trail: columns hold what they say, and their changes are noted.

It asks PostgreSQL, not the models: a table made by SQL is found as well (RR-10, reliability.md parts 2 and 4).
"""

import pytest

from tests.catalogue import (
    NOT_AUDITED,
    ask,
    company_tables,
    is_partition_of_the_log,
    tables,
)

pytestmark = pytest.mark.django_db


def test_no_column_is_a_binary_fraction():
    rows = ask(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type IN ('real', 'double precision', 'money') AND table_name = ANY(%s)",
        [tables()],
    )

    assert rows == []


def test_no_numeric_column_of_a_company_takes_not_a_number():
    """NaN passes CHECK (x > 0), so each column needs a rule that names it (L8)."""
    columns = ask(
        """
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relname = ANY(%s) AND a.atttypid = 'numeric'::regtype AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attgenerated = ''
        """,
        [[*company_tables(), "tenancy_company"]],
    )
    checks = ask(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
    )
    unguarded = []
    for table, column in columns:
        if "_historical" in table:
            continue  # copies of checked rows, made by a trigger; nobody else may insert
        texts = [text for owner, text in checks if owner == table]
        named = f"{column} <> 'NaN'::numeric"
        listed = f"{column} = ANY (ARRAY["
        derived = f"({column} = (commission_amount - tax_amount))"
        if not any(named in text or listed in text or derived in text for text in texts):
            unguarded.append(f"{table}.{column}")

    assert unguarded == []


def test_numeric_columns_have_fixed_digits():
    rows = ask(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type = 'numeric' AND numeric_precision IS NULL AND table_name = ANY(%s)",
        [tables()],
    )

    assert rows == []


def test_every_company_table_is_audited_or_listed_with_its_reason():
    audited = {
        table
        for (table,) in ask(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'z\\_audit\\_%%'"
        )
    }
    unaudited = {
        table
        for table in company_tables()
        if table not in audited and not is_partition_of_the_log(table)
    }

    unexplained = unaudited - set(NOT_AUDITED)
    assert set(NOT_AUDITED) <= set(company_tables()), "A reason for a table that is gone."
    assert unexplained == set(), (
        "Add AuditTable or AuditLines to the migration, or a reason to NOT_AUDITED."
    )


def test_audited_tables_note_every_kind_of_change_that_is_possible():
    """Tables that allow updates and deletions are audited for them as well."""
    rows = ask(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'z\\_audit\\_%%'"
    )
    seen: dict[str, set[str]] = {}
    for table, name in rows:
        seen.setdefault(table, set()).add(name.removeprefix("z_audit_"))
    append_only = {
        "ledger_journalentry": {"insert"},
        "payments_allocation": {"insert"},
        # the counter moves with each posted document, which is audited itself
        "documents_numbersequence": {"insert"},
        # an import's progress is not an event; what it writes is audited row by row
        "ar_importjob": {"insert"},
        "ap_billimportjob": {"insert"},
        "reports_exportjob": {"insert"},
        # typing is not an event
        "documents_draft": {"insert", "delete"},
        # what a bank says is frozen; the statement's entry stands for its lines, which may be thousands
        "payments_bankstatement": {"insert", "delete"},
        "payments_bankline": {"delete"},
        # undone, never deleted
        "payments_bankmatch": {"insert", "update"},
        "payments_bankmatchitem": {"insert", "update"},
    }
    for table, events in seen.items():
        assert events == append_only.get(table, {"insert", "update", "delete"}), table
