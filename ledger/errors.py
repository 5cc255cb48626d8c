"""Rules of the books that can be broken."""

from __future__ import annotations

from core.errors import DomainError


class PeriodClosed(DomainError):
    """Nothing is posted into a closed period (L6)."""

    code = "period_closed"
    status = 409


class PeriodMissing(DomainError):
    """A journal needs a period for its date."""

    code = "period_missing"
    status = 409


class AccountMissing(DomainError):
    """No account of the company carries the role that a posting names."""

    code = "account_missing"
    status = 409


class RateMissing(DomainError):
    """There is no exchange rate on or before the date; a missing rate is an error, never a one."""

    code = "rate_missing"
    status = 409


class RateExists(DomainError):
    """A currency has one rate a day."""

    code = "duplicate_rate"
    status = 409


class ControlAccount(DomainError):
    """A control account takes lines from its subledger only, never from a manual journal."""

    code = "control_account"
    status = 409
