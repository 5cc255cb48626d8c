"""Shapes of payments for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import amount as decimal

STRATEGIES = ("fifo", "lifo", "fifo_by_issue_date", "manual")


class AllocationInput(drf.Serializer[Any]):
    """An amount for one invoice."""

    invoice = drf.UUIDField()
    amount = decimal()


class AllocateInput(drf.Serializer[Any]):
    """How the rest of a payment is used."""

    strategy = drf.ChoiceField(STRATEGIES, required=False)
    allocations = AllocationInput(many=True, required=False)


class PaymentInput(AllocateInput):
    """Money received."""

    customer = drf.UUIDField()
    payment_account = drf.UUIDField()
    amount = decimal()
    date = drf.DateField(required=False, help_text="Today when left out.")
    currency = drf.CharField(required=False, max_length=3)
    exchange_rate = decimal(required=False)
    reference = drf.CharField(required=False, max_length=120)
    notes = drf.CharField(required=False, max_length=2000)


class AllocationShape(drf.Serializer[Any]):
    """What a payment or credit note settled."""

    id = drf.UUIDField()
    payment = drf.UUIDField(allow_null=True)
    credit_note = drf.UUIDField(allow_null=True)
    invoice = drf.UUIDField()
    invoice_number = drf.CharField(required=False)
    amount = decimal()
    date = drf.DateField()
    undoes = drf.UUIDField(allow_null=True)


class PaymentShape(drf.Serializer[Any]):
    """A payment."""

    id = drf.UUIDField()
    number = drf.CharField()
    status = drf.ChoiceField(("posted", "void"))
    version = drf.IntegerField()
    direction = drf.ChoiceField(("in", "out"))
    customer = drf.UUIDField()
    payment_account = drf.UUIDField()
    date = drf.DateField()
    currency = drf.CharField()
    exchange_rate = decimal()
    amount = decimal()
    allocated_amount = decimal()
    open_amount = decimal(required=True)
    reference = drf.CharField()
    notes = drf.CharField()
    created_at = drf.DateTimeField()
    created_by = drf.IntegerField(allow_null=True)
    allocations = AllocationShape(many=True, required=False)


class VoidInput(drf.Serializer[Any]):
    """When the reversal is dated."""

    date = drf.DateField(required=False)


class ProposalRow(drf.Serializer[Any]):
    """An open invoice with what the strategy proposes for it."""

    invoice = drf.UUIDField()
    number = drf.CharField()
    issue_date = drf.DateField()
    due_date = drf.DateField()
    open_amount = decimal()
    proposed_amount = decimal()


class ProposalAnswer(drf.Serializer[Any]):
    """Open invoices of a customer and what stays on account."""

    customer = drf.UUIDField()
    currency = drf.CharField()
    amount = decimal()
    strategy = drf.ChoiceField(STRATEGIES)
    rows = ProposalRow(many=True)
    left_on_account = decimal()


class PaymentAccountShape(drf.Serializer[Any]):
    """Where money is."""

    id = drf.UUIDField()
    code = drf.CharField()
    name = drf.CharField()
    name_arabic = drf.CharField()
    kind = drf.ChoiceField(("cash", "bank", "card"))
    currency = drf.CharField()
    account = drf.UUIDField()
    is_active = drf.BooleanField()
