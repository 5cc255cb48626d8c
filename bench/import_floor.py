"""The floors of the import: as many rows by COPY into copies of the tables, without and with audit rows and balances."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import time
import uuid
from pathlib import Path
from typing import Any

import psycopg

from bench.floor import Floor
from bench.world import World, owner_connection

_LINES = (
    "COPY bench_floor.ar_invoiceline (id, company_id, document_id, position, item_id, item_code, description, "
    "description_arabic, quantity, unit, unit_price, discount_percent, discount_amount, tax_category, tax_rate, tax_code, "
    "net_amount, tax_amount, gross_amount) FROM STDIN"
)
_ENTRIES = (
    "COPY bench_floor.ledger_journalentry (id, company_id, date, period_id, book, kind, source_kind, source_id, "
    "source_number, purpose, description, currency, rate, line_count, total, posted_at) FROM STDIN"
)
_JOURNAL_LINES = (
    "COPY bench_floor.ledger_journalline (id, company_id, entry_id, position, account_id, date, debit, credit, currency, "
    "amount_currency, party_kind, tax_code, description) FROM STDIN"
)
_HEADERS = (
    "COPY bench_floor.ar_invoice (id, company_id, branch_id, number, series, external_id, status, version, issue_date, "
    "currency, exchange_rate, prices_include_tax, reference, notes, notes_arabic, document_discount, subtotal, tax_amount, "
    "total, tax_breakdown, line_count, base_total, base_tax_amount, allocated_amount, is_locked, seller, buyer, posted_at, "
    "created_at, updated_at, commission_base, customer_id, rate_source, rate_reason) FROM STDIN"
)

#: The audit table of ours with its indexes, without partitions, policies and its append-only guard.
_AUDIT_TABLE = """
CREATE TABLE bench_floor.audit_log (company_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    action text NOT NULL, entity_type text NOT NULL, entity_id text NOT NULL, old jsonb, new jsonb, actor_id bigint,
    role text NOT NULL DEFAULT '', source text NOT NULL DEFAULT '', cause text NOT NULL DEFAULT '',
    request_id text NOT NULL DEFAULT '', database_role text NOT NULL DEFAULT SESSION_USER,
    PRIMARY KEY (company_id, at, id));
CREATE INDEX ON bench_floor.audit_log (company_id, actor_id, at DESC);
CREATE INDEX ON bench_floor.audit_log (company_id, entity_type, entity_id, at DESC)
"""
_LINE_COLUMNS = (
    "id position item_id item_code description description_arabic quantity unit unit_price discount_percent "
    "discount_amount tax_category tax_rate tax_code net_amount tax_amount gross_amount"
)
_LINE_IMAGE = ", ".join(f"'{name}', json_agg(l.{name})" for name in _LINE_COLUMNS.split())
#: As our triggers write them: the image of each header and journal entry, and of a document's lines column by column.
_AUDITED = f"""
INSERT INTO bench_floor.audit_log (company_id, action, entity_type, entity_id, new)
SELECT company_id, 'POST', 'ar.invoice', id::text, to_jsonb(i) FROM bench_floor.ar_invoice i;
INSERT INTO bench_floor.audit_log (company_id, action, entity_type, entity_id, new)
SELECT company_id, 'CREATE', 'ledger.journal_entry', id::text, to_jsonb(e) FROM bench_floor.ledger_journalentry e;
INSERT INTO bench_floor.audit_log (company_id, action, entity_type, entity_id, new)
SELECT company_id, 'CREATE', 'ar.invoice', document_id::text,
    jsonb_build_object('lines', json_build_object({_LINE_IMAGE}))
FROM bench_floor.ar_invoiceline l GROUP BY company_id, document_id;
INSERT INTO bench_floor.ledger_accountbalance AS b
    (id, company_id, account_id, period_id, currency, debit, credit, amount_currency)
