"""Shapes of payables for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import AuditRow, amount, page_of
from documents.api.serializers import (
    DocumentHeaderShape,
    DocumentLineShape,
    DocumentShape,
    HeaderInput,
    LineAnswer,
    LineInput,
    Person,
    VersionInput,
)

__all__ = ["AuditRow", "VersionInput", "page_of"]


class PurchaseLineInput(LineInput):
    """One line of a bill as typed: an item, or a cost on an account."""

    account = drf.CharField(
        required=False,
        max_length=40,
        help_text="Id or code of the account; empty: the item's, the supplier's usual one, or other expenses.",
    )
    prepaid_months = drf.IntegerField(
        required=False, allow_null=True, help_text="Months the line pays for, 1 to 120."
    )
    prepaid_start = drf.DateField(
        required=False, allow_null=True, help_text="First of these months."
    )
    prepaid_account = drf.CharField(required=False, max_length=40)
    customs_value = amount(required=False, allow_null=True)


class PurchaseLineAdd(PurchaseLineInput):
    """A line to add; `merge` adds to the quantity when the item is there already."""

    merge = drf.BooleanField(required=False)
    version = drf.IntegerField(required=False)


class PurchaseLineChange(PurchaseLineInput):
    """Fields of a line to change."""

    quantity = amount(required=False)
    unit_price = amount(required=False)
    version = drf.IntegerField(required=False)


class PurchaseLineShape(DocumentLineShape):
    """One stored line of a bill or supplier credit."""

    account = drf.UUIDField(allow_null=True)
    prepaid_months = drf.IntegerField(allow_null=True)
    prepaid_start = drf.DateField(allow_null=True)
    prepaid_account = drf.UUIDField(allow_null=True)
    customs_value = amount(allow_null=True)
    source_line = drf.UUIDField(
        required=False, allow_null=True, help_text="On a credit: the line of the bill."
    )


class PurchaseLineAnswer(LineAnswer):
    """The line written, fresh totals and the document's version."""

    line = PurchaseLineShape(allow_null=True)


class BillInput(HeaderInput):
    """A bill as typed."""

    supplier = drf.UUIDField()
    supplier_number = drf.CharField(
        required=False, max_length=60, help_text="The number printed on the supplier's invoice."
    )
    duplicate_reason = drf.CharField(
        required=False, max_length=300, help_text="Why the supplier's number comes again."
    )
    lines = PurchaseLineInput(many=True)


class BillUpdate(BillInput):
    """A bill with the version it was typed on."""

    version = drf.IntegerField(required=False)


class SupplierCreditInput(HeaderInput):
    """A supplier credit that names no bill, as typed."""

    supplier = drf.UUIDField()
    supplier_number = drf.CharField(required=False, max_length=60)
    reason = drf.CharField(required=False, max_length=300)
    lines = PurchaseLineInput(many=True)


class SupplierCreditUpdate(SupplierCreditInput):
    """A supplier credit with the version it was typed on."""

    version = drf.IntegerField(required=False)


class CreditLineInput(drf.Serializer[Any]):
    """What of one line of the bill is taken back: a quantity, or an amount off its price."""

    line = drf.UUIDField()
    quantity = amount(required=False)
    amount = amount(required=False)


class BillCreditInput(drf.Serializer[Any]):
    """What of a bill is taken back; without lines all that is left."""

    reason = drf.CharField(max_length=300)
    date = drf.DateField(required=False)
    supplier_number = drf.CharField(required=False, max_length=60)
    notes = drf.CharField(required=False, max_length=2000)
    whole = drf.BooleanField(required=False)
    settle = drf.BooleanField(
        required=False, help_text="false: all of it stays as credit on account."
    )
    lines = CreditLineInput(many=True, required=False)


class BillVoidInput(VersionInput):
    """Why a bill is voided."""

    reason = drf.CharField(max_length=300)


class PurchaseRow(DocumentHeaderShape):
    """A bill or supplier credit in a list."""

    supplier = drf.UUIDField()
    supplier_number = drf.CharField()
    supplier_name = drf.CharField(required=False)
    supplier_name_arabic = drf.CharField(required=False)


class BillDocument(DocumentShape):
    """A bill."""

    supplier = drf.UUIDField()
    supplier_number = drf.CharField()
    duplicate_reason = drf.CharField()
    kind = drf.ChoiceField(("bill", "opening"))
    lines = PurchaseLineShape(many=True, required=False)


class SupplierCreditDocument(DocumentShape):
    """A supplier credit."""

    supplier = drf.UUIDField()
    supplier_number = drf.CharField()
    bill = drf.UUIDField(allow_null=True)
    reason = drf.CharField()
    lines = PurchaseLineShape(many=True, required=False)


class SupplierInput(drf.Serializer[Any]):
    """A supplier as typed."""

    code = drf.CharField(required=False, max_length=40, help_text="Empty: the next free one.")
    name = drf.CharField(max_length=200)
    name_arabic = drf.CharField(required=False, max_length=200)
    vat_number = drf.CharField(
        required=False, max_length=20, help_text="15 digits for a supplier in the Kingdom."
    )
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
    currency = drf.CharField(required=False, max_length=3)
    payment_terms_days = drf.IntegerField(required=False, allow_null=True)
    account = drf.UUIDField(
        required=False, allow_null=True, help_text="Where new lines of its bills go."
    )
    tax_code = drf.CharField(
        required=False, max_length=12, help_text="VAT code that new lines of its bills begin with."
    )
    withholding_percent = amount(required=False, allow_null=True)
    bank_name = drf.CharField(required=False, max_length=120)
    iban = drf.CharField(required=False, max_length=34)
    bank_account = drf.CharField(required=False, max_length=40)
    swift = drf.CharField(required=False, max_length=11)
    notes = drf.CharField(required=False, max_length=2000)
    is_active = drf.BooleanField(required=False)
    version = drf.IntegerField(
        required=False, help_text="When changing: the version it was read at."
    )


class SupplierShape(SupplierInput):
    """A stored supplier."""

    id = drf.UUIDField()
    created_at = drf.DateTimeField()


class PrepaidMonth(drf.Serializer[Any]):
    """One month of a prepaid line, in the company's currency; `entry` once it is booked."""

    line = drf.UUIDField()
    date = drf.DateField()
    amount = amount()
    entry = drf.UUIDField(allow_null=True)


class BillWhole(BillDocument):
    """A bill with everything around it."""

    supplier_details = SupplierShape()
    supplier_name = drf.CharField()
    supplier_name_arabic = drf.CharField()
    creator = Person(allow_null=True)
    credits = SupplierCreditDocument(many=True)
    prepaid_months = PrepaidMonth(many=True)
    allocations = drf.ListField(child=drf.DictField(), required=False)
