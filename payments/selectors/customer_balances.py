"""What each customer owes: open invoices less credit on account. One statement."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from tenancy.context import current_company_id

_BALANCES = """
WITH sums AS (
    SELECT customer_id, currency, open_amount AS open, 0 AS credit FROM ar_invoice
    WHERE company_id = %(company)s AND status IN ('posted', 'partially_paid')
    UNION ALL
    SELECT customer_id, currency, 0, open_amount FROM payments_payment
    WHERE company_id = %(company)s AND status = 'posted' AND open_amount > 0
    UNION ALL
    SELECT customer_id, currency, 0, open_amount FROM ar_creditnote
    WHERE company_id = %(company)s AND status IN ('posted', 'partially_paid')
)
SELECT c.id, c.code, c.name, c.name_arabic, s.currency, sum(s.open), sum(s.credit)
FROM sums s JOIN ar_customer c ON c.company_id = %(company)s AND c.id = s.customer_id
GROUP BY c.id, c.code, c.name, c.name_arabic, s.currency
HAVING sum(s.open) <> 0 OR sum(s.credit) <> 0
ORDER BY c.code, s.currency
"""


@dataclass(frozen=True, slots=True)
class CustomerBalance:
    """Open invoices and credit of one customer in one currency."""

    customer_id: uuid.UUID
    code: str
    name: str
    name_arabic: str
    currency: str
    open_amount: Decimal
    credit_amount: Decimal

    @property
    def balance(self) -> Decimal:
        """What is owed; negative when we owe the customer."""
        return self.open_amount - self.credit_amount


def customer_balances() -> list[CustomerBalance]:
    """Return every customer with something open or on account, by code."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, {"company": current_company_id()})
        return [CustomerBalance(*row) for row in cursor.fetchall()]
