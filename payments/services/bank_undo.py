"""Undoing a match: the line is open again, and what was booked for it is reversed."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from core.errors import N_
from core.transactions import write
from ledger.models import JournalEntry
from ledger.services.journal import journal_reverse
from payments.bank.errors import BankLineNotFound, MatchUndone
from payments.models import BankMatch, BankMatchItem, Payment, PaymentAccount
from payments.services.bank_lines import PERMISSION
from payments.services.reversing import payment_void
from tenancy.permissions import require
from tenancy.principal import Principal


@write
def bank_match_undo(
    *,
    match_id: uuid.UUID,
    actor: Principal,
    date: dt.date | None = None,
    keep_booking: bool = False,
) -> BankMatch:
    """Take a match back and reverse what was booked for it (R6), on its own date unless another is given.

    `keep_booking`: only the match goes; the booking stays and may be matched with another line.
    """
    require(actor, PERMISSION)
    _lock_accounts(match_id)
    match = BankMatch.objects.select_for_update().filter(pk=match_id).first()
    if match is None:
        raise BankLineNotFound(N_("There is no such match."))
    if match.undone_at is not None:
        raise MatchUndone(N_("This match was undone already."))
    _release(match, actor)
    if keep_booking:
        return match
    if match.payment_id is not None:
        if Payment.objects.filter(pk=match.payment_id, status=Payment.Status.POSTED).exists():
            payment_void(payment_id=match.payment_id, actor=actor, date=date)
    elif match.entry_id is not None:
        entry = JournalEntry.objects.get(pk=match.entry_id)
        # the other side of a transfer hangs on the same entry
        others = BankMatchItem.objects.filter(entry_id=entry.pk, is_active=True)
        for other in BankMatch.objects.select_for_update().filter(
            pk__in=others.values("match_id"), undone_at__isnull=True
        ):
            _release(other, actor)
        journal_reverse(entry_id=entry.pk, date=date or entry.date)
    return match


def _lock_accounts(match_id: uuid.UUID) -> None:
    """Lock the payment accounts that the match, and what hangs on its entry, touches: before lines and payments."""
    entries = BankMatchItem.objects.filter(match_id=match_id).values("entry_id")
    touched = BankMatchItem.objects.filter(entry_id__in=entries).values("payment_account_id")
    list(
        PaymentAccount.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk")
    )


def _release(match: BankMatch, actor: Principal) -> None:
    BankMatchItem.objects.filter(match_id=match.pk, is_active=True).update(is_active=False)
    match.undone_at = timezone.now()
    match.undone_by_id = actor.user_id
    match.save(update_fields=["undone_at", "undone_by"])
