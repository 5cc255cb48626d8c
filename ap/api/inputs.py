"""What clients may send for bills and supplier credits, and how a partial change becomes a whole one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ap.models import Bill, BillLine, SupplierCredit, SupplierCreditLine
from ap.typed import (
    TypedBill,
    TypedSupplierCredit,
    parse_bill,
    parse_purchase_line,
    parse_supplier_credit,
)
from documents.api import inputs
from documents.api.inputs import (
    changed_body,
    changed_line_body,
    document_body,
    line_body,
    stored_header,
    today_of,
)
from documents.typed import TypedLine
from tenancy.principal import Principal

LINE_FIELDS = inputs.LINE_FIELDS | {
    "account",
    "prepaid_months",
    "prepaid_start",
    "prepaid_account",
    "customs_value",
}
BILL_FIELDS = inputs.HEADER_FIELDS | {"supplier", "supplier_number", "duplicate_reason"}
CREDIT_FIELDS = inputs.HEADER_FIELDS | {"supplier", "supplier_number", "reason"}


def bill_body(data: Any, *more: str) -> dict[str, Any]:
    """Return the body of a bill with `lines`; refuses unknown fields, in lines too."""
    return document_body(data, BILL_FIELDS | set(more), LINE_FIELDS)


def credit_body(data: Any, *more: str) -> dict[str, Any]:
    """Return the body of a supplier credit with `lines`; refuses unknown fields, in lines too."""
    return document_body(data, CREDIT_FIELDS | set(more), LINE_FIELDS)


def typed_bill(body: Mapping[str, Any], actor: Principal) -> TypedBill:
    """Read a whole bill. Raises ValidationErrors."""
    return parse_bill(body, currency=actor.currency, today=today_of(actor))


def typed_credit(body: Mapping[str, Any], actor: Principal) -> TypedSupplierCredit:
    """Read a whole supplier credit. Raises ValidationErrors."""
    return parse_supplier_credit(body, currency=actor.currency, today=today_of(actor))


def typed_line(data: Any) -> tuple[TypedLine, dict[str, Any]]:
    """Read one line; the second value holds `merge` and `version`. Raises ValidationErrors."""
    body, rest = line_body(data, LINE_FIELDS)
    return parse_purchase_line(body), rest


def stored_line(line: BillLine | SupplierCreditLine) -> dict[str, Any]:
    """Return a stored line as parse_purchase_line reads it."""
    return inputs.stored_line(line) | {
        "account": str(line.account_id or ""),
        "prepaid_months": line.prepaid_months,
        "prepaid_start": line.prepaid_start,
        "prepaid_account": str(line.prepaid_account_id or ""),
        "customs_value": line.customs_value,
    }


def changed_line(line: BillLine, changes: Mapping[str, Any]) -> TypedLine:
    """Read a partial change of a stored line; what depends on a changed field is chosen anew."""
    stored = stored_line(line)
    if changes.get("item") or changes.get("item_code"):
        stored.pop("account")
    if "prepaid_months" in changes and not changes["prepaid_months"]:
        stored.pop("prepaid_start")
        stored.pop("prepaid_account")
    return parse_purchase_line(changed_line_body(stored, changes))


def changed_bill(
    bill: Bill, lines: Sequence[BillLine], changes: Mapping[str, Any], actor: Principal
) -> TypedBill:
    """Read a partial change of a draft. Without a version of its own it holds for the version just read."""
    stored = stored_header(bill) | {
        "supplier": bill.supplier_id,
        "supplier_number": bill.supplier_number,
        "duplicate_reason": bill.duplicate_reason,
        "lines": [stored_line(line) for line in lines],
    }
    return typed_bill(changed_body(stored, changes, party="supplier"), actor)


def changed_credit(
    credit: SupplierCredit,
    lines: Sequence[SupplierCreditLine],
    changes: Mapping[str, Any],
    actor: Principal,
) -> TypedSupplierCredit:
    """Read a partial change of a draft. Without a version of its own it holds for the version just read."""
    stored = stored_header(credit) | {
        "supplier": credit.supplier_id,
        "supplier_number": credit.supplier_number,
        "reason": credit.reason,
        "lines": [stored_line(line) for line in lines],
    }
    return typed_credit(changed_body(stored, changes, party="supplier"), actor)
