"""Raw SQL against the database's own rules: what a mistake, another program or an attacker would send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction


def run(sql: str, params: Any = None) -> int:
    """Execute one statement as the application role; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def value(sql: str, params: Any = None) -> Any:
    """Return the first value of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return row[0] if row else None


def check_now() -> None:
    """Run the checks that wait for commit."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def _checked() -> Iterator[None]:
    yield
    check_now()


@contextmanager
def refused(constraint: str = "", *, match: str = "") -> Iterator[None]:
    """Expect the block, or its commit, to be refused by the named rule; everything in it is undone."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), _checked():
        yield
    cause = caught.value.__cause__
    named = getattr(getattr(cause, "diag", None), "constraint_name", "") or ""
    if constraint:
        assert named == constraint, f"refused by {named or caught.value}"
    if match:
        assert match in str(caught.value)


STATE = """
    SELECT jsonb_build_object(
        'invoices', (SELECT jsonb_agg(to_jsonb(t) ORDER BY id) FROM ar_invoice t),
        'lines', (SELECT jsonb_agg(to_jsonb(t) ORDER BY id) FROM ar_invoiceline t),
        'credit notes', (SELECT jsonb_agg(to_jsonb(t) ORDER BY id) FROM ar_creditnote t),
        'entries', (SELECT count(*) FROM ledger_journalentry),
        'journal lines', (SELECT count(*) FROM ledger_journalline),
        'balances', (SELECT jsonb_agg(to_jsonb(t) ORDER BY id) FROM ledger_accountbalance t),
        'payments', (SELECT jsonb_agg(to_jsonb(t) ORDER BY id) FROM payments_payment t),
        'allocations', (SELECT count(*) FROM payments_allocation),
        'numbers', (SELECT jsonb_agg(to_jsonb(t) ORDER BY id) FROM documents_numbersequence t),
        'summary', (SELECT jsonb_agg(to_jsonb(t) ORDER BY id) FROM documents_documentsummary t),
        'snapshots', (SELECT jsonb_agg(to_jsonb(t) ORDER BY id) FROM commissions_commissionsnapshot t),
        'audit', (SELECT count(*) FROM audit_log))::text
"""


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Assert that the block leaves every document, number, entry and audit row of the company as it was."""
    before = value(STATE)
    yield
    assert value(STATE) == before


@contextmanager
def refuses(
    error: type[Exception], *, field: str | None = None, code: str | None = None
) -> Iterator[None]:
    """Expect a service to refuse by this rule, naming the field, and to leave nothing behind."""
    with nothing_changes(), pytest.raises(error) as caught, transaction.atomic():
        yield
    raised: Any = caught.value
    errors = getattr(raised, "errors", [raised])
    if field is not None:
        assert field in [e.field for e in errors]
    if code is not None:
        assert code in [e.code for e in errors]
