"""Bills, supplier credits and suppliers as the API shows them (design 10). Plain dicts: these are hot paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ap.models import Bill, BillLine, PrepaidPart, Supplier, SupplierCredit, SupplierCreditLine
from api.shapes import day, maybe_money, moment, money, plain
from documents.api import shapes


def line_shape(line: BillLine | SupplierCreditLine, currency: str) -> dict[str, Any]:
    """Return one line."""
    shape = shapes.line_shape(line, currency)
    shape["account"] = str(line.account_id) if line.account_id else None
    shape["prepaid_months"] = line.prepaid_months
    shape["prepaid_start"] = day(line.prepaid_start)
    shape["prepaid_account"] = str(line.prepaid_account_id) if line.prepaid_account_id else None
    shape["customs_value"] = maybe_money(line.customs_value, currency)
    if isinstance(line, SupplierCreditLine):
        shape["source_line"] = str(line.source_line_id) if line.source_line_id else None
    return shape


def header_shape(document: Bill | SupplierCredit) -> dict[str, Any]:
    """Return a document without its lines. Reads loaded columns only."""
    shape = shapes.header_shape(document, "supplier")
    shape["supplier_number"] = document.supplier_number
    return shape


def document_shape(
    document: Bill | SupplierCredit,
    lines: Iterable[BillLine | SupplierCreditLine] | None = None,
) -> dict[str, Any]:
    """Return a whole document; `lines` None leaves them out."""
    rows = None if lines is None else list(lines)
    shape = shapes.document_shape(document, rows, "supplier")
    shape["supplier_number"] = document.supplier_number
    if isinstance(document, Bill):
        shape["duplicate_reason"] = document.duplicate_reason
        shape["kind"] = document.kind
    else:
        shape["bill"] = str(document.bill_id) if document.bill_id else None
        shape["reason"] = document.reason
    if rows is not None:
        shape["lines"] = [line_shape(line, document.currency) for line in rows]
    return shape


def list_row(document: Bill | SupplierCredit) -> dict[str, Any]:
    """Return a document as a row of a list."""
    row = header_shape(document)
    row["supplier_name"] = document.supplier.name
    row["supplier_name_arabic"] = document.supplier.name_arabic
    return row


def prepaid_shape(part: PrepaidPart) -> dict[str, Any]:
    """Return one month of a prepaid line."""
    return {
        "line": str(part.line_id),
        "date": day(part.date),
        "amount": money(part.amount, part.currency),
        "entry": str(part.entry_id) if part.entry_id else None,
    }


def supplier_shape(supplier: Supplier) -> dict[str, Any]:
    """Return one supplier."""
    return {
        "id": str(supplier.pk),
        "version": supplier.version,
        "code": supplier.code,
        "name": supplier.name,
        "name_arabic": supplier.name_arabic,
        "vat_number": supplier.vat_number,
        "cr_number": supplier.cr_number,
        "street": supplier.street,
        "building_number": supplier.building_number,
        "district": supplier.district,
        "city": supplier.city,
        "city_arabic": supplier.city_arabic,
        "postal_code": supplier.postal_code,
        "country": supplier.country,
        "phone": supplier.phone,
        "email": supplier.email,
        "language": supplier.language,
        "currency": supplier.currency,
        "payment_terms_days": supplier.payment_terms_days,
        "account": str(supplier.account_id) if supplier.account_id else None,
        "tax_code": supplier.tax_code,
        "withholding_percent": plain(supplier.withholding_percent),
        "bank_name": supplier.bank_name,
        "iban": supplier.iban,
        "bank_account": supplier.bank_account,
        "swift": supplier.swift,
        "notes": supplier.notes,
        "is_active": supplier.is_active,
        "created_at": moment(supplier.created_at),
    }
