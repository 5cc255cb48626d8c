"""What the database refused, said as the rule that was broken.

Services check first and say it better; this is for the races they cannot see, and for rules only the database knows
(closed periods, balance, immutability).
"""

from __future__ import annotations

from django.db import DatabaseError

from core.errors import N_, DomainError

#: constraint -> (code, message). Guards of the schema raise with these names.
RULES: dict[str, tuple[str, str]] = {
    "period_closed": ("period_closed", N_("The period of this date is closed.")),
    "period_missing": ("period_missing", N_("There is no period for this date.")),
    "journal_balanced": ("journal_unbalanced", N_("Debits and credits are not equal.")),
    "journal_append_only": (
        "journal_frozen",
        N_("A posted journal never changes; it is reversed."),
    ),
    "account_posting": ("account_posting", N_("This account accepts no postings.")),
    "document_frozen": (
        "document_frozen",
        N_("A posted document never changes; correct it by a credit note."),
    ),
    "document_locked": (
        "document_locked",
        N_("The document is locked; only an owner may change it."),
    ),
    "document_transition": ("wrong_state", N_("This change of state is not allowed.")),
    "document_delete_draft_only": (
        "not_a_draft",
        N_("Only a draft can be deleted; void a posted document by its credit note."),
    ),
    "allocation_party": (
        "wrong_allocation",
        N_("An allocation joins money and invoice of one customer and currency."),
    ),
    "payment_frozen": ("payment_frozen", N_("A registered payment never changes; reverse it.")),
    "payment_allocation_bounds": ("over_allocated", N_("More than the payment was allocated.")),
    "ar_invoice_allocation_bounds": ("over_allocated", N_("More than is open was allocated.")),
    "settled_by_allocations": (
        "wrong_allocation",
        N_("What is settled is the sum of the allocations."),
    ),
    "payment_needs_journal": ("journal_missing", N_("A payment has its journal entry.")),
    "document_needs_journal": ("journal_missing", N_("A posted document has its journal entry.")),
    "document_totals_agree": (
        "totals_differ",
        N_("The totals of the document do not agree with its lines."),
    ),
    "last_owner": ("last_owner", N_("A company needs at least one active owner.")),
    "period_no_overlap": ("period_overlap", N_("Periods do not overlap.")),
    "commission_frozen": ("commission_frozen", N_("A commission snapshot never changes.")),
}
_RETRY_STATES = frozenset({"40001", "40P01", "55P03", "57014"})


class DatabaseRefused(DomainError):
    """A constraint, trigger or policy of the database refused the change (409)."""

    code = "refused"
    status = 409


def rule_broken(error: DatabaseError) -> DomainError | None:
    """Return the broken rule that a database error stands for; None when it is a fault of the program."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return None
    if diagnosis.sqlstate in _RETRY_STATES:
        return DatabaseRefused(N_("Somebody else is working on this. Try again."), code="busy")
    rule = RULES.get(diagnosis.constraint_name or "")
    if rule is not None:
        return DatabaseRefused(rule[1], code=rule[0])
    if diagnosis.sqlstate == "23505":
        return DatabaseRefused(N_("Another record has this value already."), code="duplicate")
    # the rest has no sentence of its own: a refusal by the database is never a crash (reliability.md part 7)
    state = diagnosis.sqlstate or ""
    if state.startswith("23"):
        return DatabaseRefused(N_("A rule of the books refuses this."))
    if state == "42501":
        return DatabaseRefused(N_("You may not do this."), code="permission_refused")
    if state.startswith("22"):
        return DatabaseRefused(N_("A value has a form that cannot be stored."), code="invalid")
    return None
