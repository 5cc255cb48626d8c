"""Rules of payments that can be broken."""

from __future__ import annotations

from core.errors import DomainError


class UnknownPaymentAccount(DomainError):
    """No active payment account of the company has this id."""

    code = "unknown_payment_account"


class PaymentNotFound(DomainError):
    """No payment of this company has the id."""

    code = "not_found"
    status = 404


class PaymentVoid(DomainError):
    """A reversed payment can do nothing more."""

    code = "payment_void"
    status = 409


class InvoiceLocked(DomainError):
    """A locked invoice takes no payment: its status cannot change (RR-3)."""

    code = "document_locked"
    status = 409


class AllocationNotFound(DomainError):
    """No allocation of this company has the id."""

    code = "not_found"
    status = 404


class AllocationUndone(DomainError):
    """An allocation is undone once, and a mirror row is not undone."""

    code = "allocation_undone"
    status = 409


class DifferenceTooLarge(DomainError):
    """A small difference is within the company's limits for a document and a day (R4)."""

    code = "difference_too_large"


class AccountInUse(DomainError):
    """What money was booked through an account keeps its currency and ledger account."""

    code = "payment_account_in_use"
    status = 409
