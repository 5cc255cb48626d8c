"""What a refusal by the database means for the caller: code, field, status (reliability.md part 7).

Pages and API answer from this one table, so both say the same of the same refusal. Services check first and say it better; this catches what slips between check and write under concurrency.
"""

from __future__ import annotations

import json

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext
from redis.exceptions import RedisError

from core.errors import N_, DomainError

#: End of a constraint's name -> (code, status, field, message).
CONSTRAINTS: tuple[tuple[str, str, int, str | None, str], ...] = (
    ("series_once", "duplicate", 409, None, N_("Somebody did the same at this moment. Try again.")),
    (
        "sequence_once",
        "duplicate",
        409,
        None,
        N_("Somebody did the same at this moment. Try again."),
    ),
    (
        "supplier_number_once",
        "duplicate_supplier_number",
        409,
        "supplier_number",
        N_("This number of the supplier is on another bill already."),
    ),
    (
        "credit_within_bill",
        "credit_too_much",
        409,
        "lines",
        N_("No more is taken back than was billed."),
    ),
    (
        "prepaid_part_frozen",
        "prepaid_month_booked",
        409,
        None,
        N_("A prepaid month that is booked never changes."),
    ),
    ("number_once", "duplicate_number", 409, "number", N_("This number is used already.")),
    (
        "external_once",
        "duplicate_external_id",
        409,
        "external_id",
        N_("This id was imported already."),
    ),
    ("barcode_once", "duplicate_code", 409, "barcode", N_("This barcode is used by another item.")),
    ("code_once", "duplicate_code", 409, "code", N_("This code is used already.")),
    ("membership_once", "duplicate_member", 409, "email", N_("This person is a member already.")),
    ("rate_once_a_day", "duplicate_rate", 409, "date", N_("There is a rate for this day already.")),
    (
        "vat_number_format",
        "wrong_vat_number",
        400,
        "vat_number",
        N_("A VAT number has 15 digits and begins and ends with 3."),
    ),
    ("document_locked", "document_locked", 409, None, N_("This document is locked by an owner.")),
    (
        "document_frozen",
        "document_posted",
        409,
        None,
        N_("A posted document never changes; correct it by a credit note."),
    ),
    (
        "document_version",
        "stale_version",
        409,
        "version",
        N_("Somebody changed this document meanwhile. Compare and save again."),
    ),
    (
        "document_transition",
        "transition_refused",
        409,
        "status",
        N_("This change of state is not allowed."),
    ),
    (
        "document_delete_draft_only",
        "document_posted",
        409,
        None,
        N_("Only a draft can be deleted."),
    ),
    (
        "document_totals_agree",
        "totals_differ",
        409,
        None,
        N_("The totals of the document do not agree with its lines."),
    ),
    (
        "document_needs_journal",
        "journal_missing",
        409,
        None,
        N_("A posted document has its journal entry."),
    ),
    (
        "period_closed",
        "period_closed",
        409,
        "issue_date",
        N_("The accounting period of this date is closed."),
    ),
    (
        "period_missing",
        "period_missing",
        409,
        "issue_date",
        N_("There is no accounting period for this date."),
    ),
    (
        "journal_balanced",
        "journal_unbalanced",
        409,
        None,
        N_("The journal entry does not balance."),
    ),
    (
        "journal_append_only",
        "journal_posted",
        409,
        None,
        N_("A posted journal never changes; post a reversal."),
    ),
    (
        "bank_file_once",
        "statement_known",
        409,
        "file",
        N_("This file was imported at this moment by somebody else."),
    ),
    (
        "bank_line_matched_once",
        "bank_line_matched",
        409,
        None,
        N_("This line is matched already."),
    ),
    (
        "booking_reconciled_once",
        "booking_reconciled",
        409,
        "entries",
        N_("This booking stands on a bank statement already."),
    ),
    (
        "bank_match_adds_up",
        "match_differs",
        409,
        "entries",
        N_("The bookings of a match are the amount of its bank line."),
    ),
    (
        "credit_within_invoice",
        "credit_too_much",
        409,
        "lines",
        N_("No more is credited than was sold and is not credited yet."),
    ),
    (
        "prepayment_within_paid",
        "not_open",
        409,
        "amount",
        N_("No more of a prepayment is used than was paid; release what is used first."),
    ),
    ("relief_frozen", "already_posted", 409, None, N_("What was posted never changes; undo it.")),
    (
        "reminder_level_once_for_invoice",
        "no_reminder_due",
        409,
        None,
        N_("This reminder went out at this moment already."),
    ),
    ("journal_entry_once", "already_posted", 409, None, N_("This was posted already.")),
    (
        "journal_entry_reversed_once",
        "already_reversed",
        409,
        None,
        N_("This was reversed already."),
    ),
    ("account_posting", "account_refuses", 409, "account", N_("The account accepts no postings.")),
    ("allocation_bounds", "over_allocated", 409, "amount", N_("This is more than what is open.")),
    ("base_bounds", "over_allocated", 409, "amount", N_("This is more than what is open.")),
    (
        "minor_units",
        "too_many_places",
        400,
        "amount",
        N_("The amount has more digits than the currency."),
    ),
    (
        "allocation_party",
        "wrong_allocation",
        409,
        None,
        N_("An allocation joins two open items of one party, not before the later of them."),
    ),
    (
        "settled_by_allocations",
        "wrong_allocation",
        409,
        None,
        N_("What is settled is the sum of the allocations."),
    ),
    (
        "payment_frozen",
        "payment_frozen",
        409,
        None,
        N_("A registered payment never changes; reverse it."),
    ),
    (
        "payment_needs_journal",
        "journal_missing",
        409,
        None,
        N_("A payment has its journal entry."),
    ),
    (
        "commission_frozen",
        "commission_frozen",
        409,
        None,
        N_("A commission snapshot never changes."),
    ),
    (
        "commission_not_below_zero",
        "commission_state",
        409,
        None,
        N_("More commission is taken back than was earned."),
    ),
    (
        "commission_payout_adds_up",
        "commission_state",
        409,
        None,
        N_("A payout is the sum of its commissions."),
    ),
    ("period_no_overlap", "overlap", 409, None, N_("Periods do not overlap.")),
    ("last_owner", "last_owner", 409, None, N_("A company needs at least one active owner.")),
    (
        "position_once",
        "duplicate",
        409,
        "lines",
        N_("Somebody did the same at this moment. Try again."),
    ),
    ("_tenant_fk", "unknown_reference", 400, None, N_("A record named here does not exist.")),
)


