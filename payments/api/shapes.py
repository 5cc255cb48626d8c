"""What the API says of payments, allocations and payment accounts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from api.shapes import day, moment, money, plain
from payments.models import Allocation, Payment, PaymentAccount
from payments.selectors.payments import allocations_of_payment
from payments.settlement import Item


def _id(key: uuid.UUID | None) -> str | None:
    return str(key) if key else None


def payment_shape(payment: Payment) -> dict[str, Any]:
    """Return a payment without its allocations."""
    currency = payment.currency
    rest = payment.amount + payment.withholding_tax - payment.allocated_amount
    return {
        "id": str(payment.pk),
        "number": payment.number,
        "status": payment.status,
        "version": payment.version,
        "direction": payment.direction,
        "customer": _id(payment.customer_id),
        "supplier": _id(payment.supplier_id),
        "payment_account": str(payment.payment_account_id),
        "date": day(payment.date),
        "currency": currency,
        "exchange_rate": plain(payment.exchange_rate),
        "amount": money(payment.amount, currency),
        "withholding_tax": money(payment.withholding_tax, currency),
        "allocated_amount": money(payment.allocated_amount, currency),
        "open_amount": money(rest, currency),
        "is_advance": payment.is_advance,
        "reference": payment.reference,
        "notes": payment.notes,
        "void_date": day(payment.void_date),
        "void_reason": payment.void_reason,
        "created_at": moment(payment.created_at),
        "created_by": payment.created_by_id,
    }


def allocation_shape(row: Allocation) -> dict[str, Any]:
    """Return an allocation; its target is loaded. Amounts are in the target's currency, those of `base` in base."""
    target = row.invoice or row.bill or row.refund
    return {
        "id": str(row.pk),
        "payment": _id(row.payment_id),
        "credit_note": _id(row.credit_note_id),
        "supplier_credit": _id(row.supplier_credit_id),
        "journal": _id(row.entry_id),
        "invoice": _id(row.invoice_id),
        "invoice_number": row.invoice.number if row.invoice else None,
        "bill": _id(row.bill_id),
        "refund": _id(row.refund_id),
        "number": target.number if target else "",
        "currency": row.currency,
        "amount": money(row.amount, row.currency),
        "payment_amount": plain(row.source_amount),
        "discount": money(row.discount_amount, row.currency),
        "write_off": money(row.write_off_amount, row.currency),
        "base_amount": plain(row.base_amount),
        "exchange_difference": plain(
            row.source_base_amount + row.discount_base + row.write_off_base - row.base_amount
        ),
        "date": day(row.date),
        "undoes": _id(row.undoes_id),
    }


def whole_payment(payment: Payment) -> dict[str, Any]:
    """Return a payment with its allocations: one statement."""
    rows = allocations_of_payment(payment.pk)
    return payment_shape(payment) | {"allocations": [allocation_shape(row) for row in rows]}


def allocations_of_documents(field: str, ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Return what settled documents, or what credits settled; `field` names the column. One statement."""
    rows = (
        Allocation.objects.filter(**{f"{field}_id__in": ids})
        .select_related("invoice", "bill", "refund")
        .order_by("created_at", "id")
    )
    return [allocation_shape(row) for row in rows]


def item_shape(item: Item) -> dict[str, Any]:
    """Return an open item of a party."""
    return {
        "kind": item.kind,
        "id": str(item.id),
        "number": item.number,
        "date": day(item.date),
        "due_date": day(item.due_date),
        "currency": item.currency,
        "exchange_rate": plain(item.rate),
        "open_amount": money(item.open_amount, item.currency),
        "carrying_amount": plain(item.carrying),
        "held": item.held,
    }


def account_shape(account: PaymentAccount) -> dict[str, Any]:
    """Return a payment account."""
    return {
        "id": str(account.pk),
        "code": account.code,
        "name": account.name,
        "name_arabic": account.name_arabic,
        "kind": account.kind,
        "currency": account.currency,
        "account": str(account.account_id),
        "bank_name": account.bank_name,
        "iban": account.iban,
        "account_number": account.account_number,
        "is_active": account.is_active,
        "version": account.version,
    }
