"""Prepaid months become cost (accounting.md G1): one journal for each month of each line, by beat or by button."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from ap.models import PrepaidPart
from core.money import ZERO
from core.transactions import write
from ledger.models import Period
from ledger.posting import Book, JournalDraft, PostingLine
from ledger.services.journal import journal_post
from tenancy.context import current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal

SOURCE = "ap.prepaid_part"
PERMISSION = "ledger.journal.post"
BATCH = 500

_BOOKED = """
UPDATE ap_prepaidpart AS p SET entry_id = booked.entry_id
FROM unnest(%s::uuid[], %s::uuid[]) AS booked(id, entry_id)
WHERE p.company_id = %s AND p.id = booked.id
"""


def _day_of(part: PrepaidPart, closed: Sequence[tuple[dt.date, dt.date]]) -> dt.date:
    """Return the day a month is booked: its last one, not before its bill, and the first open one after a closed period."""
    day = max(part.date, part.bill.issue_date)
    for first, last in closed:
        if first <= day <= last:
            day = last + dt.timedelta(days=1)
    return day


def _draft(part: PrepaidPart, day: dt.date) -> JournalDraft:
    text = f"{part.bill.number} · {part.line.description}"[:300]
    return JournalDraft(
        date=day,
        book=Book.GENERAL.value,
        source_kind=SOURCE,
        source_id=part.pk,
        source_number=f"{part.bill.number} {part.date:%Y-%m}",
        description=text,
        currency=part.currency,
        lines=(
            PostingLine(
                account_id=part.expense_account_id,
                debit=part.amount,
                currency=part.currency,
                amount_currency=part.amount,
                description=text,
            ),
            PostingLine(
                account_id=part.prepaid_account_id,
                credit=part.amount,
                currency=part.currency,
                amount_currency=-part.amount,
                description=text,
            ),
        ),
    )


@write
def prepaid_book(*, until: dt.date) -> int:
    """Book the months due up to a day that are not booked yet; returns how many. Repeated, it books nothing.

    Three statements for each 500 months. The ledger accepts each month once, whoever runs.
    """
    closed = sorted(
        Period.objects.filter(state=Period.State.CLOSED).values_list("start_date", "end_date")
    )
    count = 0
    while parts := list(
        PrepaidPart.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(entry__isnull=True, amount__gt=ZERO, date__lte=until)
        .select_related("bill", "line")
        .order_by("date", "id")[:BATCH]
    ):
        entries = journal_post([_draft(part, _day_of(part, closed)) for part in parts])
        with connection.cursor() as cursor:
            cursor.execute(_BOOKED, [[part.pk for part in parts], entries, current_company_id()])
        count += len(parts)
    return count


@write
def prepaid_run(*, until: dt.date, actor: Principal) -> int:
    """Book the months due, by a person."""
    require(actor, PERMISSION)
    return prepaid_book(until=until)
