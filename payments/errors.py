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


class CurrencyDiffers(DomainError):
    """A payment settles documents of its own currency only."""

    code = "currency_differs"


class PaymentVoid(DomainError):
    """A reversed payment can do nothing more."""

    code = "payment_void"
    status = 409


class InvoiceLocked(DomainError):
    """A locked invoice takes no payment: its status cannot change (RR-3)."""

    code = "document_locked"
    status = 409
