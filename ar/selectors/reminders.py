"""Who is due a reminder, at which level, about which invoices."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from ar.models import Customer, Reminder, ReminderLevel
from ar.reminding import DEFAULT_LEVELS, LevelText
from tenancy.context import current_company_id

#: Most customers of one page, and of one bulk send.
MOST_DUE = 500

# An invoice's next level is the first one in use above its last; it is due when the invoice is overdue long enough and
# the customer had no reminder too recently. Disputed invoices and those on hold are left alone.
_DUE = """
WITH levels AS (
    SELECT * FROM unnest(%(levels)s::int[], %(overdue)s::int[], %(since)s::int[]) AS l(level, days_overdue, days_since)),
open AS (
    SELECT i.id, i.customer_id, i.due_date, i.base_total - i.allocated_base AS amount,
           COALESCE((SELECT max(r.level) FROM ar_reminderitem r
                     WHERE r.company_id = i.company_id AND r.invoice_id = i.id), 0) AS last
    FROM ar_invoice i
    WHERE i.company_id = %(company)s AND i.status IN ('posted', 'partially_paid') AND i.due_date < %(today)s::date
      AND i.settlement_hold = '' AND (%(customers)s::uuid[] IS NULL OR i.customer_id = ANY(%(customers)s::uuid[]))),
due AS (
    SELECT o.id, o.customer_id, o.due_date, o.amount, l.level
    FROM open o CROSS JOIN LATERAL (
        SELECT level, days_overdue, days_since FROM levels WHERE level > o.last ORDER BY level LIMIT 1) AS l
    WHERE %(today)s::date - o.due_date >= l.days_overdue
      AND %(today)s::date - l.days_since >= COALESCE((
            SELECT max(m.date) FROM ar_reminder m
            WHERE m.company_id = %(company)s AND m.customer_id = o.customer_id), '1900-01-01'::date)),
parties AS (
    SELECT customer_id, max(level) AS level, array_agg(id ORDER BY due_date, id) AS invoices,
           array_agg(level ORDER BY due_date, id) AS invoice_levels
    FROM due GROUP BY customer_id)
SELECT p.customer_id, p.level, p.invoices, p.invoice_levels, sum(o.amount), count(*), min(o.due_date)
FROM parties p JOIN open o ON o.customer_id = p.customer_id
JOIN ar_customer c ON c.company_id = %(company)s AND c.id = p.customer_id AND NOT c.reminders_stopped
GROUP BY p.customer_id, p.level, p.invoices, p.invoice_levels
ORDER BY p.level DESC, min(o.due_date), p.customer_id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder a customer is due. `amount` is all that is overdue, in base currency; `items` are what it escalates."""

    customer_id: uuid.UUID
    level: int
    items: tuple[tuple[uuid.UUID, int], ...]
    amount: Decimal
    count: int
    oldest: dt.date
    customer: Customer = field(compare=False)


def reminder_levels() -> list[LevelText]:
    """Return the three levels: the company's own words, the default where it has none."""
    own = {row.level: row for row in ReminderLevel.objects.all()}
    return [
        default
        if (row := own.get(default.level)) is None
        else LevelText(
            row.level,
            row.days_overdue,
            row.days_since_last,
            row.subject,
            row.subject_arabic,
            row.body,
            row.body_arabic,
            row.is_active,
        )
        for default in DEFAULT_LEVELS
    ]


def reminders_due(
    today: dt.date,
    *,
    levels: Sequence[LevelText],
    customer_ids: Sequence[uuid.UUID] | None = None,
) -> list[DueReminder]:
    """Return who is due a reminder today, the latest level first; two statements. At most MOST_DUE customers."""
    used = [level for level in levels if level.is_active]
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "company": current_company_id(),
                "today": today,
                "levels": [level.level for level in used],
                "overdue": [level.days_overdue for level in used],
                "since": [level.days_since_last for level in used],
                "customers": None if customer_ids is None else list(customer_ids),
                "most": MOST_DUE,
            },
        )
        rows = cursor.fetchall()
    customers = {one.pk: one for one in Customer.objects.filter(pk__in=[row[0] for row in rows])}
    return [
        DueReminder(
            customer_id=customer,
            level=level,
            items=tuple(zip(invoices, item_levels, strict=True)),
            amount=amount,
            count=count,
            oldest=oldest,
            customer=customers[customer],
        )
        for customer, level, invoices, item_levels, amount, count, oldest in rows
    ]


def reminders_of(customer_id: uuid.UUID, most: int = 20) -> list[Reminder]:
    """Return the reminders a customer got, the latest first."""
    return list(Reminder.objects.filter(customer_id=customer_id).order_by("-created_at")[:most])
