"""Rules of receivables that can be broken."""

from __future__ import annotations

from core.errors import DomainError


class InvoiceHasPayments(DomainError):
    """An invoice with allocations is not voided; undo them first."""

    code = "invoice_has_payments"
    status = 409


class UnknownSalesperson(DomainError):
    """The salesperson is no active member of the company."""

    code = "unknown_salesperson"


class DuplicateCode(DomainError):
    """The code is used by another record of the company."""

    code = "duplicate_code"
    status = 409


class NotOpen(DomainError):
    """No more is relieved than is open."""

    code = "not_open"
    status = 409


class ReliefUndone(DomainError):
    """A write-off or a used prepayment is undone once."""

    code = "already_undone"
    status = 409


class CreditLimitExceeded(DomainError):
    """Posting would take the customer over the credit limit (SP-3)."""

    code = "credit_limit_exceeded"
    status = 409


class NoReminderDue(DomainError):
    """A reminder goes out when it is due, to an address, once for each level."""

    code = "no_reminder_due"
    status = 409
