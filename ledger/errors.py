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


class JournalPosted(DomainError):
    """A posted journal never changes; it is reversed, once."""

    code = "journal_posted"
    status = 409


class JournalNotFound(DomainError):
    """No journal of this company has the id."""

    code = "not_found"
    status = 404


class UnknownAccount(DomainError):
    """No account of the company has this id or code."""

    code = "unknown_account"


class AccountRefuses(DomainError):
    """The account is a heading or inactive: it accepts no postings."""

    code = "account_refuses"
    status = 409


class PeriodState(DomainError):
    """A period is open, closing or closed, and moves between these states only."""

    code = "period_state"
    status = 409


class PeriodStale(DomainError):
    """The period was changed since it was read."""

    code = "stale_version"
    status = 409


class ReasonMissing(DomainError):
    """What goes against a closed figure needs a reason."""

    code = "reason_missing"


class YearClosed(DomainError):
    """The year is closed: its periods stay closed until the year is reopened."""

    code = "year_closed"
    status = 409


class YearNotReady(DomainError):
    """The year cannot be closed or reopened now; the message says what comes first."""

    code = "year_not_ready"
    status = 409


class LockRefused(DomainError):
    """The lock date cannot be set so."""

    code = "lock_refused"
    status = 409
