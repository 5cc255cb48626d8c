"""What commissions do when lower apps report something."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from ar.models import CreditNote
from commissions.services.adjustments import Cause, commissions_adjust
from commissions.services.snapshots import snapshots_store


def paid_invoices_earn_commission(invoice_ids: Sequence[uuid.UUID], **_: Any) -> None:
    """An invoice that becomes PAID stores its salesperson's commission (RR-5)."""
    snapshots_store(invoice_ids)


def reopened_invoices_lose_commission(
    invoice_ids: Sequence[uuid.UUID], date: dt.date | None = None, **_: Any
) -> None:
    """An invoice that is no longer PAID takes its commission back until it is PAID again."""
    commissions_adjust(invoice_ids=invoice_ids, cause=Cause.REOPENED, date=date)


def credited_invoices_earn_less(credit_note: CreditNote, **_: Any) -> None:
    """A credit note lowers the commission of its invoice, however it is settled."""
    if credit_note.invoice_id is not None:
        commissions_adjust(
            invoice_ids=[credit_note.invoice_id],
            cause=Cause.CREDITED,
            date=credit_note.issue_date,
            credit_note_id=credit_note.pk,
        )
