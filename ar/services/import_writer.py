"""Write a batch of imported documents: four COPYs into temporary tables, then one INSERT for each table.

COPY cannot write into tables under row-level security; the INSERTs pass every policy, guard and audit trigger. Lines go
before their headers (the line guard lets lines join no posted document), journals before the documents they belong to.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from ar.services.import_rows import Batch
from core.plans import plans_by_key, plans_forget
from tenancy.context import current_actor_id, current_company_id

# Column types are those of the tables written to: values are checked once, on their way in.
_TABLES = """
CREATE TEMP TABLE IF NOT EXISTS import_line (
    id uuid, is_credit boolean, document_id uuid, position integer, item_id uuid, item_code varchar(60), description varchar(500),
    quantity numeric(19,6), unit_price numeric(19,6), discount_percent numeric(7,4), discount_amount numeric(19,4),
    tax_category varchar(1), tax_rate numeric(7,4), tax_code varchar(12), net_amount numeric(19,4),
    tax_amount numeric(19,4))
    ON COMMIT {at_commit};
CREATE TEMP TABLE IF NOT EXISTS import_header (
    is_credit boolean, id uuid, number varchar(60), external_id varchar(120), status varchar(16), issue_date date,
    due_date date, issued_at timestamptz, customer_id uuid, subtotal numeric(19,4), tax_amount numeric(19,4),
    total numeric(19,4), tax_breakdown jsonb, line_count integer, commission_base numeric(19,4), buyer jsonb)
    ON COMMIT {at_commit};
CREATE TEMP TABLE IF NOT EXISTS import_entry (
    id uuid, date date, book varchar(3), kind varchar(12), source_kind varchar(40), source_id uuid,
    source_number varchar(60), purpose varchar(30), description varchar(300), line_count integer, total numeric(19,4))
    ON COMMIT {at_commit};
CREATE TEMP TABLE IF NOT EXISTS import_journal_line (
    id uuid, entry_id uuid, position integer, account_id uuid, date date, debit numeric(19,4), credit numeric(19,4),
    amount_currency numeric(19,4), party_kind varchar(12), party_id uuid, tax_code varchar(12),
    taxable_amount numeric(19,4)) ON COMMIT {at_commit};
"""

# Writers move the same kept balances: the second waits for the first one's commit, longer than a page would.
# A batch's rows, grouped for its audit, are to stay in memory.
_SETTINGS = """
SET LOCAL lock_timeout = '60s';
SET LOCAL statement_timeout = '120s';
SET LOCAL work_mem = '64MB'
"""

_LINES = """
INSERT INTO {table} (id, company_id, document_id, position, item_id, item_code, description, description_arabic, quantity,
    unit, unit_price, discount_percent, discount_amount, tax_category, tax_rate, tax_code, net_amount, tax_amount,
    gross_amount)
SELECT id, %(company)s, document_id, position, item_id, item_code, description, '', quantity, %(unit)s, unit_price,
    discount_percent, discount_amount, tax_category, tax_rate, tax_code, net_amount, tax_amount,
    net_amount + tax_amount
FROM import_line WHERE is_credit = %(credit)s
"""

_HEADERS = """
INSERT INTO {table} (id, company_id, branch_id, number, series, external_id, status, version, issue_date, due_date,
    issued_at, currency, exchange_rate, prices_include_tax, reference, notes, notes_arabic, document_discount, subtotal,
    tax_amount, total, tax_breakdown, line_count, base_total, base_tax_amount, allocated_amount, is_locked, seller, buyer,
    posted_at, posted_by_id, created_by_id, created_at, updated_at, customer_id{columns})
SELECT id, %(company)s, %(branch)s, number, '', external_id, status, 1, issue_date, due_date,
    CASE WHEN status <> 'draft' THEN issued_at END, %(currency)s, 1, false, '', '', '', 0, subtotal,
    tax_amount, total, tax_breakdown, line_count, CASE WHEN status <> 'draft' THEN total ELSE 0 END,
    CASE WHEN status <> 'draft' THEN tax_amount ELSE 0 END, 0, false,
    CASE WHEN status <> 'draft' THEN %(seller)s::jsonb ELSE '{{}}' END,
    CASE WHEN status <> 'draft' THEN buyer ELSE '{{}}' END,
    CASE WHEN status <> 'draft' THEN now() END, CASE WHEN status <> 'draft' THEN %(actor)s::bigint END,
    %(actor)s::bigint, now(), now(), customer_id{values}
