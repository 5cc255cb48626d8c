"""Documents for tests, through the services only: no test starts from a state production cannot reach.

Every builder needs an open company scope (fixture `in_company_a`, or `with company_a.acting() as actor`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from ap.models import Supplier
from ar.models import CreditNote, Customer, Invoice, InvoiceLine
from ar.services.invoices import invoice_create, invoice_lock
from ar.services.notes import credit_note_create
from ar.services.posting import invoice_create_posted, invoice_post, invoice_void
from ar.typed import TypedInvoice, parse_invoice
from ar.typed_credit import parse_credit
from commissions.models import CommissionSnapshot
from commissions.services.snapshots import snapshot_approve
from core.dates import local_today
from inventory.models import Item
from payments.models import Payment, PaymentAccount
from payments.services.registering import payment_register
from payments.typed import TypedPayment
from tenancy.principal import Principal

Line = Mapping[str, Any]


def line(
    quantity: object = "1",
    unit_price: object = "100",
    *,
    item: Item | None = None,
    vat_rate: object = "15",
    **fields: Any,
) -> dict[str, Any]:
    """Return one typed line, as the editor and the API send it."""
    typed: dict[str, Any] = {
        "quantity": str(quantity),
        "unit_price": str(unit_price),
        "vat_rate": str(vat_rate),
        **fields,
    }
    if item is not None:
        typed["item"] = str(item.pk)
    typed.setdefault("description", "" if item is not None else "Consulting")
    return typed


def invoice_payload(
    customer: Customer, lines: Sequence[Line] | None = None, **fields: Any
) -> dict[str, Any]:
    """Return a typed invoice as the editor and the API send it; one line of 100.00 and 15 % VAT by default."""
    return {"customer": str(customer.pk), "lines": list(lines or [line()]), **fields}


def typed_invoice(
    actor: Principal, customer: Customer, lines: Sequence[Line] | None = None, **fields: Any
) -> TypedInvoice:
    """Return the invoice as the services take it, checked like real input."""
    return parse_invoice(
        invoice_payload(customer, lines, **fields),
        currency=actor.currency,
        today=local_today(),
    )


def draft_invoice(
    actor: Principal, customer: Customer, lines: Sequence[Line] | None = None, **fields: Any
) -> Invoice:
    """Return a draft with its lines."""
    return invoice_create(typed=typed_invoice(actor, customer, lines, **fields), actor=actor)


def posted_invoice(
    actor: Principal, customer: Customer, lines: Sequence[Line] | None = None, **fields: Any
) -> Invoice:
    """Return an invoice posted at once; by default 100.00 net, 15.00 VAT, 115.00 in all."""
    return invoice_create_posted(typed=typed_invoice(actor, customer, lines, **fields), actor=actor)


def post(actor: Principal, invoice: Invoice) -> Invoice:
    """Post a draft."""
    return invoice_post(invoice_id=invoice.pk, actor=actor)


def locked_invoice(
    actor: Principal, customer: Customer, lines: Sequence[Line] | None = None, **fields: Any
) -> Invoice:
    """Return a posted invoice that its owner has locked."""
    return invoice_lock(invoice_id=posted_invoice(actor, customer, lines, **fields).pk, actor=actor)


def voided_invoice(
    actor: Principal, customer: Customer, lines: Sequence[Line] | None = None, **fields: Any
) -> tuple[Invoice, CreditNote]:
    """Return a void invoice and the credit note that voided it."""
    invoice = posted_invoice(actor, customer, lines, **fields)
    note = invoice_void(invoice_id=invoice.pk, actor=actor, reason="Wrong customer")
    return fresh(invoice), note


def payment(
    actor: Principal,
    customer: Customer | Supplier,
    amount: object,
    *,
    allocations: Sequence[tuple[Any, object]] = (),
    **fields: Any,
) -> Payment:
    """Register money in the till, received unless `direction` says out: on the named documents, else the oldest open."""
    with transaction.atomic():
        account = fields.pop("account", None) or PaymentAccount.objects.get(code="CASH")
        if allocations:
            fields["strategy"] = "manual"
            fields["allocations"] = tuple(
                (invoice.pk, Decimal(str(part))) for invoice, part in allocations
            )
        # parts with discount, difference or an amount in another currency
        fields["allocations"] = fields.pop("allocations_typed", fields.get("allocations", ()))
        party = "supplier_id" if isinstance(customer, Supplier) else "customer_id"
        fields[party] = customer.pk
        typed = TypedPayment(
            payment_account_id=account.pk,
            amount=Decimal(str(amount)),
            date=fields.pop("date", None) or local_today(),
            **fields,
        )
        return payment_register(typed=typed, actor=actor)


def paid_invoice(
    actor: Principal, customer: Customer, lines: Sequence[Line] | None = None, **fields: Any
) -> Invoice:
    """Return a posted invoice that one receipt has paid in full."""
    invoice = posted_invoice(actor, customer, lines, **fields)
    payment(actor, customer, invoice.total, allocations=[(invoice, invoice.total)])
    return fresh(invoice)


def fresh(invoice: Invoice) -> Invoice:
    """Return the invoice as stored now."""
    with transaction.atomic():
        return Invoice.objects.get(pk=invoice.pk)


def lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """Return the stored lines in order."""
    with transaction.atomic():
        return list(InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position"))


def days_ago(days: int) -> str:
    """Return a date as typed."""
    return (local_today() - dt.timedelta(days=days)).isoformat()


def commission_approve(actor: Principal, invoice: Invoice) -> CommissionSnapshot:
    """Approve the commission of a paid invoice."""
    with transaction.atomic():
        key = CommissionSnapshot.objects.values_list("pk", flat=True).get(invoice_id=invoice.pk)
    return snapshot_approve(snapshot_id=key, actor=actor)


def credited_one(actor: Principal, invoice: Invoice, quantity: object = "1") -> CreditNote:
    """Credit a quantity of the first line of a posted invoice."""
    typed = parse_credit(
        {
            "reason": "Goods back",
            "lines": [{"line": str(lines_of(invoice)[0].pk), "quantity": str(quantity)}],
        },
        invoice_id=invoice.pk,
    )
    return credit_note_create(typed=typed, actor=actor)
