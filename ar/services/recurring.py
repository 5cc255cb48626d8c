"""Recurring invoices: made from an invoice, run on their dates, each date once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from ar.document_types import INVOICE
from ar.models import Invoice, InvoiceKind, InvoiceLine, RecurringInvoice, RecurringRun
from ar.recurrence import Frequency, next_date
from ar.services.building import customer_for
from ar.services.invoices import invoice_create
from ar.services.posting import invoice_create_posted
from ar.typed import parse_invoice
from core.errors import N_, DomainError, ValidationErrors
from core.ids import uuid7
from core.transactions import write
from documents.errors import DocumentNotFound
from documents.services.drafting import actor_branch
from documents.services.lines import lines_of
from documents.versions import Conflict
from tenancy.permissions import require
from tenancy.principal import Principal

#: Columns a person changes afterwards.
CHANGEABLE = ("name", "frequency", "start_date", "end_date", "post", "is_active")
#: Most dates made up for in one run, should nothing have run for long.
MOST_AT_ONCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRecurring:
    """A schedule as typed."""

    name: str
    frequency: str
    start_date: dt.date
    end_date: dt.date | None = None
    post: bool = False


def content_of(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """Return an invoice as the API takes it, without dates, numbers and what else is of one time only."""
    return {
        "customer": str(invoice.customer_id),
        "currency": invoice.currency,
        "salesperson": invoice.salesperson_id,
        "reference": invoice.reference,
        "notes": invoice.notes,
        "notes_arabic": invoice.notes_arabic,
        "document_discount": _text(invoice.document_discount),
        "prices_include_tax": invoice.prices_include_tax,
        "terms": str(invoice.terms_id or ""),
        "lines": [
            {
                "item": str(line.item_id or ""),
                "item_code": line.item_code,
                "description": line.description,
                "description_arabic": line.description_arabic,
                "quantity": _text(line.quantity),
                "unit": line.unit,
                "unit_price": _text(line.unit_price),
                "discount_percent": _text(line.discount_percent),
                "vat_rate": _text(line.tax_rate),
                "tax_category": line.tax_category,
                "tax_code": line.tax_code,
            }
            for line in lines
        ],
    }


def _text(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _check_dates(typed: TypedRecurring | RecurringInvoice) -> None:
    if typed.frequency not in frozenset(Frequency):
        raise DomainError(
            N_("Choose weekly, monthly or quarterly."), code="invalid", field="frequency"
        )
    if typed.end_date is not None and typed.end_date < typed.start_date:
        raise DomainError(
            N_("The last date is not before the first."), code="too_early", field="end_date"
        )


@write
def recurring_create(
    *, invoice_id: uuid.UUID, typed: TypedRecurring, actor: Principal
) -> RecurringInvoice:
    """Repeat an invoice: its lines and prices of now, on the schedule typed. Raises DocumentNotFound, DomainError."""
    require(actor, "ar.recurring.edit")
    invoice = Invoice.objects.filter(pk=invoice_id).first()
    if invoice is None:
        raise DocumentNotFound(INVOICE.sentences.missing)
    if invoice.kind != InvoiceKind.INVOICE:
        raise DomainError(N_("Only an invoice is repeated."), code="wrong_kind", field="invoice")
    _check_dates(typed)
    customer_for(invoice.customer_id)
    row = RecurringInvoice(
        id=uuid7(),
        name=typed.name,
        customer_id=invoice.customer_id,
        branch_id=actor_branch(actor),
        source_id=invoice.pk,
        content=content_of(invoice, lines_of(INVOICE, invoice.pk)),
        frequency=typed.frequency,
        start_date=typed.start_date,
        end_date=typed.end_date,
        next_date=next_date(typed.start_date, Frequency(typed.frequency), None, typed.end_date),
        post=typed.post,
        created_by_id=actor.user_id,
    )
    row.save(force_insert=True)
    return row


@write
def recurring_update(
    *,
    recurring_id: uuid.UUID,
    changes: Mapping[str, Any],
    version: int | None,
    actor: Principal,
) -> RecurringInvoice:
    """Change name, schedule or state. Dates that ran stay; the next one is the first of the new schedule after them."""
    require(actor, "ar.recurring.edit")
    row = _locked(recurring_id)
    if version is not None and version != row.version:
        raise Conflict(current_version=row.version, changes={})
    for name in CHANGEABLE:
        if name in changes:
            setattr(row, name, changes[name])
    _check_dates(row)
    row.next_date = next_date(
        row.start_date, Frequency(row.frequency), _last_run(row), row.end_date
    )
    row.version += 1
    row.save()
    return row


def _locked(recurring_id: uuid.UUID) -> RecurringInvoice:
    row = RecurringInvoice.objects.select_for_update().filter(pk=recurring_id).first()
    if row is None:
        raise DocumentNotFound(N_("There is no such recurring invoice."))
    found: RecurringInvoice = row
    return found


def _last_run(row: RecurringInvoice) -> dt.date | None:
    runs = RecurringRun.objects.filter(recurring_id=row.pk, invoice__isnull=False)
    last: dt.date | None = runs.order_by("-date").values_list("date", flat=True).first()
    return last


def recurring_due(today: dt.date) -> list[uuid.UUID]:
    """Return the recurring invoices that have a date up to today."""
    rows = RecurringInvoice.objects.filter(is_active=True, next_date__lte=today)
    return list(rows.order_by("next_date").values_list("pk", flat=True))


def recurring_run(
    *, recurring_id: uuid.UUID, actor: Principal, today: dt.date
) -> list[RecurringRun]:
    """Make the invoices of every date up to today, oldest first; run twice, it makes nothing twice.

    A date that is refused (closed period, inactive customer, credit limit) is kept with the reason, nothing of its
    invoice; it is tried again on the next run, and later dates wait for it.
    """
    runs: list[RecurringRun] = []
    for _ in range(MOST_AT_ONCE):
        run = _run_once(recurring_id=recurring_id, actor=actor, today=today)
        if run is None:
            break
        runs.append(run)
        if run.invoice_id is None:
            break
    return runs


@write
def _run_once(*, recurring_id: uuid.UUID, actor: Principal, today: dt.date) -> RecurringRun | None:
    require(actor, "ar.invoice.create")
    row = _locked(recurring_id)
    date = row.next_date
    if not row.is_active or date is None or date > today:
        return None
    try:
        with transaction.atomic():
            invoice = _make(row, date, actor)
    except DomainError as error:
        run, _ = RecurringRun.objects.update_or_create(
            recurring_id=row.pk, date=date, defaults={"invoice": None, "error": _reason(error)}
        )
    else:
        run, _ = RecurringRun.objects.update_or_create(
            recurring_id=row.pk, date=date, defaults={"invoice": invoice, "error": ""}
        )
        row.next_date = next_date(row.start_date, Frequency(row.frequency), date, row.end_date)
        row.save(update_fields=["next_date", "updated_at"])
    made: RecurringRun = run
    return made


def _make(row: RecurringInvoice, date: dt.date, actor: Principal) -> Invoice:
    typed = parse_invoice(
        {
            **row.content,
            "issue_date": date.isoformat(),
            "external_id": f"recurring:{row.pk}:{date.isoformat()}",
        },
        currency=actor.currency,
        today=date,
    )
    if row.post:
        return invoice_create_posted(typed=typed, actor=actor)
    return invoice_create(typed=typed, actor=actor)


def _reason(error: DomainError) -> str:
    errors = error.errors if isinstance(error, ValidationErrors) else [error]
    return "; ".join(one.message for one in errors)[:500] or error.code


@write
def recurring_delete(*, recurring_id: uuid.UUID, actor: Principal) -> None:
    """Remove a recurring invoice that never ran; one that did is stopped instead. Raises DomainError."""
    require(actor, "ar.recurring.edit")
    row = _locked(recurring_id)
    if RecurringRun.objects.filter(recurring_id=row.pk).exists():
        raise DomainError(N_("This has made invoices already; stop it instead."), code="has_runs")
    RecurringInvoice.objects.filter(pk=row.pk).delete()
