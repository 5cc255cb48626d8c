"""The jobs that must not grow with the company: lists, search, trial balance; and the bulk import."""

from __future__ import annotations

import datetime as dt
import os
import resource
import time
from pathlib import Path

from django.db import transaction

from api.cursors import cursor_written
from ar.imports.columns import ImportRules
from ar.imports.layouts import ONLINE_RETAIL
from ar.services.imports import ImportOptions, import_file
from bench.import_floor import import_floor
from bench.table import Row, Table, side_by_side
from bench.volume import Volume
from bench.world import TODAY, World, owner_connection
from config.env import PROJECT_ROOT

_PAGE = (
    "SELECT i.id, i.number, i.status, i.issue_date, i.total, i.open_amount, c.name FROM ar_invoice i "
    "JOIN ar_customer c ON c.company_id = i.company_id AND c.id = i.customer_id WHERE i.company_id = %s "
)

#: What an answer with one invoice holds: its parties and people, lines, payments and commissions.
_WHOLE = (
    "SELECT i.*, c.*, u.full_name, s.full_name FROM ar_invoice i "
    "JOIN ar_customer c ON c.company_id = i.company_id AND c.id = i.customer_id "
    "LEFT JOIN tenancy_user u ON u.id = i.created_by_id LEFT JOIN tenancy_user s ON s.id = i.salesperson_id "
    "WHERE i.company_id = %s AND i.id = %s",
    "SELECT * FROM ar_invoiceline WHERE company_id = %s AND document_id = %s ORDER BY position",
    "SELECT * FROM payments_allocation WHERE company_id = %s AND invoice_id = %s",
    "SELECT * FROM commissions_commissionsnapshot WHERE company_id = %s AND invoice_id = %s",
)


def lists(*, sizes: tuple[int, ...], rounds: int) -> Table:
    """List pages, by key, search, at each size."""
    table = Table("Lists through the API (20 rows)")
    for size in sizes:
        world = Volume(size)
        company = world.company.pk
        floor = owner_connection(company)
        newest = _PAGE + "ORDER BY i.issue_date DESC, i.id DESC LIMIT 20 OFFSET %s"
        number = f"V-{size // 2:07d}"
        key = floor.execute(
            "SELECT issue_date, id FROM ar_invoice WHERE company_id = %s AND number = %s",
            [company, number],
        ).fetchone()
        assert key is not None
        cursor = cursor_written(key)

        def fetch(sql: str, *parameters: object, floor=floor) -> None:
            floor.execute(sql, parameters).fetchall()

        for what, path, sql, parameters in (
            ("page 1", "invoices", newest, (company, 0)),
            ("page 500", "invoices?page=500", newest, (company, 9980)),
            (
                "by key (the 20 behind the middle one)",
                f"invoices?cursor={cursor}",
                _PAGE
                + "AND (i.issue_date, i.id) < (%s, %s) ORDER BY i.issue_date DESC, i.id DESC LIMIT 20",
                (company, *key),
            ),
            ("search", f"invoices?search={number}", _PAGE + "AND i.number = %s", (company, number)),
        ):
            table.rows.append(
                side_by_side(
                    f"{what} at {size:,}",
                    floor=lambda sql=sql, parameters=parameters: fetch(sql, *parameters),
                    ours=lambda path=path, world=world: world.get(path),
                    rounds=rounds,
                    target="<= 7x; page 1 and by key within 1.3x of 26,000",
                )
            )
        table.rows.append(
            side_by_side(
                f"one whole invoice at {size:,}",
                floor=lambda key=key, company=company, fetch=fetch: [
                    fetch(sql, company, key[1]) for sql in _WHOLE
                ],
                ours=lambda key=key, world=world: world.get(f"invoices/{key[1]}"),
                rounds=rounds,
                target="within 1.3x of 26,000",
            )
        )
        floor.close()
    return table


