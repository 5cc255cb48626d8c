"""The rows behind the boxes, from posted journal lines by VAT code: the one source of the return.

For each entry and code: VAT is what stands on the code's VAT accounts; net is the taxable amount of the VAT lines, else
(no VAT line) of the other lines with the code. Sign by debit and credit. A negative net, and a debit note, is an
adjustment. What stands on a VAT account without a code of the return is listed under box 14: it belongs to no box.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from reports.vat.figures import Collected
from tenancy.context import current_company_id

SOURCE = "reports.vat_return"
INPUT_ROLES = ("vat_input", "vat_input_customs", "vat_input_rc")
OUTPUT_ROLES = ("vat_output", "vat_output_rc")
VAT_ROLES = (*OUTPUT_ROLES, *INPUT_ROLES)

_ENTRIES = """
entries AS (
    SELECT e.id, e.date, e.source_kind, e.source_id, e.source_number, e.currency, e.rate
    FROM ledger_journalentry e
    LEFT JOIN ledger_journalentry o ON o.company_id = e.company_id AND o.id = e.reverses_id
    WHERE e.company_id = %(company)s AND e.date BETWEEN %(start)s AND %(end)s
      AND e.source_kind <> 'reports.vat_return' AND NOT e.is_closing
      AND COALESCE(o.kind, e.kind) <> 'opening'
), lines AS (
    SELECT e.id AS entry_id, l.tax_code, l.debit, l.credit, l.taxable_amount, a.code AS account, a.role,
           t.direction, CASE WHEN t.box NOT IN ('', '0') THEN t.box::smallint END AS box,
           a.role IN ('vat_output', 'vat_output_rc', 'vat_input', 'vat_input_customs', 'vat_input_rc') AS is_vat,
           COALESCE(a.role = t.vat_account_role, false) AS is_main,
           COALESCE(a.role IN (t.vat_account_role, t.counter_account_role) AND a.role <> '', false) AS is_own
    FROM entries e
    JOIN ledger_journalline l ON l.company_id = %(company)s AND l.entry_id = e.id
    JOIN ledger_account a ON a.company_id = %(company)s AND a.id = l.account_id
    LEFT JOIN ledger_taxcode t ON t.company_id = %(company)s AND t.code = l.tax_code
    WHERE l.tax_code <> ''
       OR a.role IN ('vat_output', 'vat_output_rc', 'vat_input', 'vat_input_customs', 'vat_input_rc')
)
"""

_ROWS = """
WITH {entries}, signed AS (
    SELECT entry_id, tax_code, direction, box, is_vat, is_main, is_own, account,
           CASE WHEN is_vat THEN credit - debit ELSE 0 END AS due,
           CASE WHEN (direction = 'sale') = (credit > 0) THEN 1 ELSE -1 END
               * COALESCE(abs(taxable_amount), CASE WHEN is_vat THEN NULL ELSE debit + credit END) AS taxable,
           role IN ('vat_output', 'vat_output_rc') AS is_output
    FROM lines
), rows AS (
    SELECT entry_id, box, tax_code,
           COALESCE(sum(taxable) FILTER (WHERE is_main), sum(taxable) FILTER (WHERE NOT is_vat), 0) AS net,
           COALESCE(sum(due) FILTER (WHERE is_own AND is_output), 0) AS output,
           COALESCE(-sum(due) FILTER (WHERE is_own AND NOT is_output), 0) AS input
    FROM signed WHERE box IS NOT NULL AND (is_own OR NOT is_vat)
    GROUP BY entry_id, box, tax_code
    UNION ALL
    SELECT entry_id, 14, tax_code, 0, COALESCE(sum(due) FILTER (WHERE is_output), 0),
           COALESCE(-sum(due) FILTER (WHERE NOT is_output), 0)
    FROM signed WHERE is_vat AND (box IS NULL OR NOT is_own)
    GROUP BY entry_id, tax_code HAVING sum(due) <> 0
)
SELECT r.box::smallint AS box,
       r.box <> 14 AND (r.net < 0 OR (r.net = 0 AND r.output + r.input < 0)
                        OR COALESCE(i.kind = 'debit_note', false)) AS is_adjustment,
       e.id AS entry_id, e.date, e.source_kind, e.source_id, e.source_number,
       COALESCE(p.party_kind, '') AS party_kind, p.party_id,
       COALESCE(c.name, s.name, '') AS party_name, COALESCE(c.vat_number, s.vat_number, '') AS party_vat_number,
       r.tax_code, e.currency, e.rate, r.net, r.output AS output_vat, r.input AS input_vat
FROM rows r
JOIN entries e ON e.id = r.entry_id
LEFT JOIN LATERAL (
    SELECT l.party_kind, l.party_id FROM ledger_journalline l
    WHERE l.company_id = %(company)s AND l.entry_id = e.id AND l.party_id IS NOT NULL
    ORDER BY l.position LIMIT 1) AS p ON true
