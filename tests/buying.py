"""Suppliers and bills for tests, through the services only, as tests.builders does for sales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction

from ap.models import Bill, Supplier, SupplierCredit
from ap.services.bills import bill_create
from ap.services.credits import credit_create
from ap.services.posting import bill_create_posted
from ap.services.suppliers import supplier_create
from ap.typed import TypedBill, parse_bill
from ap.typed_credit import parse_credit
from core.dates import local_today
from documents.models import DocumentHeader
from inventory.models import Item
from ledger.models import Account, JournalEntry, JournalLine
from tenancy.principal import Principal

HeaderT = TypeVar("HeaderT", bound=DocumentHeader)


def supplier(actor: Principal, name: str = "Gulf Rentals", **values: Any) -> Supplier:
    """Return a new supplier."""
    return supplier_create(values={"name": name, **values}, actor=actor)


def cost(
    quantity: object = "1", unit_price: object = "100", *, item: Item | None = None, **fields: Any
) -> dict[str, Any]:
    """Return one typed line of a bill; free text unless an item is given."""
    typed = {"quantity": str(quantity), "unit_price": str(unit_price), **fields}
    if item is not None:
        typed["item"] = str(item.pk)
    typed.setdefault("description", "" if item is not None else "Office rent")
    return typed


def typed_bill(
    actor: Principal,
    party: Supplier,
    lines: Sequence[Mapping[str, Any]] | None = None,
    **fields: Any,
) -> TypedBill:
    """Return the bill as the services take it, checked like real input; one line of 100.00 at 15 % by default."""
    payload = {"supplier": str(party.pk), "lines": list(lines or [cost()]), **fields}
    return parse_bill(payload, currency=actor.currency, today=local_today())


def draft_bill(
    actor: Principal,
    party: Supplier,
    lines: Sequence[Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Bill:
    """Return a draft with its lines."""
    return bill_create(typed=typed_bill(actor, party, lines, **fields), actor=actor)


def posted_bill(
    actor: Principal,
    party: Supplier,
    lines: Sequence[Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Bill:
    """Return a bill posted at once; by default 100.00 net, 15.00 VAT, 115.00 in all."""
    return bill_create_posted(typed=typed_bill(actor, party, lines, **fields), actor=actor)


def credited(
    actor: Principal, bill: Bill, lines: Sequence[tuple[Any, object]] | None = None, **fields: Any
) -> SupplierCredit:
    """Take back (line, quantity) of a posted bill, or all that is left of it."""
    payload: dict[str, Any] = {"reason": "Goods back", "whole": lines is None, **fields}
    if lines is not None:
        payload["lines"] = [
            {"line": str(line.pk), "quantity": str(quantity)} for line, quantity in lines
        ]
    return credit_create(typed=parse_credit(payload, bill_id=bill.pk), actor=actor)


def again(document: HeaderT) -> HeaderT:
    """Return the document as stored now."""
    with transaction.atomic():
        stored: HeaderT = type(document).objects.get(pk=document.pk)
        return stored


def code(number: str) -> str:
    """Return the id of an account, as typed."""
    return str(Account.objects.values_list("pk", flat=True).get(code=number))


def journal(document: DocumentHeader) -> dict[str, tuple[Decimal, Decimal]]:
    """Return {account code: (debits, credits)} of the document's entry."""
    codes = dict(Account.objects.values_list("pk", "code"))
    entry = JournalEntry.objects.get(source_id=document.pk, purpose="post")
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for row in JournalLine.objects.filter(entry_id=entry.pk):
        debit, credit = sums.get(codes[row.account_id], (Decimal(0), Decimal(0)))
        sums[codes[row.account_id]] = (debit + row.debit, credit + row.credit)
    return sums


def every_purchase_row(actor: Principal) -> None:
    """Put a row into every table of payables: a draft, a posted bill with months, a credit over it."""
    party = supplier(actor, "Row Supplies")
    draft_bill(actor, party)
    months = cost(account="6310", prepaid_months="2")
    credited(actor, posted_bill(actor, party, [months]))
