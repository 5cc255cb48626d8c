"""Rules of payables that can be broken."""

from __future__ import annotations

from core.errors import DomainError


class UnknownSupplier(DomainError):
    """No active supplier of the company has this id."""

    code = "unknown_supplier"


class DuplicateCode(DomainError):
    """The code is used by another supplier of the company."""

    code = "duplicate_code"
    status = 409


class DuplicateSupplierNumber(DomainError):
    """The supplier's number is on another bill already; a reason lets it through."""

    code = "duplicate_supplier_number"
    status = 409


class UnknownAccount(DomainError):
    """No open account of the company has this id or code."""

    code = "unknown_account"


class BillHasPayments(DomainError):
    """A bill with allocations is not voided; undo them first."""

    code = "bill_has_payments"
    status = 409