def balance(*, sizes: tuple[int, ...], rounds: int) -> Table:
    """Trial balance at each size."""
    table = Table("Trial balance from kept balances")
    for size in sizes:
        world = Volume(size)
        company = world.company.pk
        floor = owner_connection(company)
        table.rows.append(
            side_by_side(
                f"{size:,} invoices",
                floor=lambda floor=floor, company=company: floor.execute(
                    "SELECT a.code, sum(b.debit), sum(b.credit) FROM ledger_accountbalance b JOIN ledger_account a "
                    "ON a.company_id = b.company_id AND a.id = b.account_id WHERE b.company_id = %s GROUP BY 1",
                    [company],
                ).fetchall(),
                ours=lambda world=world: world.get(f"reports/trial-balance?as_of={TODAY}"),
                rounds=rounds,
                target="the same at both sizes, < 10 ms",
            )
        )
        floor.close()
    return table


#: What the report shows, written straight against the table: by customer and age, at carrying amount.
_AGED = (
    "SELECT c.code, c.name, width_bucket(%s::date - i.due_date, ARRAY[1, 31, 61, 91]), sum(i.base_total - i.allocated_base) "
    "FROM ar_invoice i JOIN ar_customer c ON c.company_id = i.company_id AND c.id = i.customer_id "
    "WHERE i.company_id = %s AND i.status IN ('posted', 'partially_paid') AND i.issue_date <= %s::date GROUP BY 1, 2, 3"
)


def ageing(*, sizes: tuple[int, ...], rounds: int) -> Table:
    """Aged receivables at each size, all invoices open: the worst case."""
    table = Table(
        "Aged receivables, every invoice open (floor: one GROUP BY over the open invoices)"
    )
    for size in sizes:
        world = Volume(size)
        company = world.company.pk
        floor = owner_connection(company)
        table.rows.append(
            side_by_side(
                f"{size:,} invoices",
                floor=lambda floor=floor, company=company: floor.execute(
                    _AGED, [TODAY, company, TODAY]
                ).fetchall(),
                ours=lambda world=world: world.get(f"reports/aged-receivables?as_of={TODAY}"),
                rounds=rounds,
                target="<= 1.5x, < 100 ms",
            )
        )
        floor.close()
    return table


def _data() -> Path | None:
    folder = Path(os.environ.get("MIZAN_SHARED") or PROJECT_ROOT.parent / "shared")
    file = folder / "data" / "online-retail" / "lines.csv.gz"
    return file if file.is_file() else None


def imports(*, quick: bool) -> Table:
    """Import and post real months, beside both floors: COPY of as many rows, and the same with audit and balances."""
    table = Table("Import and post the real retailer")
    file = _data()
    if file is None:
        table.notes.append("Skipped: set MIZAN_SHARED to the folder of the real data.")
        return table
    slices = [("first month", dt.date(2010, 12, 23))] + (
        [] if quick else [("whole year", dt.date(2011, 12, 31))]
    )
    for what, last in slices:
        world = World()
        with world.scope():
            started = time.perf_counter()
            result = import_file(
                file, ImportOptions(ONLINE_RETAIL, ImportRules("SAR", 15, None, last), post=True)
            )
            seconds = time.perf_counter() - started
        for beside, is_audited, target in (
            ("COPY alone", False, ""),
            ("COPY, audit rows and kept balances", True, ">= 1,300 documents/s, <= 2x"),
        ):
            floor = import_floor(file, last, world, is_audited=is_audited)
            table.rows.append(
                Row(
                    f"{what}: {result.documents:,} documents, {result.lines:,} lines, beside {beside}",
                    floor * 1000,
                    seconds * 1000,
                    0,
                    target,
                    seconds * 1000,
                )
            )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        table.notes.append(
            f"{what}: {result.documents / seconds:,.0f} documents/s, {result.lines / seconds:,.0f} lines/s, "
            f"gross {result.gross}, refused {result.rejected}, largest memory {memory} MB."
        )
        with world.scope(), transaction.atomic():
            pass
    return table