FROM import_header WHERE is_credit = %(credit)s
"""

_ENTRIES = """
INSERT INTO ledger_journalentry (id, company_id, date, period_id, book, kind, source_kind, source_id, source_number,
    purpose, description, currency, rate, line_count, total, posted_at, posted_by_id)
SELECT id, %(company)s, date, id, book, kind, source_kind, source_id, source_number, purpose, description, %(currency)s, 1,
    line_count, total, now(), %(actor)s::bigint
FROM import_entry
"""

_JOURNAL_LINES = """
INSERT INTO ledger_journalline (id, company_id, entry_id, position, account_id, date, debit, credit, currency,
    amount_currency, party_kind, party_id, tax_code, taxable_amount, description)
SELECT id, %(company)s, entry_id, position, account_id, date, debit, credit, %(currency)s, amount_currency, party_kind,
    party_id, tax_code, taxable_amount, ''
FROM import_journal_line
"""

_INVOICE = {
    "lines": _LINES.format(table="ar_invoiceline"),
    "headers": _HEADERS.format(
        table="ar_invoice",
        columns=", commission_base, paid_at",
        values=", CASE WHEN status <> 'draft' THEN commission_base ELSE 0 END, "
        "CASE WHEN status = 'paid' THEN now() END",
    ),
}
_CREDIT_NOTE = {
    "lines": _LINES.format(table="ar_creditnoteline"),
    "headers": _HEADERS.format(table="ar_creditnote", columns=", reason", values=", ''"),
}
_KINDS = ((_INVOICE, False), (_CREDIT_NOTE, True))


@dataclass(frozen=True, slots=True)
class WriterContext:
    """What every row of an import has in common."""

    branch_id: uuid.UUID
    currency: str
    seller: dict[str, str]
    unit: str = "pcs"


def _copy(cursor: Any, table: str, rows: Sequence[str]) -> None:
    if rows:
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write("".join(rows).encode())


def writer_begin() -> None:
    """Make ready a connection that writes many batches: the tables they go through, and no plans of other days."""
    with connection.cursor() as cursor:
        plans_forget(cursor)
        cursor.execute(_TABLES.format(at_commit="DELETE ROWS"))


def writer_end() -> None:
    """Close the connection, which a pool may hand to others."""
    try:
        if connection.is_usable():
            with connection.cursor() as cursor:
                plans_forget(cursor)
                cursor.execute("DISCARD TEMP")
    finally:
        connection.close()


def write_batch(batch: Batch, context: WriterContext) -> None:
    """Write all rows of a batch in one transaction of its own, or none of them; writer_begin came before."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        _write(cursor, batch, context)


def write_batch_within(batch: Batch, context: WriterContext) -> None:
    """Write all rows of a batch as a part of the transaction that is open."""
    with connection.cursor() as cursor:
        plans_forget(cursor)
        cursor.execute(_TABLES.format(at_commit="DROP"))
        cursor.execute("TRUNCATE import_line, import_header, import_entry, import_journal_line")
        _write(cursor, batch, context)


def _write(cursor: Any, batch: Batch, context: WriterContext) -> None:
    parameters: dict[str, Any] = {
        "company": current_company_id(),
        "actor": current_actor_id(),
        "branch": context.branch_id,
        "currency": context.currency,
        "unit": context.unit,
        "seller": json.dumps(context.seller),
    }
    cursor.execute(_SETTINGS)
    plans_by_key(cursor)
    _copy(cursor, "import_line", batch.lines)
    _copy(cursor, "import_header", batch.headers)
    _copy(cursor, "import_entry", batch.entries)
    _copy(cursor, "import_journal_line", batch.journal_lines)
    for statements, credit in _KINDS:
        cursor.execute(statements["lines"], {**parameters, "credit": credit})
    # the bulk of the work is done; from here on rows are locked that every import and posting moves: kept balances
    cursor.execute(
        "SET CONSTRAINTS ar_invoiceline_item_tenant_fk, ar_creditnoteline_item_tenant_fk IMMEDIATE"
    )
    if batch.entries:
        cursor.execute(_ENTRIES, parameters)
        cursor.execute(_JOURNAL_LINES, parameters)
    for statements, credit in _KINDS:
        cursor.execute(statements["headers"], {**parameters, "credit": credit})
