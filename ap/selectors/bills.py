"""Bills as pages ask for them: the one with a supplier's number, and what is paid for in advance."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum

from ap.models import Bill, BillLine, PrepaidPart
from core.money import ZERO
from documents.lifecycle import Status

PREPAID_SHOWN = 500


def bill_with_number(
    supplier_id: uuid.UUID, number: str, *, other_than: uuid.UUID | None = None
) -> Bill | None:
    """Return the bill of a supplier that has its number already, drafts included and void ones not; else None."""
    rows = Bill.objects.filter(supplier_id=supplier_id, supplier_number=number)
    rows = rows.exclude(status=Status.VOID)
    if other_than is not None:
        rows = rows.exclude(pk=other_than)
    return rows.order_by("-issue_date", "-id").first()


@dataclass(frozen=True, slots=True)
class PrepaidRow:
    """A line that pays for months: amounts in base currency, `next_date` None when all is booked."""

    line: BillLine
    first: dt.date
    last: dt.date
    months: int
    booked_months: int
    amount: Decimal
    booked: Decimal
    next_date: dt.date | None

    @property
    def left(self) -> Decimal:
        """What still waits on the prepaid account."""
        return self.amount - self.booked


def prepaid_rows(*, all_of_them: bool = False) -> list[PrepaidRow]:
    """Return prepaid lines with something left, the earliest next month first; `all_of_them` shows the finished too."""
    booked = Q(entry__isnull=False)
    sums = PrepaidPart.objects.order_by().values("line_id")
    sums = sums.annotate(
        first=Min("date"),
        last=Max("date"),
        months=Count("id"),
        booked_months=Count("id", filter=booked),
        total=Sum("amount"),
        done=Sum("amount", filter=booked),
        next_date=Min("date", filter=~booked),
    )
    if not all_of_them:
        sums = sums.filter(next_date__isnull=False)
    found = list(sums.order_by("next_date", "first")[:PREPAID_SHOWN])
    lines = BillLine.objects.select_related("document__supplier", "account", "prepaid_account")
    by_id = {one.pk: one for one in lines.filter(pk__in=[row["line_id"] for row in found])}
    return [
        PrepaidRow(
            line=by_id[row["line_id"]],
            first=row["first"],
            last=row["last"],
            months=row["months"],
            booked_months=row["booked_months"],
            amount=row["total"] or ZERO,
            booked=row["done"] or ZERO,
            next_date=row["next_date"],
        )
        for row in found
    ]
