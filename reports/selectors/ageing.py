"""Open items of a side as of any day, by party and age (accounting.md section 11). Constant statements.

What was open at the end of a day = what is open now, plus what was settled after that day, of documents dated until
then. So a report of last December reads today's open items and the settlements since, never every document.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import connection

from ledger.selectors.balances import account_totals
from tenancy.context import current_company_id

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Side:
    """Receivables or payables: where their items are kept."""

    key: str
    party: str
    parties: str
    document: str
    document_key: str
    credit: str
    credit_key: str
    #: Direction of the money that settles documents; the other one pays credits back.
    settles: str
    roles: tuple[str, ...]
    document_kind: str
    credit_kind: str


RECEIVABLE = Side(
    "receivables",
    "customer_id",
    "ar_customer",
    "ar_invoice",
    "invoice_id",
    "ar_creditnote",
    "credit_note_id",
    "in",
    ("ar_control",),
    "ar.invoice",
    "ar.credit_note",
)
PAYABLE = Side(
    "payables",
    "supplier_id",
    "ap_supplier",
    "ap_bill",
    "bill_id",
    "ap_suppliercredit",
    "supplier_credit_id",
    "out",
    ("ap_control", "supplier_advances"),
    "ap.bill",
    "ap.supplier_credit",
)


@dataclass(frozen=True, slots=True)
class Aged:
    """What a party owes (or is owed) by age; `credit` is on account and not netted. Positive: open in our books."""

    party_id: uuid.UUID
    code: str
    name: str
    name_arabic: str
    buckets: tuple[Decimal, ...]
    credit: Decimal
    total: Decimal


# {whole} less {settled}: what is left of a document or payment; {relieved}, {used}: what an allocation took off it. In
# base currency at carrying amount, or in the documents' own currency when one is asked for. {named}, {credited} and
# {moved} name the items where each is shown; sums leave them out, so that the index of open items answers alone.
_BRANCHES = (
    """SELECT {named} d.{party} AS party, d.issue_date AS day, d.due_date AS due,
           d.{whole} - d.{settled} AS amount, false AS is_credit
    FROM {document} d
    WHERE d.company_id = %(company)s AND d.status IN ('posted', 'partially_paid') AND d.issue_date <= %(as_of)s {d}""",
    """SELECT {named} d.{party} AS party, d.issue_date AS day, d.due_date AS due, a.{relieved} AS amount, false AS is_credit
    FROM payments_allocation a JOIN {document} d ON d.company_id = a.company_id AND d.id = a.{document_key}
    WHERE a.company_id = %(company)s AND a.date > %(as_of)s AND d.issue_date <= %(as_of)s {d}""",
    """SELECT {credited} d.{party} AS party, d.issue_date AS day, d.issue_date AS due,
           d.{whole} - d.{settled} AS amount, true AS is_credit
    FROM {credit} d
    WHERE d.company_id = %(company)s AND d.status IN ('posted', 'partially_paid') AND d.issue_date <= %(as_of)s {d}""",
    """SELECT {credited} d.{party} AS party, d.issue_date AS day, d.issue_date AS due, a.{used} AS amount, true AS is_credit
    FROM payments_allocation a JOIN {credit} d ON d.company_id = a.company_id AND d.id = a.{credit_key}
    WHERE a.company_id = %(company)s AND a.date > %(as_of)s AND d.issue_date <= %(as_of)s {d}""",
    """SELECT {moved} p.{party} AS party, p.date AS day, p.date AS due, {paid} - p.{settled} AS amount,
           p.direction = '{settles}' AS is_credit
    FROM payments_payment p
    WHERE p.company_id = %(company)s AND p.status = 'posted' AND p.open_amount > 0 AND p.{party} IS NOT NULL
      AND p.date <= %(as_of)s {p}""",
    """SELECT {moved} p.{party} AS party, p.date AS day, p.date AS due, {paid} AS amount,
           p.direction = '{settles}' AS is_credit
    FROM payments_payment p
    WHERE p.company_id = %(company)s AND p.status = 'void' AND p.void_date > %(as_of)s AND p.{party} IS NOT NULL
      AND p.date <= %(as_of)s {p}""",
    """SELECT {moved} p.{party} AS party, p.date AS day, p.date AS due, a.{used} AS amount, true AS is_credit
    FROM payments_allocation a JOIN payments_payment p ON p.company_id = a.company_id AND p.id = a.payment_id
    WHERE a.company_id = %(company)s AND a.date > %(as_of)s AND p.{party} IS NOT NULL AND p.date <= %(as_of)s {p}""",
    """SELECT {moved} p.{party} AS party, p.date AS day, p.date AS due, a.{relieved} AS amount, false AS is_credit
    FROM payments_allocation a JOIN payments_payment p ON p.company_id = a.company_id AND p.id = a.refund_id
    WHERE a.company_id = %(company)s AND a.date > %(as_of)s AND p.{party} IS NOT NULL AND p.date <= %(as_of)s {p}""",
)
# Each branch is summed by itself, in one walk along the index of open items by party: no row is sorted, and a quarter of a
# million rows pass through one node less than they would together.
_SUM = """SELECT i.party, {sums}
    FROM ({branch}) AS i GROUP BY 1"""
_AGED = """
SELECT c.id, c.code, c.name, c.name_arabic, {totals}
FROM (SELECT party, {wholes} FROM ({items}) AS parts GROUP BY 1) AS s
JOIN {parties} c ON c.company_id = %(company)s AND c.id = s.party
ORDER BY c.code, c.id
"""
_UNION = " UNION ALL "


def _named(side: Side, filled: dict[str, str]) -> dict[str, str]:
    """Return the columns that name an item: id, kind, number, whole amount."""
    whole, paid = filled["whole"], filled["paid"]
    return {
        "named": f"d.id, '{side.document_kind}'::text AS kind, d.number::text AS number, d.{whole} AS whole,",
        "credited": f"d.id, '{side.credit_kind}'::text, d.number::text, d.{whole},",
        "moved": f"p.id, 'payments.payment'::text, p.number::text, {paid},",
    }


def _filled(
    side: Side,
    *,
    currency: str,
    party_id: uuid.UUID | None,
    with_advances: bool = True,
    with_names: bool = False,
) -> dict[str, str]:
    own = bool(currency)
    also = " AND {0}.currency = %(currency)s" if own else ""
    if party_id is not None:
        also += f" AND {{0}}.{side.party} = %(party)s"
    filled = {
        "party": side.party,
        "document": side.document,
        "document_key": side.document_key,
        "credit": side.credit,
        "credit_key": side.credit_key,
        "settles": side.settles,
        "whole": "total" if own else "base_total",
        "settled": "allocated_amount" if own else "allocated_base",
        "relieved": "amount" if own else "base_amount",
        "used": "source_amount" if own else "source_base_amount",
        "paid": "(p.amount + p.withholding_tax)" if own else "(p.base_amount + p.base_withholding)",
        "d": also.format("d"),
        "p": also.format("p") + ("" if with_advances else " AND NOT p.is_advance"),
        "named": "",
        "credited": "",
        "moved": "",
    }
    return filled | (_named(side, filled) if with_names else {})


def _values(
    as_of: dt.date, bounds: Sequence[int], currency: str, party_id: uuid.UUID | None
) -> dict[str, Any]:
    return {
        "company": current_company_id(),
        "as_of": as_of,
        **{f"day_{index}": as_of - dt.timedelta(days=bound) for index, bound in enumerate(bounds)},
        "currency": currency,
        "party": party_id,
    }


def aged(
    side: Side,
    *,
    as_of: dt.date,
    bounds: Sequence[int] = (30, 60, 90),
    by_document_date: bool = False,
    currency: str = "",
    party_id: uuid.UUID | None = None,
    with_advances: bool = True,
) -> list[Aged]:
    """Return every party with open items at the end of the day, by code. One statement.

    `with_advances` False leaves out money paid to suppliers in advance, which has an account of its own.
    Buckets: not due, then up to each bound in days, then beyond the last. Base currency at carrying amount, or with
    `currency` its documents in their own.
    """
    filled = _filled(side, currency=currency, party_id=party_id, with_advances=with_advances)
    since = "i.day" if by_document_date else "COALESCE(i.due, i.day)"
    sums = ", ".join(
        f"sum(i.amount) FILTER (WHERE {one}) AS sum_{index}"
        for index, one in enumerate(_conditions(since, len(bounds)))
    )
    names = [f"sum_{index}" for index in range(len(bounds) + 3)]
    sql = _AGED.format(
        totals=", ".join(f"COALESCE(s.{name}, 0)" for name in names),
        wholes=", ".join(f"sum({name}) AS {name}" for name in names),
        items=_UNION.join(_SUM.format(sums=sums, branch=one.format(**filled)) for one in _BRANCHES),
        parties=side.parties,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(as_of, bounds, currency, party_id))
        return [
            Aged(key, code, name, arabic, tuple(buckets), credit, sum(buckets, ZERO) - credit)
            for key, code, name, arabic, *buckets, credit in cursor.fetchall()
            if credit or any(buckets)
        ]


def _conditions(since: str, bounds: int) -> list[str]:
    """Return the condition of each bucket, by the day its items count from; the last one is credit on account."""
    ends = ["%(as_of)s", *(f"%(day_{index})s" for index in range(bounds))]
    # most items that stay open are old: they fail the first comparison
    between = [f"{since} >= {begin} AND {since} < {end}" for end, begin in pairwise(ends)]
    ages = [f"{since} >= {ends[0]}", *between, f"{since} < {ends[-1]}"]
    return [*(f"NOT i.is_credit AND {one}" for one in ages), "i.is_credit"]


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One document or payment with something left at the end of a day. Credits have a negative `amount`."""

    party_id: uuid.UUID
    code: str
    name: str
    name_arabic: str
    id: uuid.UUID
    kind: str
    number: str
    date: dt.date
    due_date: dt.date
    age: int
    whole: Decimal
    amount: Decimal


