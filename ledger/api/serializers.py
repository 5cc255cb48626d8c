"""Shapes of the books for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import amount
from ledger.models import Account, JournalEntry


class AccountShape(drf.Serializer[Any]):
    """A ledger account."""

    id = drf.UUIDField()
    code = drf.CharField()
    name = drf.CharField()
    name_arabic = drf.CharField()
    kind = drf.ChoiceField(Account.Kind.values)
    normal_side = drf.CharField()
    role = drf.CharField()
    parent = drf.UUIDField(allow_null=True)
    is_posting = drf.BooleanField()
    is_active = drf.BooleanField()


class JournalShape(drf.Serializer[Any]):
    """A journal entry."""

    id = drf.UUIDField()
    date = drf.DateField()
    book = drf.CharField()
    kind = drf.ChoiceField(JournalEntry.Kind.values)
    source_kind = drf.CharField()
    source_id = drf.UUIDField()
    source_number = drf.CharField()
    purpose = drf.CharField()
    description = drf.CharField()
    currency = drf.CharField()
    rate = amount()
    total = amount()
    line_count = drf.IntegerField()
    reverses = drf.UUIDField(allow_null=True)
    posted_at = drf.DateTimeField()
    posted_by = drf.IntegerField(allow_null=True)


class JournalLineShape(drf.Serializer[Any]):
    """One side of an entry."""

    position = drf.IntegerField()
    account = drf.UUIDField()
    account_code = drf.CharField()
    account_name = drf.CharField()
    account_name_arabic = drf.CharField()
    debit = amount()
    credit = amount()
    currency = drf.CharField()
    amount_currency = amount()
    party_kind = drf.CharField()
    party = drf.UUIDField(allow_null=True)
    tax_code = drf.CharField()
    description = drf.CharField()


class JournalWhole(JournalShape):
    """An entry with its lines."""

    lines = JournalLineShape(many=True)
