"""Nets of posted sales less credit notes, in base currency at the frozen rate: what the revenue accounts hold.

Prepayment invoices are no revenue, nor are opening balances. A document whose lines do not add up to its base net (a
discount on the whole, prices with VAT, another currency) is shared over its lines by running sums, so that the parts
add up to what was posted.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import minor_digits
from tenancy.context import current_company_id

_SOLD = """
    SELECT d.id, 'ar.invoice' AS kind, d.number, d.issue_date AS day, d.customer_id, d.salesperson_id, d.branch_id,
           1 AS sign, d.base_total - d.base_tax_amount AS net, {plain} AS plain
    FROM ar_invoice d
    WHERE d.company_id = %(company)s AND d.status <> 'draft' AND d.kind IN ('invoice', 'debit_note')
      AND d.issue_date BETWEEN %(first)s::date AND %(last)s::date {where}
"""
_RETURNED = """
    SELECT d.id, 'ar.credit_note', d.number, d.issue_date, d.customer_id, i.salesperson_id, d.branch_id,
           -1, d.base_total - d.base_tax_amount, {plain}
    FROM ar_creditnote d LEFT JOIN ar_invoice i ON i.company_id = d.company_id AND i.id = d.invoice_id
    WHERE d.company_id = %(company)s AND d.status <> 'draft' AND i.kind IS DISTINCT FROM 'prepayment'
      AND d.issue_date BETWEEN %(first)s::date AND %(last)s::date {where_returned}
"""
_PLAIN = (
    "(d.currency = %(currency)s::text AND d.document_discount = 0 AND NOT d.prices_include_tax)"
)
_DOCUMENTS = f"{_SOLD} UNION ALL {_RETURNED}"
# the lines of a document that is not plain share its net by running sums: the last one takes what is left
_SHARED = """
    SELECT s.id, s.kind, s.number, s.day, s.customer_id, s.sign, s.item_id, s.item_code, s.description, s.quantity,
           CASE WHEN s.plain OR s.whole = 0 THEN s.net_amount
                ELSE round(s.net * s.running / s.whole, %(digits)s::int)
                     - round(s.net * (s.running - s.net_amount) / s.whole, %(digits)s::int) END AS net
    FROM (SELECT d.*, l.item_id, l.item_code, l.description, l.quantity, l.net_amount,
                 CASE WHEN d.plain THEN 0 ELSE sum(l.net_amount) OVER (PARTITION BY l.document_id ORDER BY l.position) END AS running,
                 CASE WHEN d.plain THEN 0 ELSE sum(l.net_amount) OVER (PARTITION BY l.document_id) END AS whole
          FROM documents d JOIN {lines} l ON l.company_id = %(company)s AND l.document_id = d.id
          WHERE d.kind = '{kind}') AS s
"""
_LINES = (
    "WITH documents AS ({documents}), lines AS ("
    + _SHARED.format(lines="ar_invoiceline", kind="ar.invoice")
    + " UNION ALL "
    + _SHARED.format(lines="ar_creditnoteline", kind="ar.credit_note")
    + ")"
)
_BY_PARTY = """
SELECT c.id, c.code, c.name, c.name_arabic, count(*) FILTER (WHERE d.sign > 0), 0::numeric,
       coalesce(sum(d.net) FILTER (WHERE d.sign > 0), 0), coalesce(sum(d.net) FILTER (WHERE d.sign < 0), 0)
FROM ({documents}) d JOIN ar_customer c ON c.company_id = %(company)s AND c.id = d.customer_id
GROUP BY c.id, c.code, c.name, c.name_arabic
"""
_BY_PERSON = """
SELECT d.salesperson_id, coalesce(u.id::text, ''), coalesce(nullif(u.full_name, ''), u.email, ''), '',
       count(*) FILTER (WHERE d.sign > 0), 0::numeric,
       coalesce(sum(d.net) FILTER (WHERE d.sign > 0), 0), coalesce(sum(d.net) FILTER (WHERE d.sign < 0), 0)
FROM ({documents}) d LEFT JOIN tenancy_user u ON u.id = d.salesperson_id
GROUP BY d.salesperson_id, u.id, u.full_name, u.email
"""
_BY_BRANCH = """
SELECT b.id, b.code, b.name, b.name_arabic, count(*) FILTER (WHERE d.sign > 0), 0::numeric,
       coalesce(sum(d.net) FILTER (WHERE d.sign > 0), 0), coalesce(sum(d.net) FILTER (WHERE d.sign < 0), 0)
FROM ({documents}) d JOIN tenancy_branch b ON b.company_id = %(company)s AND b.id = d.branch_id
GROUP BY b.id, b.code, b.name, b.name_arabic
"""
_BY_MONTH = """
SELECT date_trunc('month', d.day)::date, to_char(d.day, 'YYYY-MM'), '', '', count(*) FILTER (WHERE d.sign > 0), 0::numeric,
       coalesce(sum(d.net) FILTER (WHERE d.sign > 0), 0), coalesce(sum(d.net) FILTER (WHERE d.sign < 0), 0)
FROM ({documents}) d GROUP BY 1, 2
"""
_BY_ITEM = (
    _LINES
    + """
SELECT l.item_id, coalesce(t.code, ''), coalesce(t.name, ''), coalesce(t.name_arabic, ''),
       count(DISTINCT l.id) FILTER (WHERE l.sign > 0), sum(l.quantity * l.sign),
       coalesce(sum(l.net) FILTER (WHERE l.sign > 0), 0), coalesce(sum(l.net) FILTER (WHERE l.sign < 0), 0)
