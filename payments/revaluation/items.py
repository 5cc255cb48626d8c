"""What is revalued: open receivables and payables by party and currency, and foreign payment accounts.

As of any day: documents dated until then less what was settled until then, so a month may be revalued later and gives
the same figures. Advances, money on account and stock are not revalued.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from core.money import product
from tenancy.context import current_company_id

# Sides: what a customer owes counts as a debit, what is owed to a supplier as a credit.
_ITEMS = """
WITH settled AS (
    SELECT COALESCE(invoice_id, bill_id) AS target, COALESCE(credit_note_id, supplier_credit_id) AS credit,
           amount, base_amount, source_amount, source_base_amount
    FROM payments_allocation WHERE company_id = %(company)s AND date <= %(day)s
), relieved AS (
    SELECT target AS id, sum(amount) AS amount, sum(base_amount) AS base
    FROM settled WHERE target IS NOT NULL GROUP BY target
    UNION ALL
    SELECT credit, sum(source_amount), sum(source_base_amount)
    FROM settled WHERE credit IS NOT NULL GROUP BY credit
), documents AS (
    SELECT id, 'customer' AS party_kind, customer_id AS party_id, currency, total, base_total, 1 AS sign
    FROM ar_invoice
    WHERE company_id = %(company)s AND currency <> %(base)s AND status <> 'draft' AND issue_date <= %(day)s
    UNION ALL
    SELECT id, 'customer', customer_id, currency, total, base_total, -1 FROM ar_creditnote
    WHERE company_id = %(company)s AND currency <> %(base)s AND status <> 'draft' AND issue_date <= %(day)s
    UNION ALL
    SELECT id, 'supplier', supplier_id, currency, total, base_total, -1 FROM ap_bill
    WHERE company_id = %(company)s AND currency <> %(base)s AND status <> 'draft' AND issue_date <= %(day)s
    UNION ALL
    SELECT id, 'supplier', supplier_id, currency, total, base_total, 1 FROM ap_suppliercredit
    WHERE company_id = %(company)s AND currency <> %(base)s AND status <> 'draft' AND issue_date <= %(day)s
), parties AS (
    SELECT d.party_kind, d.party_id, d.currency, count(*) AS documents,
           sum(d.sign * (d.total - COALESCE(r.amount, 0))) AS open,
           sum(d.sign * (d.base_total - COALESCE(r.base, 0))) AS carrying
    FROM documents d LEFT JOIN relieved r ON r.id = d.id
    WHERE d.total <> COALESCE(r.amount, 0) OR d.base_total <> COALESCE(r.base, 0)
    GROUP BY 1, 2, 3
)
SELECT a.id, a.code, p.party_kind, p.party_id, COALESCE(c.name, s.name), p.currency, p.documents, p.open, p.carrying
FROM parties p
JOIN ledger_account a ON a.company_id = %(company)s
     AND a.role = CASE p.party_kind WHEN 'customer' THEN 'ar_control' ELSE 'ap_control' END
LEFT JOIN ar_customer c ON c.company_id = %(company)s AND p.party_kind = 'customer' AND c.id = p.party_id
LEFT JOIN ap_supplier s ON s.company_id = %(company)s AND p.party_kind = 'supplier' AND s.id = p.party_id
UNION ALL
SELECT a.id, a.code, '', NULL, m.name, m.currency, 0, sum(l.amount_currency), sum(l.debit - l.credit)
FROM payments_paymentaccount m
JOIN ledger_account a ON a.company_id = m.company_id AND a.id = m.account_id
JOIN ledger_journalline l ON l.company_id = m.company_id AND l.account_id = m.account_id AND l.date <= %(day)s
     AND l.currency = m.currency
WHERE m.company_id = %(company)s AND m.currency <> %(base)s
GROUP BY a.id, a.code, m.id, m.name, m.currency
HAVING sum(l.amount_currency) <> 0 OR sum(l.debit - l.credit) <> 0
ORDER BY 2, 5, 6
"""


@dataclass(frozen=True, slots=True)
class ForeignItem:
    """What is open in a currency, with a party or on a payment account; a debit positive, a credit negative.

    `carrying` is its value in the books, in base currency.
    """

    account_id: uuid.UUID
    account_code: str
    party_kind: str
    party_id: uuid.UUID | None
    name: str
    currency: str
    documents: int
    open: Decimal
    carrying: Decimal

    def value_at(self, rate: Decimal, base_currency: str) -> Decimal:
        """Return the value at a rate, in base currency, rounded once."""
        return product(self.open, rate, base_currency)

    def difference_at(self, rate: Decimal, base_currency: str) -> Decimal:
        """Return what the books lack of the value at a rate; positive: a gain."""
        return self.value_at(rate, base_currency) - self.carrying


def foreign_items(*, day: dt.date, base_currency: str) -> list[ForeignItem]:
    """Return the open foreign items at the end of a day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"company": current_company_id(), "day": day, "base": base_currency})
        return [ForeignItem(*row) for row in cursor.fetchall()]
