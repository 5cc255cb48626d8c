"""Payment accounts: tills, bank accounts, card clearing (SP-5)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from core.errors import N_, DomainError
from core.transactions import write
from documents.versions import Conflict
from ledger.models import Account
from payments.errors import AccountInUse, UnknownPaymentAccount
from payments.models import Payment, PaymentAccount
from tenancy.permissions import require
from tenancy.principal import Principal

FIELDS = (
    "code",
    "name",
    "name_arabic",
    "kind",
    "account_id",
    "currency",
    "is_active",
    "bank_name",
    "iban",
    "account_number",
)
#: What entries of the past were booked by.
_FIXED = ("account_id", "currency")


def money_accounts() -> QuerySet[Account]:
    """Return the ledger accounts money can stand on: assets and liabilities that take postings and need no party."""
    rows: QuerySet[Account] = Account.objects.filter(
        kind__in=(Account.Kind.ASSET, Account.Kind.LIABILITY),
        is_posting=True,
        is_active=True,
        subledger__in=("", "settlement"),
    )
    return rows.order_by("code")


def _check(account: PaymentAccount) -> None:
    if account.kind not in PaymentAccount.Kind.values:
        raise DomainError(N_("Choose cash, bank or card."), field="kind")
    if not money_accounts().filter(pk=account.account_id).exists():
        raise DomainError(
            N_("Money cannot stand on this ledger account."),
            code="wrong_account",
            field="account",
        )
    same = PaymentAccount.objects.exclude(pk=account.pk)
    if same.filter(code=account.code).exists():
        raise DomainError(
            N_("This code is used by another payment account."),
            code="duplicate_code",
            field="code",
        )
    if account.iban and same.filter(iban=account.iban).exists():
        raise DomainError(
            N_("This IBAN is used by another payment account."),
            code="duplicate_iban",
            field="iban",
        )


@write
def payment_account_create(*, values: Mapping[str, Any], actor: Principal) -> PaymentAccount:
    """Create a payment account on a ledger account. Raises DomainError at the wrong field."""
    require(actor, "payments.account.edit")
    account = PaymentAccount(**{name: values[name] for name in FIELDS if name in values})
    account.currency = account.currency or actor.currency
    _check(account)
    account.save(force_insert=True)
    return account


@write
def payment_account_update(
    *, account_id: uuid.UUID, values: Mapping[str, Any], version: int | None, actor: Principal
) -> PaymentAccount:
    """Change a payment account; an inactive one takes no more payments. Raises UnknownPaymentAccount, Conflict, AccountInUse.

    Ledger account and currency are fixed once money was booked through it.
    """
    require(actor, "payments.account.edit")
    account = PaymentAccount.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise UnknownPaymentAccount(N_("There is no such payment account."))
    changes = {name: values[name] for name in FIELDS if name in values}
    changed = {name: value for name, value in changes.items() if value != getattr(account, name)}
    if version is not None and version != account.version:
        raise Conflict(
            current_version=account.version,
            changes={
                name: {"yours": str(value), "theirs": str(getattr(account, name))}
                for name, value in changed.items()
            },
        )
    fixed = [name for name in _FIXED if name in changed]
    if fixed and Payment.objects.filter(payment_account_id=account_id).exists():
        raise AccountInUse(
            N_("Money was booked through this account; open another one."),
            field=fixed[0].removesuffix("_id"),
        )
    for name, value in changed.items():
        setattr(account, name, value)
    account.version += 1
    _check(account)
    account.save(update_fields=[*changed, "version"])
    return account
