"""Commissions by salesperson: earned, adjusted, paid, open. What is open is the balance of commission_payable."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from tenancy.context import current_company_id

# an approved commission and its corrections are booked; a pending one, with its corrections, is a claim only
_EARNED = """
WITH parts AS (
    SELECT s.salesperson_id, s.status = 'pending' AS is_pending, s.net_amount AS earned, 0 AS adjusted,
           CASE WHEN s.payout_id IS NULL THEN 0 ELSE s.net_amount END AS paid
    FROM commissions_commissionsnapshot s
    WHERE s.company_id = %(company)s AND s.status <> 'cancelled'
    UNION ALL
    SELECT s.salesperson_id, s.status = 'pending', 0, a.net_amount,
           CASE WHEN a.payout_id IS NULL THEN 0 ELSE a.net_amount END
    FROM commissions_commissionadjustment a
    JOIN commissions_commissionsnapshot s ON s.company_id = a.company_id AND s.id = a.snapshot_id
    WHERE a.company_id = %(company)s AND s.status <> 'cancelled'
)
SELECT p.salesperson_id, coalesce(nullif(u.full_name, ''), u.email),
       coalesce(sum(earned + adjusted) FILTER (WHERE is_pending), 0),
       coalesce(sum(earned) FILTER (WHERE NOT is_pending), 0),
       coalesce(sum(adjusted) FILTER (WHERE NOT is_pending), 0),
       coalesce(sum(paid) FILTER (WHERE NOT is_pending), 0)
FROM parts p JOIN tenancy_user u ON u.id = p.salesperson_id
GROUP BY p.salesperson_id, u.full_name, u.email
ORDER BY 2
"""


@dataclass(frozen=True, slots=True)
class Earned:
    """Commissions of one salesperson in base currency, net of the tax kept back."""

    salesperson_id: int
    name: str
    pending: Decimal
    earned: Decimal
    adjusted: Decimal
    paid: Decimal

    @property
    def open_amount(self) -> Decimal:
        """What is approved and not paid out."""
        return self.earned + self.adjusted - self.paid


def commissions_by_person() -> list[Earned]:
    """Return every salesperson with commissions, by name. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_EARNED, {"company": current_company_id()})
        return [Earned(*row) for row in cursor.fetchall()]