#: Refusals by the state of a period or by a lock date: constraint -> (code, message). The database says in its detail
#: which day was asked for, until when the lock holds and which day is open.
PERIOD_RULES: dict[str, tuple[str, str]] = {
    "period_closed": ("period_closed", N_("The accounting period of %(date)s is closed.")),
    "period_closing": (
        "period_closing",
        N_("The accounting period of %(date)s is being closed; you may not post there any more."),
    ),
    "lock_sales": ("locked_sales", N_("Sales are locked until %(until)s.")),
    "lock_purchases": ("locked_purchases", N_("Purchases are locked until %(until)s.")),
    "lock_money": ("locked_money", N_("Money is locked until %(until)s.")),
    "lock_stock": ("locked_stock", N_("Stock is locked until %(until)s.")),
    "lock_general": ("locked_general", N_("The books are locked until %(until)s.")),
    "lock_tax": (
        "locked_tax",
        N_("The VAT return is filed until %(until)s (tax lock): no VAT is posted before."),
    ),
}
_FIRST_OPEN = N_("The first open day is %(first_open)s.")
_NO_OPEN = N_("No later day is open yet.")


class Busy(DomainError):
    """The database cannot answer now; the same request may be sent again."""

    code = "busy"
    status = 503
    retry_after = 2


class DatabaseRefusal(DomainError):
    """A promise of the database would have been broken; nothing was written."""

    code = "refused"
    status = 409


class PeriodRefusal(DatabaseRefusal):
    """The books take nothing on this day; `params` names the lock and the first open day."""

    @property
    def message(self) -> str:
        """What is locked until when, and from which day on one may post. In the active language."""
        rest = _FIRST_OPEN if self.params.get("first_open") else _NO_OPEN
        return f"{super().message} {gettext(rest) % self.params}"


_TRY_AGAIN = frozenset(
    {"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53300", "25P04"}
)
_BY_STATE = {
    "23505": ("duplicate", 409, N_("This exists already.")),
    "23503": ("unknown_reference", 400, N_("A record named here does not exist.")),
    "23502": ("required", 400, N_("A value is missing.")),
    "23514": ("refused", 409, N_("A rule of the books refuses this.")),
    "23P01": ("overlap", 409, N_("This overlaps with another record.")),
    "42501": ("permission_refused", 403, N_("You may not do this.")),
}


def from_database(error: DatabaseError | InterfaceError) -> DomainError | None:
    """Return the refusal as an error of ours, or None when it is a bug of the program."""
    cause = error.__cause__
    state: str = getattr(cause, "sqlstate", None) or ""
    if state in _TRY_AGAIN or state.startswith("08"):
        return Busy(N_("The system is busy. Try again in a moment."))
    diagnosis = getattr(cause, "diag", None)
    name: str = getattr(diagnosis, "constraint_name", None) or ""
    if state == "42501":
        code, status, message = _BY_STATE[state]
        return _refusal(message, code, status)
    if name in PERIOD_RULES and (detail := getattr(diagnosis, "message_detail", None)):
        code, message = PERIOD_RULES[name]
        return PeriodRefusal(message, code=code, field="issue_date", params=json.loads(detail))
    if state.startswith("23"):
        for suffix, code, status, field, message in CONSTRAINTS:
            if name.endswith(suffix):
                return _refusal(message, code, status, field)
        if state in _BY_STATE:
            code, status, message = _BY_STATE[state]
            return _refusal(message, code, status)
    if state.startswith("22") or (not state and "NUL" in str(error)):
        return _refusal(N_("A value has a form that cannot be stored."), "invalid", 400)
    if not state and isinstance(error, OperationalError | InterfaceError):
        return Busy(N_("The system is busy. Try again in a moment."))
    return None


def from_cache(error: RedisError) -> Busy:
    """Return what a cache that is away means where it was needed: the same request may be sent again."""
    return Busy(N_("The system is busy. Try again in a moment."))


def _refusal(message: str, code: str, status: int, field: str | None = None) -> DatabaseRefusal:
    refusal = DatabaseRefusal(message, code=code, field=field)
    refusal.status = status
    return refusal
