"""Rules of bank statements and their matching that can be broken."""

from __future__ import annotations

from core.errors import DomainError


class StatementKnown(DomainError):
    """A file, or all it brings, was imported before."""

    code = "statement_known"
    status = 409


class AccountUnknown(DomainError):
    """The statement's account is no payment account of the company, or another than the one chosen."""

    code = "bank_account_unknown"


class StatementCurrencyDiffers(DomainError):
    """A statement is in the currency of its payment account."""

    code = "currency_differs"


class BankLineNotFound(DomainError):
    """No bank line, match, rule or file of the company has the id."""

    code = "not_found"
    status = 404


class LineMatched(DomainError):
    """The line is matched already; undo that first."""

    code = "bank_line_matched"
    status = 409


class MatchDiffers(DomainError):
    """The bookings together are not the amount of the line."""

    code = "match_differs"


class BookingReconciled(DomainError):
    """The booking stands on a statement already, or moves no money on this account."""

    code = "booking_reconciled"
    status = 409


class ProposalGone(DomainError):
    """What was proposed is not possible any more; look again."""

    code = "proposal_gone"
    status = 409


class MatchUndone(DomainError):
    """A match is undone once."""

    code = "match_undone"
    status = 409


class AccountRefused(DomainError):
    """The account takes no bank line: a control account, a heading or an inactive one."""

    code = "account_refuses"


class StatementInUse(DomainError):
    """A statement with matched lines stays."""

    code = "statement_in_use"
    status = 409
