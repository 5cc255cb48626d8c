"""The proof of the go-live: the four opening accounts must be zero (accounting.md section 10)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from ledger.models import Account, AccountBalance
from ledger.posting import AccountRole
from opening.models import OpeningFile

ROLES = (
    (AccountRole.OPENING_AR, OpeningFile.Step.CUSTOMERS),
    (AccountRole.OPENING_AP, OpeningFile.Step.SUPPLIERS),
    (AccountRole.OPENING_STOCK, OpeningFile.Step.STOCK),
    (AccountRole.OPENING_OTHER, OpeningFile.Step.ACCOUNTS),
)


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One opening account: what was posted on it, and what must be zero. Base currency, debit positive."""

    role: str
    step: str
    account: Account | None
    debit: Decimal
    credit: Decimal

    @property
    def balance(self) -> Decimal:
        return self.debit - self.credit

    @property
    def is_zero(self) -> bool:
        return not self.balance


def opening_proof() -> list[ProofRow]:
    """Return the four accounts with their sums. Two statements, from the kept balances."""
    accounts = {
        one.role: one for one in Account.objects.filter(role__in=[role for role, _ in ROLES])
    }
    sums = {
        row["account_id"]: row
        for row in AccountBalance.objects.filter(
            account_id__in=[one.pk for one in accounts.values()]
        )
        .values("account_id")
        .annotate(debits=Sum("debit"), credits=Sum("credit"))
    }
    rows = []
    for role, step in ROLES:
        account = accounts.get(role)
        found = sums.get(account.pk, {}) if account else {}
        rows.append(
            ProofRow(
                role,
                step,
                account,
                found.get("debits") or Decimal(0),
                found.get("credits") or Decimal(0),
            )
        )
    return rows
