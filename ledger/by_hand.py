"""Which accounts take lines of journals by hand (accounting.md section 3). Pure; the database says the same."""

from __future__ import annotations

from core.errors import N_, DomainError
from ledger.errors import ControlAccount

#: Kept by journals while the company has no stock module (company setting `inventory_method`).
GOODS = frozenset({"batch", "goods_receipt", "settlement"})
#: There is no list of employees' accounts: the line itself names the employee.
NAMED_ON_THE_LINE = frozenset({"employee"})


class PartyNeeded(DomainError):
    """The account is kept by party: each line names one."""

    code = "party_needed"


def refusal_by_hand(
    *, subledger: str, party_kind: str, inventory_method: str
) -> DomainError | None:
    """Return why an account takes no line by hand, or None. Field names are those of a journal line."""
    if not subledger or (subledger in GOODS and inventory_method == "manual"):
        return None
    if subledger in NAMED_ON_THE_LINE:
        if party_kind == subledger:
            return None
        return PartyNeeded(N_("This account is kept by employee: name one."), field="party")
    return ControlAccount(
        N_(
            "This is a control account: its lines come from documents, never from a journal by hand."
        ),
        field="account",
    )