LEFT JOIN ar_customer c ON c.company_id = %(company)s AND c.id = p.party_id AND p.party_kind = 'customer'
LEFT JOIN ap_supplier s ON s.company_id = %(company)s AND s.id = p.party_id AND p.party_kind = 'supplier'
LEFT JOIN ar_invoice i ON i.company_id = %(company)s AND i.id = e.source_id AND e.source_kind LIKE 'ar.%%'
""".replace("{entries}", _ENTRIES)

_COLUMNS = (
    "box, is_adjustment, entry_id, date, source_kind, source_id, source_number, party_kind, party_id, "
    "party_name, party_vat_number, tax_code, currency, rate, net, output_vat, input_vat"
)

_STORE = """
INSERT INTO reports_vatreturnrow (id, company_id, vat_return_id, {columns})
SELECT uuidv7(), %(company)s::bigint, %(vat_return)s::uuid, {columns} FROM ({rows}) AS found
""".replace("{columns}", _COLUMNS).replace("{rows}", _ROWS)

_COLLECTED = """
SELECT box, is_adjustment, COALESCE(sum(net), 0), COALESCE(sum(output_vat), 0), COALESCE(sum(input_vat), 0)
FROM {rows} GROUP BY box, is_adjustment ORDER BY box, is_adjustment
"""

_LISTED = """
SELECT {columns} FROM {rows} AND (%(box)s::integer = 0 OR box = %(box)s::integer)
ORDER BY box, date, source_number, entry_id, tax_code
"""

_MOVEMENTS = """
WITH {entries}, moved AS (
    SELECT a.role, sum(l.credit - l.debit) AS due
    FROM entries e JOIN ledger_journalline l ON l.company_id = %(company)s AND l.entry_id = e.id
    JOIN ledger_account a ON a.company_id = %(company)s AND a.id = l.account_id
    WHERE a.role IN ('vat_output', 'vat_output_rc', 'vat_input', 'vat_input_customs', 'vat_input_rc')
    GROUP BY a.role
), boxed AS (
    SELECT role, sum(credit - debit) AS due FROM lines
    WHERE is_own AND box IS NOT NULL GROUP BY role
)
SELECT a.id, a.code, a.name, a.name_arabic, a.role, COALESCE(m.due, 0), COALESCE(b.due, 0)
FROM ledger_account a
LEFT JOIN moved m ON m.role = a.role LEFT JOIN boxed b ON b.role = a.role
WHERE a.company_id = %(company)s
  AND a.role IN ('vat_output', 'vat_output_rc', 'vat_input', 'vat_input_customs', 'vat_input_rc')
ORDER BY a.code
""".replace("{entries}", _ENTRIES)

_OPENING_CREDIT = """
SELECT COALESCE(sum(l.debit - l.credit), 0)
FROM ledger_journalline l
JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id
JOIN ledger_journalentry e ON e.company_id = l.company_id AND e.id = l.entry_id
WHERE l.company_id = %(company)s AND a.role = 'vat_credit' AND l.date <= %(end)s
  AND e.source_kind <> 'reports.vat_return'
"""


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """A VAT account over the period: what moved, what the boxes took of it. Positive: VAT due."""

    account_id: uuid.UUID
    code: str
    name: str
    name_arabic: str
    role: str
    movement: Decimal
    boxed: Decimal

    @property
    def difference(self) -> Decimal:
        return self.movement - self.boxed


def _values(start: dt.date, end: dt.date) -> dict[str, Any]:
    return {"company": current_company_id(), "start": start, "end": end}


def rows_store(vat_return_id: uuid.UUID, *, start: dt.date, end: dt.date) -> int:
    """Freeze the rows of a period with a return; returns how many. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, _values(start, end) | {"vat_return": vat_return_id})
        return int(cursor.rowcount)


def collected_now(*, start: dt.date, end: dt.date) -> list[Collected]:
    """Return what the journal says of the period at this moment, by box. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COLLECTED.format(rows=f"({_ROWS}) AS found"), _values(start, end))
        return [Collected(*row) for row in cursor.fetchall()]


def collected_of(vat_return_id: uuid.UUID) -> list[Collected]:
    """Return what the frozen rows of a return add up to, by box. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COLLECTED.format(
                rows="reports_vatreturnrow WHERE company_id = %(company)s AND vat_return_id = %(id)s"
            ),
            {"company": current_company_id(), "id": vat_return_id},
        )
        return [Collected(*row) for row in cursor.fetchall()]


def rows_of(
    *, vat_return_id: uuid.UUID | None, start: dt.date, end: dt.date, box: int = 0
) -> list[dict[str, Any]]:
    """Return the rows of a box, 0: all; the frozen ones of a return, else those of this moment. One statement."""
    frozen = (
        "reports_vatreturnrow WHERE company_id = %(company)s AND vat_return_id = %(vat_return)s"
    )
    source = frozen if vat_return_id else f"({_ROWS}) AS found WHERE true"
    with connection.cursor() as cursor:
        cursor.execute(
            _LISTED.format(columns=_COLUMNS, rows=source),
            _values(start, end) | {"vat_return": vat_return_id, "box": box},
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def account_checks(*, start: dt.date, end: dt.date) -> list[AccountCheck]:
    """Return each of the five VAT accounts with its movement and what the boxes took. One statement.

    Openings and the return's own journals are no movement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENTS, _values(start, end))
        return [AccountCheck(*row) for row in cursor.fetchall()]


def opening_credit(end: dt.date) -> Decimal:
    """Return the VAT credit that came from outside any return, as from the books before. Positive: a credit."""
    with connection.cursor() as cursor:
        cursor.execute(_OPENING_CREDIT, {"company": current_company_id(), "end": end})
        credit: Decimal = cursor.fetchone()[0]
        return credit
