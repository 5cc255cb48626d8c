"""Shapes of receivables for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import AuditRow, amount, page_of

__all__ = ["AuditRow", "page_of"]

STATUSES = ("draft", "posted", "partially_paid", "paid", "void")
VAT_RATES = ("15", "5", "0")


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


class InvoiceInput(drf.Serializer[Any]):
    """An invoice as typed."""

    customer = drf.UUIDField()
    issue_date = drf.DateField(required=False, help_text="Today when left out.")
    due_date = drf.DateField(required=False, help_text="By the customer's terms when left out.")
    supply_date = drf.DateField(required=False)
    currency = drf.CharField(required=False, max_length=3)
    exchange_rate = amount(required=False)
    salesperson = drf.IntegerField(required=False, allow_null=True)
    number = drf.CharField(required=False, max_length=60, help_text="Empty: given at posting.")
    reference = drf.CharField(required=False, max_length=120)
    notes = drf.CharField(required=False, max_length=2000)
    notes_arabic = drf.CharField(required=False, max_length=2000)
    external_id = drf.CharField(required=False, max_length=120)
    document_discount = amount(required=False)
    prices_include_tax = drf.BooleanField(required=False)
    draft = drf.UUIDField(required=False, help_text="The editor draft that becomes this invoice.")
    lines = LineInput(many=True)


class InvoiceUpdate(InvoiceInput):
    """An invoice with the version it was typed on."""

    version = drf.IntegerField(required=False)


class VersionInput(drf.Serializer[Any]):
    """The version an action was decided on."""

    version = drf.IntegerField(required=False)


class CreditNoteInput(VersionInput):
    """Why an invoice is voided."""

    reason = drf.CharField(required=False, max_length=300)


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
    customer = drf.UUIDField()
    issue_date = drf.DateField()
    due_date = drf.DateField(allow_null=True)
    currency = drf.CharField()
    open_amount = amount()
    is_locked = drf.BooleanField()
    reference = drf.CharField()


class InvoiceRow(DocumentHeaderShape):
    """An invoice in a list."""

    customer_name = drf.CharField(required=False)
    customer_name_arabic = drf.CharField(required=False)


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


class InvoiceDocument(DocumentShape):
    """An invoice."""

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

    invoice = drf.UUIDField(allow_null=True)
    reason = drf.CharField()


class Person(drf.Serializer[Any]):
    """A person by id and name."""

    id = drf.IntegerField()
    name = drf.CharField()


class CustomerInput(drf.Serializer[Any]):
    """A customer as typed."""

    code = drf.CharField(required=False, max_length=40, help_text="Empty: the next free one.")
    name = drf.CharField(max_length=200)
    name_arabic = drf.CharField(required=False, max_length=200)
    vat_number = drf.RegexField(r"^3[0-9]{13}3$", required=False)
    cr_number = drf.CharField(required=False, max_length=20)
    street = drf.CharField(required=False, max_length=200)
    building_number = drf.CharField(required=False, max_length=10)
    district = drf.CharField(required=False, max_length=120)
    city = drf.CharField(required=False, max_length=120)
    city_arabic = drf.CharField(required=False, max_length=120)
    postal_code = drf.CharField(required=False, max_length=10)
    country = drf.CharField(required=False, max_length=2)
    phone = drf.CharField(required=False, max_length=30)
    email = drf.EmailField(required=False)
    language = drf.ChoiceField(("ar", "en"), required=False)
    payment_terms_days = drf.IntegerField(required=False, allow_null=True)
    credit_limit = amount(required=False, allow_null=True)
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