SELECT uuidv7(), l.company_id, l.account_id, e.period_id, l.currency, sum(l.debit), sum(l.credit), sum(l.amount_currency)
FROM bench_floor.ledger_journalline l JOIN bench_floor.ledger_journalentry e ON e.company_id = l.company_id AND e.id = l.entry_id
GROUP BY 2, 3, 4, 5
ON CONFLICT (company_id, account_id, period_id, currency, is_closing) DO UPDATE
SET debit = b.debit + EXCLUDED.debit, credit = b.credit + EXCLUDED.credit
"""


def import_floor(file: Path, last: dt.date, world: World, *, is_audited: bool) -> float:
    """Return the seconds that reading the file and COPYing lines, journals and headers takes, in one durable commit.

    `is_audited` adds, in the same transaction, the audit rows and kept balances: the second floor of the figures.
    """
    floor = Floor(owner_connection(world.company.pk))
    floor.run.execute(_AUDIT_TABLE)
    started = time.perf_counter()
    with floor.run.transaction(), floor.run.cursor() as cursor:
        totals, ids = _copy_lines(cursor, file, last, world)
        _copy_documents(cursor, totals, ids, last, world)
        if is_audited:
            cursor.execute(_AUDITED)
    seconds = time.perf_counter() - started
    floor.close()
    return seconds


def _copy_lines(
    cursor: psycopg.Cursor[Any], file: Path, last: dt.date, world: World
) -> tuple[dict[str, int], dict[str, uuid.UUID]]:
    """Copy the lines up to a day; return minor units and key of each document."""
    company, item = world.company.pk, world.items[0].pk
    totals: dict[str, int] = {}
    ids: dict[str, uuid.UUID] = {}
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text, cursor.copy(_LINES) as copy:
        for position, row in enumerate(csv.DictReader(text)):
            number = row["InvoiceNo"]
            if number not in totals and row["InvoiceDate"][:10] > last.isoformat():
                continue
            key = ids.get(number) or ids.setdefault(number, uuid.uuid4())
            cents = abs(round(int(row["Quantity"]) * float(row["UnitPrice"]) * 100))
            totals[number] = totals.get(number, 0) + cents
            net = f"{cents // 100}.{cents % 100:02d}"
            quantity, price = row["Quantity"].lstrip("-"), row["UnitPrice"].lstrip("-")
            copy.write(
                f"{uuid.uuid4()}\t{company}\t{key}\t{position}\t{item}\t{row['StockCode']}\t"
                f"{row['Description'].strip() or '-'}\t\t{quantity}\tpcs\t{price}\t0\t0\tS\t15\tS15\t{net}\t0\t{net}\n"
            )
    return totals, ids


def _copy_documents(
    cursor: psycopg.Cursor[Any],
    totals: dict[str, int],
    ids: dict[str, uuid.UUID],
    last: dt.date,
    world: World,
) -> None:
    company, now = world.company.pk, dt.datetime.now(dt.UTC)
    item, customer = world.items[0].pk, world.customer.pk
    amounts = {
        number: f"{max(cents, 1) // 100}.{max(cents, 1) % 100:02d}"
        for number, cents in totals.items()
    }
    entries = {number: uuid.uuid4() for number in totals}
    with cursor.copy(_ENTRIES) as copy:
        for number, amount in amounts.items():
            copy.write(
                f"{entries[number]}\t{company}\t{last}\t{item}\tSAL\tnormal\tar.invoice\t{ids[number]}\t{number}\tpost\t\t"
                f"SAR\t1\t3\t{amount}\t{now}\n"
            )
    with cursor.copy(_JOURNAL_LINES) as copy:
        for number, amount in amounts.items():
            for position in (1, 2, 3):
                sides = f"{amount}\t0" if position == 1 else f"0\t{amount}"
                copy.write(
                    f"{uuid.uuid4()}\t{company}\t{entries[number]}\t{position}\t{item}\t{last}\t{sides}\tSAR\t{amount}\t\t\t\n"
                )
    with cursor.copy(_HEADERS) as copy:
        for number, amount in amounts.items():
            copy.write(
                f"{ids[number]}\t{company}\t{customer}\t{number}\t\tx:{number}\tposted\t1\t{last}\tSAR\t1\tf\t\t\t\t0\t"
                f"{amount}\t0\t{amount}\t[]\t1\t{amount}\t0\t0\tf\t{{}}\t{{}}\t{now}\t{now}\t{now}\t0\t{customer}\t\t\n"
            )
