"""Shapes of documents for the OpenAPI description: what every kind has. A kind adds its party and its own fields."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import amount

STATUSES = ("draft", "posted", "partially_paid", "paid", "void")
VAT_RATES = ("15", "5", "0")


class HeaderInput(drf.Serializer[Any]):
    """What every document's header takes."""

    issue_date = drf.DateField(required=False, help_text="Today when left out.")
    due_date = drf.DateField(required=False, help_text="By the party's terms when left out.")
    supply_date = drf.DateField(required=False)
    currency = drf.CharField(required=False, max_length=3)
    exchange_rate = amount(required=False)
    rate_reason = drf.CharField(required=False, max_length=200)
    number = drf.CharField(required=False, max_length=60, help_text="Empty: given at posting.")
    reference = drf.CharField(required=False, max_length=120)
    notes = drf.CharField(required=False, max_length=2000)
    notes_arabic = drf.CharField(required=False, max_length=2000)
    external_id = drf.CharField(required=False, max_length=120)
    document_discount = amount(required=False)
    prices_include_tax = drf.BooleanField(required=False)
    draft = drf.UUIDField(required=False, help_text="The editor draft that becomes this document.")


class LineInput(drf.Serializer[Any]):
    """One line as typed: an item by id or code, or a description."""

    id = drf.UUIDField(
        required=False, help_text="Of a line that exists, when all lines are replaced."
    )
    item = drf.UUIDField(required=False, allow_null=True)
    item_code = drf.CharField(required=False, max_length=60)
    description = drf.CharField(required=False, max_length=500)
    description_arabic = drf.CharField(required=False, max_length=500)
    quantity = amount()
    unit = drf.CharField(required=False, max_length=20)
    unit_price = amount()
    discount_percent = amount(required=False)
    vat_rate = drf.ChoiceField(VAT_RATES, required=False)
    tax_category = drf.ChoiceField(("S", "Z", "E", "O"), required=False)
    tax_code = drf.CharField(required=False, max_length=12)


class LineAdd(LineInput):
    """A line to add; `merge` adds to the quantity when the item is there already."""

    merge = drf.BooleanField(required=False)
    version = drf.IntegerField(required=False)


class LineChange(LineInput):
    """Fields of a line to change."""

    quantity = amount(required=False)
    unit_price = amount(required=False)
    version = drf.IntegerField(required=False)


class VersionInput(drf.Serializer[Any]):
    """The version an action was decided on."""

    version = drf.IntegerField(required=False)


class DocumentLineShape(drf.Serializer[Any]):
    """One stored line."""

    id = drf.UUIDField()
    position = drf.IntegerField()
    item = drf.UUIDField(allow_null=True)
    item_code = drf.CharField()
    description = drf.CharField()
    description_arabic = drf.CharField()
    quantity = amount()
    unit = drf.CharField()
    unit_price = amount()
    discount_percent = amount()
    discount_amount = amount()
    vat_rate = amount()
    tax_category = drf.CharField()
    tax_code = drf.CharField()
    net_amount = amount()
    tax_amount = amount()
    gross_amount = amount()


class Totals(drf.Serializer[Any]):
    """Stored totals."""

    subtotal = amount()
    tax_amount = amount()
    total = amount()


class LineAnswer(drf.Serializer[Any]):
    """The line written, fresh totals and the document's version."""

    line = DocumentLineShape(allow_null=True)
    totals = Totals()
    version = drf.IntegerField()


class DocumentHeaderShape(Totals):
    """A document without lines."""

    id = drf.UUIDField()
    number = drf.CharField()
    status = drf.ChoiceField(STATUSES)
    version = drf.IntegerField()
    issue_date = drf.DateField()
    due_date = drf.DateField(allow_null=True)
    currency = drf.CharField()
    open_amount = amount()
    is_locked = drf.BooleanField()
    reference = drf.CharField()


class VatRow(drf.Serializer[Any]):
    """VAT of one category and rate."""

    category = drf.CharField()
    rate = amount()
    taxable = amount()
    tax = amount()


class DocumentShape(DocumentHeaderShape):
    """A whole document."""

    supply_date = drf.DateField(allow_null=True)
    exchange_rate = amount()
    rate_source = drf.CharField(help_text="Where the rate is from; empty: it was typed.")
    rate_date = drf.DateField(allow_null=True)
    rate_reason = drf.CharField()
    prices_include_tax = drf.BooleanField()
    document_discount = amount()
    vat_breakdown = VatRow(many=True)
    line_count = drf.IntegerField()
    notes = drf.CharField()
    notes_arabic = drf.CharField()
    external_id = drf.CharField()
    issued_at = drf.DateTimeField(allow_null=True)
    posted_at = drf.DateTimeField(allow_null=True)
    created_at = drf.DateTimeField(allow_null=True)
    created_by = drf.IntegerField(allow_null=True)
    branch = drf.UUIDField()
    lines = DocumentLineShape(many=True, required=False)


class Person(drf.Serializer[Any]):
    """A person by id and name."""

    id = drf.IntegerField()
    name = drf.CharField()