_OPEN_ITEMS = """
SELECT c.id, c.code, c.name, c.name_arabic, i.id, i.kind, i.number, i.day, coalesce(i.due, i.day),
       %(as_of)s::date - {since}, i.whole * i.sign, i.amount
FROM (SELECT party, id, kind, number, day, due, whole, CASE WHEN is_credit THEN -1 ELSE 1 END AS sign,
             sum(CASE WHEN is_credit THEN -amount ELSE amount END) AS amount
      FROM ({items}) AS parts GROUP BY party, id, kind, number, day, due, whole, is_credit) AS i
JOIN {parties} c ON c.company_id = %(company)s AND c.id = i.party
WHERE i.amount <> 0
ORDER BY c.code, c.id, coalesce(i.due, i.day), i.day, i.number
"""


def open_items(
    side: Side,
    *,
    as_of: dt.date,
    by_document_date: bool = False,
    currency: str = "",
    party_id: uuid.UUID | None = None,
) -> list[OpenItem]:
    """Return what was open at the end of the day, by party and due date. One statement."""
    filled = _filled(side, currency=currency, party_id=party_id, with_names=True)
    since = "i.day" if by_document_date else "COALESCE(i.due, i.day)"
    items = _UNION.join(one.format(**filled) for one in _BRANCHES)
    sql = _OPEN_ITEMS.format(since=since, items=items, parties=side.parties)
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(as_of, (), currency, party_id))
        return [OpenItem(*row) for row in cursor.fetchall()]


def control_balance(side: Side, as_of: dt.date) -> Decimal:
    """Return the balance of the side's control accounts at the end of the day, positive as the items are."""
    balance = sum(
        (row.balance for row in account_totals(as_of=as_of) if row.role in side.roles), ZERO
    )
    return balance if side is RECEIVABLE else -balance
