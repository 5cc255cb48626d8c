"""Receivables by customer, compared with the control account and with the open documents."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ar.models import Customer
from ledger.models import Account
from ledger.selectors.balances import account_totals
from ledger.selectors.lines import control_by_party

CONTROL_ROLE = "ar_control"


@dataclass(frozen=True, slots=True)
class CustomerBalance:
    """What a customer owes (positive) or has in credit, in base currency."""

    customer_id: uuid.UUID
    code: str
    name: str
    name_arabic: str
    balance: Decimal


@dataclass(frozen=True, slots=True)
class CustomerBalances:
    """All balances of a day, their sum, and the control account they must equal."""

    rows: tuple[CustomerBalance, ...]
    total: Decimal
    control: Decimal
    account_id: uuid.UUID | None

    @property
    def difference(self) -> Decimal:
        return self.total - self.control


def customer_balances(as_of: dt.date) -> CustomerBalances:
    """Return every customer with a balance at the end of the day, the largest first. Four statements."""
    by_party = control_by_party(CONTROL_ROLE, as_of)
    names: Mapping[uuid.UUID, Customer] = {
        one.pk: one
        for one in Customer.objects.filter(pk__in=[key for key in by_party if key]).only(
            "code", "name", "name_arabic", "company_id"
        )
    }
    rows = [
        CustomerBalance(key, one.code, one.name, one.name_arabic, by_party[key])
        for key, one in names.items()
    ]
    rows.sort(key=lambda row: (-row.balance, row.code))
    account = Account.objects.filter(role=CONTROL_ROLE).first()
    totals = {row.account_id: row.balance for row in account_totals(as_of=as_of)}
    return CustomerBalances(
        rows=tuple(rows),
        total=sum((row.balance for row in rows), Decimal(0)),
        control=totals.get(account.pk, Decimal(0)) if account else Decimal(0),
        account_id=account.pk if account else None,
    )
