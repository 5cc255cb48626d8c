"""Shapes of payments for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import amount as decimal

STRATEGIES = (
    "fifo",
    "lifo",
    "fifo_by_issue_date",
    "lifo_by_issue_date",
    "manual",
    "none",
)


class AllocationInput(drf.Serializer[Any]):
    """An amount for one document: exactly one of the ids. A refund names credits: credit_note, supplier_credit, payment.

    `amount` is what the document loses, discount and difference included; `payment_amount` what it takes of a payment
    in another currency.
    """

    invoice = drf.UUIDField(required=False)
    bill = drf.UUIDField(required=False)
    refund = drf.UUIDField(required=False)
    credit_note = drf.UUIDField(required=False)
    supplier_credit = drf.UUIDField(required=False)
    payment = drf.UUIDField(required=False)
    amount = decimal()
    payment_amount = decimal(required=False)
    discount = decimal(required=False)
    write_off = decimal(required=False)


class AllocateInput(drf.Serializer[Any]):
    """How what is on account is used."""

    strategy = drf.ChoiceField(STRATEGIES, required=False)
    allocations = AllocationInput(many=True, required=False)
    date = drf.DateField(required=False, help_text="The later of the two documents when left out.")


class PaymentInput(drf.Serializer[Any]):
    """Money received or paid: of one customer or of one supplier."""

    customer = drf.UUIDField(required=False)
    supplier = drf.UUIDField(required=False)
    direction = drf.ChoiceField(("in", "out"), required=False)
    payment_account = drf.UUIDField()
    amount = decimal()
    date = drf.DateField(required=False, help_text="Today when left out.")
    strategy = drf.ChoiceField(STRATEGIES, required=False)
    allocations = AllocationInput(many=True, required=False)
    currency = drf.CharField(required=False, max_length=3)
    exchange_rate = decimal(required=False)
    withholding_tax = decimal(required=False)
    is_advance = drf.BooleanField(required=False)
    reference = drf.CharField(required=False, max_length=120)
    notes = drf.CharField(required=False, max_length=2000)


class AllocationShape(drf.Serializer[Any]):
    """What settled what."""

    id = drf.UUIDField()
    payment = drf.UUIDField(allow_null=True)
    credit_note = drf.UUIDField(allow_null=True)
    supplier_credit = drf.UUIDField(allow_null=True)
    journal = drf.UUIDField(allow_null=True)
    invoice = drf.UUIDField(allow_null=True)
    invoice_number = drf.CharField(allow_null=True, required=False)
    bill = drf.UUIDField(allow_null=True)
    refund = drf.UUIDField(allow_null=True)
    number = drf.CharField()
    currency = drf.CharField()
    amount = decimal()
    payment_amount = decimal()
    discount = decimal()
    write_off = decimal()
    base_amount = decimal()
    exchange_difference = decimal()
    date = drf.DateField()
    undoes = drf.UUIDField(allow_null=True)


class AllocationsAnswer(drf.Serializer[Any]):
    """Allocations."""

    allocations = AllocationShape(many=True)


class PaymentShape(drf.Serializer[Any]):
    """A payment."""

    id = drf.UUIDField()
    number = drf.CharField()
    status = drf.ChoiceField(("posted", "void"))
    version = drf.IntegerField()
    direction = drf.ChoiceField(("in", "out"))
    customer = drf.UUIDField(allow_null=True)
    supplier = drf.UUIDField(allow_null=True)
    payment_account = drf.UUIDField()
    date = drf.DateField()
    currency = drf.CharField()
    exchange_rate = decimal()
    amount = decimal()
    withholding_tax = decimal()
    allocated_amount = decimal()
    open_amount = decimal(required=True)
    is_advance = drf.BooleanField()
    reference = drf.CharField()
    notes = drf.CharField()
    void_date = drf.DateField(allow_null=True)
    void_reason = drf.CharField()
    created_at = drf.DateTimeField()
    created_by = drf.IntegerField(allow_null=True)
    allocations = AllocationShape(many=True, required=False)


class VoidInput(drf.Serializer[Any]):
    """When the reversal is dated, and why."""

    date = drf.DateField(required=False)
    reason = drf.CharField(required=False, max_length=300)


class UndoInput(drf.Serializer[Any]):
    """When the undoing is dated."""

    date = drf.DateField(required=False, help_text="Today when left out.")


class UnallocateInput(UndoInput):
    """Which allocation is taken back."""

    allocation = drf.UUIDField()


class OpenItemShape(drf.Serializer[Any]):
    """An open item in its currency, with its carrying amount in base currency."""

    kind = drf.ChoiceField(("invoice", "bill", "payment", "credit_note", "supplier_credit"))
    id = drf.UUIDField()
    number = drf.CharField()
    date = drf.DateField()
    due_date = drf.DateField()
    currency = drf.CharField()
    exchange_rate = decimal()
    open_amount = decimal()
    carrying_amount = decimal()
    held = drf.ChoiceField(("", "disputed", "on_hold"))


class OpenItemsAnswer(drf.Serializer[Any]):
    """What a party owes and what it has on account."""

    customer = drf.UUIDField(required=False)
    supplier = drf.UUIDField(required=False)
    documents = OpenItemShape(many=True)
    credits = OpenItemShape(many=True)


class ProposalRow(drf.Serializer[Any]):
    """An open document with what the strategy proposes for it."""

    invoice = drf.UUIDField(required=False)
    bill = drf.UUIDField(required=False)
    number = drf.CharField()
    issue_date = drf.DateField()
    due_date = drf.DateField()
    open_amount = decimal()
    proposed_amount = decimal()


class ProposalAnswer(drf.Serializer[Any]):
    """Open documents of a party and what stays on account."""

    customer = drf.UUIDField(required=False)
    supplier = drf.UUIDField(required=False)
    currency = drf.CharField()
    amount = decimal()
    strategy = drf.ChoiceField(STRATEGIES)
    rows = ProposalRow(many=True)
    left_on_account = decimal()


class PaymentAccountChange(drf.Serializer[Any]):
    """Fields of a payment account to change."""

    code = drf.CharField(required=False, max_length=20)
    name = drf.CharField(required=False, max_length=120)
    name_arabic = drf.CharField(required=False, max_length=120)
    kind = drf.ChoiceField(("cash", "bank", "card"), required=False)
    account = drf.UUIDField(required=False, help_text="The ledger account.")
    currency = drf.CharField(required=False, max_length=3)
    bank_name = drf.CharField(required=False, max_length=120)
    iban = drf.CharField(required=False, max_length=34)
    account_number = drf.CharField(required=False, max_length=40)
    is_active = drf.BooleanField(required=False)
    version = drf.IntegerField(required=False)


class PaymentAccountInput(PaymentAccountChange):
    """A new payment account."""

    version = None
    code = drf.CharField(max_length=20)
    name = drf.CharField(max_length=120)
    kind = drf.ChoiceField(("cash", "bank", "card"))
    account = drf.UUIDField(help_text="The ledger account.")


class PaymentAccountShape(drf.Serializer[Any]):
    """Where money is."""

    id = drf.UUIDField()
    code = drf.CharField()
    name = drf.CharField()
    name_arabic = drf.CharField()
    kind = drf.ChoiceField(("cash", "bank", "card"))
    currency = drf.CharField()
    account = drf.UUIDField()
    bank_name = drf.CharField()
    iban = drf.CharField()
    account_number = drf.CharField()
    is_active = drf.BooleanField()
    version = drf.IntegerField()