FROM lines l LEFT JOIN inventory_item t ON t.company_id = %(company)s AND t.id = l.item_id
GROUP BY l.item_id, t.code, t.name, t.name_arabic
"""
)
_BY_CATEGORY = (
    _LINES
    + """
SELECT g.id, coalesce(g.code, ''), coalesce(g.name, ''), coalesce(g.name_arabic, ''),
       count(DISTINCT l.id) FILTER (WHERE l.sign > 0), sum(l.quantity * l.sign),
       coalesce(sum(l.net) FILTER (WHERE l.sign > 0), 0), coalesce(sum(l.net) FILTER (WHERE l.sign < 0), 0)
FROM lines l LEFT JOIN inventory_item t ON t.company_id = %(company)s AND t.id = l.item_id
LEFT JOIN inventory_itemcategory g ON g.company_id = %(company)s AND g.id = t.category_id
GROUP BY g.id, g.code, g.name, g.name_arabic
"""
)
BY: Mapping[str, str] = {
    "customer": _BY_PARTY,
    "item": _BY_ITEM,
    "category": _BY_CATEGORY,
    "salesperson": _BY_PERSON,
    "branch": _BY_BRANCH,
    "month": _BY_MONTH,
}


@dataclass(frozen=True, slots=True)
class Sold:
    """Sales of one customer, item, salesperson, branch or month in base currency. `returned` is positive."""

    key: Any
    code: str
    name: str
    name_arabic: str
    documents: int
    quantity: Decimal
    sold: Decimal
    returned: Decimal

    @property
    def net(self) -> Decimal:
        return self.sold - self.returned


def _values(first: dt.date, last: dt.date, currency: str, **more: Any) -> dict[str, Any]:
    return {
        "company": current_company_id(),
        "first": first,
        "last": last,
        "currency": currency,
        "digits": minor_digits(currency),
        **more,
    }


def _filled(sql: str, where: str = "", where_returned: str = "", *, with_lines: bool) -> str:
    plain = _PLAIN if with_lines else "true"
    documents = _DOCUMENTS.format(plain=plain, where=where, where_returned=where_returned)
    return sql.replace("{documents}", documents)


def sales_by(by: str, *, first: dt.date, last: dt.date, currency: str) -> list[Sold]:
    """Return the sales of a span, the largest first (months in order). One statement. `currency`: the base one."""
    with_lines = by in ("item", "category")
    values = _values(first, last, currency)
    if not with_lines:
        del values["currency"], values["digits"]
    with connection.cursor() as cursor:
        cursor.execute(_filled(BY[by], with_lines=with_lines), values)
        found = [Sold(*row) for row in cursor.fetchall()]
    if by == "month":
        return sorted(found, key=lambda one: one.code)
    return sorted(found, key=lambda one: (-one.net, one.code))


@dataclass(frozen=True, slots=True)
class SoldDocument:
    """One document behind a figure, or one of its lines when an item is asked for. Returns are negative."""

    kind: str
    id: uuid.UUID
    number: str
    date: dt.date
    customer_code: str
    customer: str
    customer_arabic: str
    text: str
    quantity: Decimal
    net: Decimal


_DETAIL = """
SELECT d.kind, d.id, d.number, d.day, c.code, c.name, c.name_arabic, '', 0::numeric, d.net * d.sign
FROM ({documents}) d JOIN ar_customer c ON c.company_id = %(company)s AND c.id = d.customer_id
ORDER BY d.day DESC, d.number DESC LIMIT %(limit)s::int OFFSET %(start)s::int
"""
_DETAIL_LINES = (
    _LINES
    + """
SELECT l.kind, l.id, l.number, l.day, c.code, c.name, c.name_arabic, l.description, l.quantity * l.sign, l.net * l.sign
FROM lines l JOIN ar_customer c ON c.company_id = %(company)s AND c.id = l.customer_id
WHERE l.item_id = %(item)s::uuid
ORDER BY l.day DESC, l.number DESC LIMIT %(limit)s::int OFFSET %(start)s::int
"""
)
_NO_END = 2_000_000


def sales_documents(
    *,
    first: dt.date,
    last: dt.date,
    currency: str,
    customer_id: uuid.UUID | None = None,
    salesperson_id: int | None = None,
    item_id: uuid.UUID | None = None,
    start: int = 0,
    limit: int | None = None,
) -> list[SoldDocument]:
    """Return the documents (or lines of an item) behind a figure, newest first. One statement."""
    where = where_returned = ""
    values = _values(first, last, currency, limit=limit or _NO_END, start=start)
    if customer_id:
        where += " AND d.customer_id = %(customer)s::uuid"
        where_returned += " AND d.customer_id = %(customer)s::uuid"
        values["customer"] = customer_id
    if salesperson_id:
        where += " AND d.salesperson_id = %(person)s::bigint"
        where_returned += " AND i.salesperson_id = %(person)s::bigint"
        values["person"] = salesperson_id
    if item_id:
        values["item"] = item_id
    else:
        del values["currency"], values["digits"]
    sql = _filled(
        _DETAIL_LINES if item_id else _DETAIL, where, where_returned, with_lines=bool(item_id)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [SoldDocument(*row) for row in cursor.fetchall()]
