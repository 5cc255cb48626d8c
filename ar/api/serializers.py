"""Shapes of receivables for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import AuditRow, amount, page_of
from documents.api.serializers import (
    DocumentHeaderShape,
    DocumentLineShape,
    DocumentShape,
    HeaderInput,
    LineAdd,
    LineAnswer,
    LineChange,
    LineInput,
    Person,
    VersionInput,
)

__all__ = [
    "AuditRow",
    "DocumentLineShape",
    "LineAdd",
    "LineAnswer",
    "LineChange",
    "VersionInput",
    "page_of",
]


class InvoiceInput(HeaderInput):
    """An invoice as typed."""

    customer = drf.UUIDField()
    salesperson = drf.IntegerField(required=False, allow_null=True)
    terms = drf.UUIDField(required=False, allow_null=True, help_text="Id of payment terms.")
    lines = LineInput(many=True)


class InvoiceUpdate(InvoiceInput):
    """An invoice with the version it was typed on."""

    version = drf.IntegerField(required=False)


class CreditNoteInput(VersionInput):
    """Why an invoice is voided."""

    reason = drf.CharField(required=False, max_length=300)


class InvoiceRow(DocumentHeaderShape):
    """An invoice in a list."""

    customer = drf.UUIDField()
    customer_name = drf.CharField(required=False)
    customer_name_arabic = drf.CharField(required=False)


class InvoiceDocument(DocumentShape):
    """An invoice."""

    customer = drf.UUIDField()
    kind = drf.ChoiceField(("invoice", "debit_note", "prepayment", "opening"))
    corrects = drf.UUIDField(allow_null=True)
    reason = drf.CharField()
    terms = drf.UUIDField(allow_null=True)
    early_discount_percent = amount()
    early_discount_until = drf.DateField(allow_null=True)
    settlement_hold = drf.ChoiceField(("", "disputed", "on_hold"))
    warnings = drf.ListField(
        child=drf.CharField(), help_text="After posting: credit_limit_exceeded, or nothing."
    )
    salesperson = drf.IntegerField(allow_null=True)
    commission_percent = amount(allow_null=True)


class GeneratedInvoice(InvoiceDocument):
    """A posted invoice with its QR code and PDF."""

    qr_code = drf.CharField(
        help_text="Base64 of the TLV tags; empty for a seller without VAT number."
    )
    pdf_base64 = drf.CharField(required=False)


class CreditNoteDocument(DocumentShape):
    """A credit note."""

    customer = drf.UUIDField()
    invoice = drf.UUIDField(allow_null=True)
    reason = drf.CharField()


class CustomerInput(drf.Serializer[Any]):
    """A customer as typed."""

    code = drf.CharField(required=False, max_length=40, help_text="Empty: the next free one.")
    name = drf.CharField(max_length=200)
    name_arabic = drf.CharField(required=False, max_length=200)
    vat_number = drf.RegexField(r"^3[0-9]{13}3$", required=False, allow_blank=True)
    cr_number = drf.CharField(required=False, max_length=20)
    street = drf.CharField(required=False, max_length=200)
    building_number = drf.CharField(required=False, max_length=10)
    district = drf.CharField(required=False, max_length=120)
    city = drf.CharField(required=False, max_length=120)
    city_arabic = drf.CharField(required=False, max_length=120)
    postal_code = drf.CharField(required=False, max_length=10)
    country = drf.CharField(required=False, max_length=2)
    phone = drf.CharField(required=False, max_length=30)
    email = drf.CharField(
        required=False, allow_blank=True, max_length=254, help_text="An e-mail address, or nothing."
    )
    language = drf.ChoiceField(("ar", "en"), required=False)
    payment_terms_days = drf.IntegerField(required=False, allow_null=True)
    terms = drf.UUIDField(required=False, allow_null=True, help_text="Id of payment terms.")
    credit_limit = amount(required=False, allow_null=True)
    credit_control = drf.ChoiceField(("off", "warn", "block"), required=False)
    reminders_stopped = drf.BooleanField(required=False)
    notes = drf.CharField(required=False, max_length=2000)
    is_active = drf.BooleanField(required=False)
    version = drf.IntegerField(
        required=False, help_text="When changing: the version it was read at."
    )


class CustomerShape(CustomerInput):
    """A stored customer."""

    id = drf.UUIDField()
    is_cash = drf.BooleanField()
    created_at = drf.DateTimeField()


class InvoiceWhole(InvoiceDocument):
    """An invoice with everything around it."""

    customer_details = CustomerShape()
    customer_name = drf.CharField()
    customer_name_arabic = drf.CharField()
    creator = Person(allow_null=True)
    salesperson_details = Person(allow_null=True)
    qr_code = drf.CharField()
    allocations = drf.ListField(child=drf.DictField())
    commissions = drf.ListField(child=drf.DictField())


class PreviewLine(drf.Serializer[Any]):
    """A line of the live preview; anything typed is accepted and judged."""

    description = drf.CharField(required=False)
    quantity = amount(required=False)
    unit_price = amount(required=False)
    vat_rate = amount(required=False)
    discount_percent = amount(required=False)


class PreviewInput(drf.Serializer[Any]):
    """What is typed so far."""

    line_items = PreviewLine(many=True)
    currency = drf.CharField(required=False)
    document_discount = amount(required=False)
    prices_include_tax = drf.BooleanField(required=False)


class PreviewError(drf.Serializer[Any]):
    """What is wrong with a line."""

    line = drf.IntegerField(allow_null=True, help_text="Position from 0.")
    field = drf.CharField()
    pointer = drf.CharField()
    code = drf.CharField()
    message = drf.CharField()


class PreviewAnswer(drf.Serializer[Any]):
    """Totals of the lines that could be read."""

    subtotal = amount()
    vat_amount = amount()
    total_amount = amount()
    is_valid = drf.BooleanField()
    errors = PreviewError(many=True)
