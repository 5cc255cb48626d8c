"""What the API says of payments, allocations and payment accounts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

from api.shapes import day, moment, money, plain
from payments.models import Allocation, Payment, PaymentAccount
from payments.services.registering import Registered
from payments.settlement import Item, Settled
from tenancy.statements import Statement, slot


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


_COLUMNS = (
    "id",
    "payment_id",
    "credit_note_id",
    "supplier_credit_id",
    "entry_id",
    "invoice_id",
    "bill_id",
    "refund_id",
    "undoes_id",
    "currency",
    "date",
    "amount",
    "source_amount",
    "discount_amount",
    "write_off_amount",
    "base_amount",
    "source_base_amount",
    "discount_base",
    "write_off_base",
    "invoice__number",
    "bill__number",
    "refund__number",
)


def allocation_shape(row: dict[str, Any]) -> dict[str, Any]:
    """Return an allocation. Amounts are in the target's currency, `base_amount` and the difference in base currency."""
    currency = row["currency"]
    gained = row["source_base_amount"] + row["discount_base"] + row["write_off_base"]
    return {
        "id": str(row["id"]),
        "payment": _id(row["payment_id"]),
        "credit_note": _id(row["credit_note_id"]),
        "supplier_credit": _id(row["supplier_credit_id"]),
        "journal": _id(row["entry_id"]),
        "invoice": _id(row["invoice_id"]),
        "invoice_number": row["invoice__number"],
        "bill": _id(row["bill_id"]),
        "refund": _id(row["refund_id"]),
        "number": row["invoice__number"] or row["bill__number"] or row["refund__number"],
        "currency": currency,
        "amount": money(row["amount"], currency),
        "payment_amount": plain(row["source_amount"]),
        "discount": money(row["discount_amount"], currency),
        "write_off": money(row["write_off_amount"], currency),
        "base_amount": plain(row["base_amount"]),
        "exchange_difference": plain(gained - row["base_amount"]),
        "date": day(row["date"]),
        "undoes": _id(row["undoes_id"]),
    }


@cache
def _allocations(field: str) -> Statement[tuple[Any, ...]]:
    return Statement(
        Allocation,
        lambda rows: (
            rows.filter(**{f"{field}_id__any_of": slot("ids")})
            .order_by("created_at", "id")
            .values_list(*_COLUMNS)
        ),
    )


def _just_settled(key: uuid.UUID, row: Settled, payment: Payment) -> dict[str, Any]:
    """Return what `_COLUMNS` would be read for an allocation that was just written."""
    target = row.target
    number = payment.number if target.id == payment.pk else target.number
    return dict.fromkeys(_COLUMNS) | {
        "id": key,
        f"{row.source.kind}_id": row.source.id,
        f"{target.kind}_id": target.id,
        f"{target.kind}__number": number,
        "currency": target.currency,
        "date": row.date,
        "amount": row.amount,
        "source_amount": row.source_amount,
        "discount_amount": row.discount,
        "write_off_amount": row.write_off,
        "base_amount": row.base_amount,
        "source_base_amount": row.source_base,
        "discount_base": row.discount_base,
        "write_off_base": row.write_off_base,
    }


def registered_payment(registered: Registered) -> dict[str, Any]:
    """Return a payment as `whole_payment` does, from what registering it left in memory."""
    payment, settled = registered
    return payment_shape(payment) | {
        "allocations": [allocation_shape(_just_settled(key, row, payment)) for key, row in settled]
    }


def whole_payment(payment: Payment) -> dict[str, Any]:
    """Return a payment with its allocations: one statement."""
    is_refund = payment.direction == ("out" if payment.customer_id else "in")
    field = "refund" if is_refund else "payment"
    return payment_shape(payment) | {"allocations": allocations_of_documents(field, [payment.pk])}


def allocations_of_documents(field: str, ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Return what settled documents, or what credits settled; `field` names the column. One statement."""
    rows = _allocations(field).all(ids=list(ids))
    return [allocation_shape(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


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
