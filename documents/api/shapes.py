"""Documents as the API shows them (design 10). Plain dicts: these are hot paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.shapes import day, moment, money, plain
from core.timing import phase
from documents.models import DocumentHeader, DocumentLine
from documents.services.lines import LineResult
from documents.stored import stored_or_computed
from tenancy.models import User


def line_shape(line: DocumentLine, currency: str) -> dict[str, Any]:
    """Return one line."""
    return {
        "id": str(line.pk),
        "position": line.position,
        "item": str(line.item_id) if line.item_id else None,
        "item_code": line.item_code,
        "description": line.description,
        "description_arabic": line.description_arabic,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": money(line.unit_price, currency),
        "discount_percent": plain(line.discount_percent),
        "discount_amount": money(line.discount_amount, currency),
        "vat_rate": plain(line.tax_rate),
        "tax_category": line.tax_category,
        "tax_code": line.tax_code,
        "net_amount": money(line.net_amount, currency),
        "tax_amount": money(line.tax_amount, currency),
        "gross_amount": money(line.gross_amount, currency),
    }


def totals_shape(document: Any) -> dict[str, str]:
    """Return the stored totals of a document, or of a row that names its columns alike."""
    currency = document.currency
    return {
        "subtotal": money(document.subtotal, currency),
        "tax_amount": money(document.tax_amount, currency),
        "total": money(document.total, currency),
    }


def header_shape(document: Any, party: str) -> dict[str, Any]:
    """Return a document, or a row that names its columns alike, without its lines. Reads loaded columns only.

    `party` is the field of its customer or supplier.
    """
    currency = document.currency
    total = document.total
    return {
        "id": str(document.pk),
        "number": document.number,
        "status": document.status,
        "version": document.version,
        party: str(getattr(document, f"{party}_id")),
        "issue_date": day(document.issue_date),
        "due_date": day(document.due_date),
        "currency": currency,
        **totals_shape(document),
        # not the generated column: after a write the instance still holds its old value
        "open_amount": money(
            None if total is None else total - document.allocated_amount, currency
        ),
        "is_locked": document.is_locked,
        "reference": document.reference,
    }


def document_shape(
    document: DocumentHeader, lines: Iterable[DocumentLine] | None, party: str
) -> dict[str, Any]:
    """Return what every document shows but its lines; `lines` are read only where no totals are stored."""
    currency = document.currency
    shape = header_shape(document, party)
    if document.total is None and lines is not None:
        subtotal, tax, total = stored_or_computed(document, list(lines))
        shape |= {
            "subtotal": money(subtotal, currency),
            "tax_amount": money(tax, currency),
            "total": money(total, currency),
            "open_amount": money(total, currency),
        }
    return shape | {
        "supply_date": day(document.supply_date),
        "exchange_rate": plain(document.exchange_rate),
        "rate_source": document.rate_source,
        "rate_date": day(document.rate_date),
        "rate_reason": document.rate_reason,
        "prices_include_tax": document.prices_include_tax,
        "document_discount": money(document.document_discount, currency),
        "vat_breakdown": [
            {
                "category": row["category"],
                "rate": row["rate"],
                "taxable": row["taxable"],
                "tax": row["tax"],
            }
            for row in document.tax_breakdown
        ],
        "line_count": document.line_count,
        "notes": document.notes,
        "notes_arabic": document.notes_arabic,
        "external_id": document.external_id,
        "issued_at": moment(document.issued_at),
        "posted_at": moment(document.posted_at),
        "created_at": moment(document.created_at),
        "created_by": document.created_by_id,
        "branch": str(document.branch_id),
    }


def line_answer(result: LineResult[Any, Any], line: dict[str, Any] | None) -> dict[str, Any]:
    """Return the line written, as its kind shows it, with the document's fresh totals and version."""
    with phase("build"):
        return {
            "line": line,
            "totals": totals_shape(result.document),
            "version": result.document.version,
        }


def person_shape(user: User | None) -> dict[str, Any] | None:
    """Return a person by id and name."""
    return None if user is None else {"id": user.pk, "name": user.full_name or user.email}
