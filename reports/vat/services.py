"""Prepare, file, take back and pay a VAT return (accounting.md section 9, T1 and T2)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from core.dates import local_today
from core.errors import N_, DomainError
from core.transactions import write
from ledger.errors import ReasonMissing
from ledger.models import JournalEntry, LockDate
from ledger.services.journal import journal_post, journal_reverse
from ledger.services.locks import lock_date_store, periods_hold
from payments.models import PaymentAccount
from reports.models import VatReturn, VatReturnRow
from reports.vat import rows
from reports.vat.errors import (
    CorrectionTooLarge,
    VatNotReconciled,
    VatReturnStale,
    VatReturnState,
)
from reports.vat.figures import (
    CORRECTIONS,
    LARGEST_CORRECTION,
    NET,
    BoxFigure,
    Collected,
    VatPeriod,
    VatSetting,
    boxes_of,
    from_json,
    to_json,
    vat_period,
    vat_setting,
)
from reports.vat.posting import filing_draft, payment_draft
from tenancy.context import current_actor_id
from tenancy.permissions import require
from tenancy.principal import Principal

ZERO = Decimal(0)
PREPARED, FILED, PAID = VatReturn.State.PREPARED, VatReturn.State.FILED, VatReturn.State.PAID


@dataclass(frozen=True, slots=True)
class VatFigures:
    """The boxes of a period with the check of the VAT accounts."""

    boxes: dict[int, BoxFigure]
    accounts: list[rows.AccountCheck]
    unboxed: Decimal  # VAT due on the accounts that no box has

    @property
    def is_reconciled(self) -> bool:
        """What stands on the VAT accounts is the boxes and the typed correction."""
        return self.unboxed == self.boxes[CORRECTIONS].vat


def period_of_return(vat_return: VatReturn) -> VatPeriod:
    """Return the period of a return."""
    return VatPeriod(vat_return.start_date, vat_return.end_date)


def carried_into(start: dt.date) -> Decimal:
    """Return box 15: the unpaid credit of the last filed return; before any, that of the books taken over."""
    last = (
        VatReturn.objects.filter(end_date__lt=start, state__in=(FILED, PAID))
        .order_by("-end_date")
        .first()
    )
    if last is None:
        return max(rows.opening_credit(start), ZERO)
    return max(-last.net_due, ZERO) if last.state == FILED else ZERO


def figures_now(
    period: VatPeriod, setting: VatSetting, *, correction: Decimal = ZERO
) -> VatFigures:
    """Return the return of a period as the journal has it at this moment. Nothing is stored."""
    found = rows.collected_now(start=period.start, end=period.end)
    return _figures(found, period, setting, correction)


def _figures(
    collected: list[Collected], period: VatPeriod, setting: VatSetting, correction: Decimal
) -> VatFigures:
    boxes = boxes_of(
        collected,
        correction=correction,
        carried_forward=carried_into(period.start),
        reverse_charge_in_box_1=setting.reverse_charge_in_box_1,
    )
    return VatFigures(
        boxes,
        rows.account_checks(start=period.start, end=period.end),
        sum((one.output - one.input for one in collected if one.box == CORRECTIONS), ZERO),
    )


def figures_of(vat_return: VatReturn) -> VatFigures:
    """Return the frozen figures of a return with the check of its accounts."""
    collected = rows.collected_of(vat_return.pk)
    period = period_of_return(vat_return)
    return VatFigures(
        from_json(vat_return.figures),
        rows.account_checks(start=period.start, end=period.end),
        sum((one.output - one.input for one in collected if one.box == CORRECTIONS), ZERO),
    )


def _check_correction(correction: Decimal, reason: str) -> None:
    if abs(correction) > LARGEST_CORRECTION:
        raise CorrectionTooLarge(
            N_(
                "Corrections above 5,000 either way do not go into box 14: "
                "file a corrected return of that period with the authority."
            ),
            field="correction",
        )
    if correction and not reason:
        raise ReasonMissing(N_("State what is corrected."), field="correction_reason")


@write
def vat_return_prepare(
    *,
    date: dt.date,
    correction: Decimal = ZERO,
    correction_reason: str = "",
    actor: Principal,
) -> VatReturn:
    """Freeze the figures of the VAT period the date lies in, with their rows; again while it is not filed.

    Raises VatReturnState, CorrectionTooLarge, ReasonMissing, PermissionRefused.
    """
    require(actor, "reports.vat_return.prepare")
    setting = vat_setting(actor.company)
    correction_reason = correction_reason.strip()
    _check_correction(correction, correction_reason)
    stored = (
        VatReturn.objects.select_for_update()
        .filter(start_date__lte=date, end_date__gte=date)
        .first()
    )
    if stored is not None and stored.state != PREPARED:
        raise VatReturnState(N_("The return of this period is filed already."), field="date")
    period = vat_period(date, setting.kind) if stored is None else period_of_return(stored)
    if VatReturn.objects.filter(end_date__gt=period.end, state__in=(FILED, PAID)).exists():
        raise VatReturnState(N_("A later return is filed already."), field="date")
    vat_return = stored or VatReturn(
        start_date=period.start, end_date=period.end, figures={}, prepared_at=timezone.now()
    )
    if stored is None:
        vat_return.save()
    VatReturnRow.objects.filter(vat_return_id=vat_return.pk).delete()
    rows.rows_store(vat_return.pk, start=period.start, end=period.end)
    figures = _figures(rows.collected_of(vat_return.pk), period, setting, correction)
    vat_return.figures = to_json(figures.boxes)
    vat_return.correction = correction
    vat_return.correction_reason = correction_reason
    vat_return.carried_forward = carried_into(period.start)
    vat_return.net_due = figures.boxes[NET].vat
    vat_return.prepared_at = timezone.now()
    vat_return.prepared_by_id = current_actor_id()
    vat_return.version += 1
    vat_return.save()
    return vat_return


@write
def vat_return_discard(*, vat_return_id: uuid.UUID, actor: Principal) -> None:
    """Throw a prepared return away. Raises VatReturnState when it is filed."""
    require(actor, "reports.vat_return.prepare")
    vat_return = _locked(vat_return_id)
    _require_state(vat_return, PREPARED)
    VatReturnRow.objects.filter(vat_return_id=vat_return.pk).delete()
    vat_return.delete()


def _locked(vat_return_id: uuid.UUID) -> VatReturn:
    row: VatReturn = VatReturn.objects.select_for_update().get(pk=vat_return_id)
    return row


def _require_state(vat_return: VatReturn, state: str) -> None:
    if vat_return.state != state:
        messages = {
            PREPARED: N_("The return is filed; it cannot be changed."),
            FILED: N_("The return is not in the state filed."),
            PAID: N_("The return is not paid."),
        }
        raise VatReturnState(messages[VatReturn.State(state)])


def _times(vat_return: VatReturn, prefix: str) -> int:
    return int(
        JournalEntry.objects.filter(
            source_kind=rows.SOURCE, source_id=vat_return.pk, purpose__startswith=prefix
        ).count()
    )


@write
def vat_return_file(*, vat_return_id: uuid.UUID, actor: Principal) -> VatReturn:
    """Post T1 and lock VAT up to the last day. Whoever posts at this moment comes first, or is refused by the lock.

    Raises VatReturnState, VatReturnStale, VatNotReconciled, PermissionRefused.
    """
    require(actor, "reports.vat_return.file")
    vat_return = _locked(vat_return_id)
    _require_state(vat_return, PREPARED)
    period = period_of_return(vat_return)
    setting = vat_setting(actor.company)
    if period.end >= local_today(setting.timezone):
        raise VatReturnState(N_("The period has not ended yet."))
    if VatReturn.objects.filter(end_date__lt=period.start, state=PREPARED).exists():
        raise VatReturnState(N_("An earlier return is prepared only: file that one first."))
    periods_hold(until=period.end)
    now = figures_now(period, setting, correction=vat_return.correction)
    if now.boxes != from_json(vat_return.figures):
        raise VatReturnStale(
            N_("The books changed since the return was prepared. Prepare it again and compare.")
        )
    if not now.is_reconciled:
        raise VatNotReconciled(
            N_(
                "The VAT accounts moved by %(unboxed)s that no box has, and box 14 says %(correction)s. "
                "The rows are listed under box 14."
            ),
            params={"unboxed": now.unboxed, "correction": vat_return.correction},
        )
    draft = filing_draft(
        now.accounts,
        carried_forward=vat_return.carried_forward,
        net_due=vat_return.net_due,
        date=period.end,
        vat_return_id=vat_return.pk,
        label=period.label,
        purpose=f"file-{_times(vat_return, 'file-') + 1}",
        currency=actor.currency,
    )
    vat_return.filing_entry_id = journal_post([draft])[0] if draft is not None else None
    lock_date_store(area=LockDate.Area.TAX, until=period.end, reason=period.label)
    vat_return.state = FILED
    vat_return.filed_at = timezone.now()
    vat_return.filed_by_id = current_actor_id()
    return _saved(vat_return, "filing_entry", "filed_at", "filed_by")


def _saved(vat_return: VatReturn, *fields: str) -> VatReturn:
    vat_return.version += 1
    vat_return.save(update_fields=["state", "version", *fields])
    return vat_return


@write
def vat_return_unfile(*, vat_return_id: uuid.UUID, reason: str, actor: Principal) -> VatReturn:
    """Take a filed return back: T1 reversed on its day, the lock back to the return before. By an owner with a reason.

    Raises VatReturnState when it is paid or a later one is filed; ReasonMissing, PermissionRefused.
    """
    require(actor, "reports.vat_return.unfile")
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(N_("State why the return is taken back."), field="reason")
    vat_return = _locked(vat_return_id)
    if vat_return.state == PAID:
        raise VatReturnState(N_("The return is paid: take the payment back first."))
    _require_state(vat_return, FILED)
    earlier = VatReturn.objects.filter(state__in=(FILED, PAID)).exclude(pk=vat_return.pk)
    if earlier.filter(start_date__gt=vat_return.end_date).exists():
        raise VatReturnState(N_("A later return is filed: take that one back first."))
    before = earlier.order_by("-end_date").values_list("end_date", flat=True).first()
    lock_date_store(area=LockDate.Area.TAX, until=before, reason=reason)
    if vat_return.filing_entry_id is not None:
        journal_reverse(
            entry_id=vat_return.filing_entry_id,
            date=vat_return.end_date,
            purpose=f"unfile-{_times(vat_return, 'unfile-') + 1}",
            description=reason,
        )
    vat_return.state = PREPARED
    vat_return.filing_entry_id = None
    vat_return.filed_at = None
    vat_return.filed_by_id = None
    vat_return.unfile_reason = reason
    return _saved(vat_return, "filing_entry", "filed_at", "filed_by", "unfile_reason")


@write
def vat_return_pay(
    *, vat_return_id: uuid.UUID, payment_account_id: uuid.UUID, date: dt.date, actor: Principal
) -> VatReturn:
    """Post T2: the VAT due paid from a payment account, or the claimed credit received into it.

    Raises VatReturnState, DomainError at `payment_account` or `date`, PermissionRefused.
    """
    require(actor, "reports.vat_return.pay")
    vat_return = _locked(vat_return_id)
    _require_state(vat_return, FILED)
    if vat_return.net_due == 0:
        raise VatReturnState(N_("There is nothing to pay."))
    if vat_return.net_due < 0 and VatReturn.objects.filter(
        start_date__gt=vat_return.end_date, state__in=(FILED, PAID)
    ):
        raise VatReturnState(N_("The credit was carried forward into a later return."))
    if date <= vat_return.end_date:
        raise DomainError(N_("A return is paid after its period."), code="too_early", field="date")
    account = PaymentAccount.objects.filter(pk=payment_account_id, is_active=True).first()
    if account is None or account.currency != actor.currency:
        raise DomainError(
            N_("Choose a payment account in the base currency."),
            code="unknown_reference",
            field="payment_account",
        )
    draft = payment_draft(
        net_due=vat_return.net_due,
        account_id=account.account_id,
        date=date,
        vat_return_id=vat_return.pk,
        label=period_of_return(vat_return).label,
        purpose=f"pay-{_times(vat_return, 'pay-') + 1}",
        currency=actor.currency,
    )
    vat_return.payment_entry_id = journal_post([draft])[0]
    vat_return.state = PAID
    return _saved(vat_return, "payment_entry")


@write
def vat_return_unpay(*, vat_return_id: uuid.UUID, date: dt.date, actor: Principal) -> VatReturn:
    """Reverse T2 on a day; the return is filed again. Raises VatReturnState, PermissionRefused."""
    require(actor, "reports.vat_return.pay")
    vat_return = _locked(vat_return_id)
    _require_state(vat_return, PAID)
    assert vat_return.payment_entry_id is not None  # a paid return has its journal
    journal_reverse(
        entry_id=vat_return.payment_entry_id,
        date=date,
        purpose=f"unpay-{_times(vat_return, 'unpay-') + 1}",
    )
    vat_return.state = FILED
    vat_return.payment_entry_id = None
    return _saved(vat_return, "payment_entry")
