"""The chart of accounts: add, change, close, delete; which account carries which role (accounting.md section 3)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import ProtectedError

from core.errors import N_, DomainError, ValidationErrors
from core.inputs import clean_text
from core.transactions import write
from ledger.errors import UnknownAccount
from ledger.models import Account, JournalLine, JournalTemplateLine, ManualJournalLine
from ledger.posting import AccountRole
from tenancy.permissions import require
from tenancy.principal import Principal

PERMISSION = "ledger.account.edit"
Kind = Account.Kind
CREDIT_KINDS = frozenset(
    {Kind.CONTRA_ASSET, Kind.LIABILITY, Kind.EQUITY, Kind.REVENUE, Kind.CONTRA_EXPENSE}
)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,19}\Z")


class AccountInUse(DomainError):
    """An account with a role, with postings or in a template is closed to new postings, never deleted."""

    code = "account_in_use"
    status = 409


def _locked(account_id: uuid.UUID) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise UnknownAccount(N_("There is no such account."), code="not_found")
    return account


def normal_side(kind: str) -> str:
    """Return the side on which an account of the kind usually stands."""
    if kind == Kind.HEADER:
        return ""
    return "credit" if kind in CREDIT_KINDS else "debit"


def _fill(account: Account, values: Mapping[str, Any]) -> None:
    """Put the values on the account. Raises ValidationErrors naming each wrong field."""
    errors: list[DomainError] = []
    code = clean_text(values.get("code"), field="code", max_length=20)
    if not _CODE.match(code):
        errors.append(
            DomainError(
                N_("A code has letters, digits, points and hyphens, at most 20."), field="code"
            )
        )
    elif Account.objects.filter(code=code).exclude(pk=account.pk).exists():
        errors.append(
            DomainError(N_("This code is used already."), code="duplicate_code", field="code")
        )
    account.code = code
    for name in ("name", "name_arabic"):
        try:
            text = clean_text(values.get(name), field=name, min_length=1, max_length=200)
        except DomainError as error:
            errors.append(error)
        else:
            setattr(account, name, text)
    kind = str(values.get("kind") or "")
    if kind not in Kind.values:
        errors.append(DomainError(N_("Choose a kind of account."), field="kind"))
    account.kind = kind
    account.normal_side = normal_side(kind)
    account.is_posting = kind != Kind.HEADER
    account.is_monetary = bool(values.get("is_monetary"))
    account.is_active = values.get("is_active", True) is not False
    try:
        account.parent = _parent(account, values.get("parent_id"))
    except DomainError as error:
        errors.append(error)
    if errors:
        raise ValidationErrors(errors)


def _parent(account: Account, parent_id: Any) -> Account | None:
    if not parent_id:
        return None
    parent = Account.objects.filter(pk=parent_id).first()
    if parent is None or parent.kind != Kind.HEADER:
        raise DomainError(N_("An account stands under a heading."), field="parent")
    above: Account | None = parent
    while above is not None:
        if above.pk == account.pk:
            raise DomainError(N_("A heading does not stand under itself."), field="parent")
        above = above.parent
    return parent


def has_postings(account_id: uuid.UUID) -> bool:
    """Return whether anything was ever posted on the account."""
    return bool(JournalLine.objects.filter(account_id=account_id).exists())


@write
def account_create(*, values: Mapping[str, Any], actor: Principal) -> Account:
    """Add an account; new ones carry no role and no subledger. Raises ValidationErrors."""
    require(actor, PERMISSION)
    account = Account()
    _fill(account, values)
    account.save(force_insert=True)
    return account


@write
def account_update(
    *, account_id: uuid.UUID, values: Mapping[str, Any], actor: Principal
) -> Account:
    """Change an account. With postings its kind stays; with a role it stays open. Raises ValidationErrors."""
    require(actor, PERMISSION)
    account = _locked(account_id)
    kind, was_active = account.kind, account.is_active
    _fill(account, values)
    if account.kind != kind and (account.role or has_postings(account.pk)):
        raise AccountInUse(N_("An account with postings or a role keeps its kind."), field="kind")
    if was_active and not account.is_active and account.role:
        raise AccountInUse(
            N_("This account carries a role; give the role to another account first."),
            field="is_active",
        )
    account.save()
    return account


@write
def account_delete(*, account_id: uuid.UUID, actor: Principal) -> None:
    """Delete an account that was never used. Raises AccountInUse."""
    require(actor, PERMISSION)
    account = _locked(account_id)
    used = (
        account.role
        or has_postings(account.pk)
        or Account.objects.filter(parent_id=account.pk).exists()
        or ManualJournalLine.objects.filter(account_id=account.pk).exists()
        or JournalTemplateLine.objects.filter(account_id=account.pk).exists()
    )
    if not used:
        try:
            account.delete()
        except ProtectedError:
            used = True
    if used:
        raise AccountInUse(
            N_(
                "An account with a role, postings or drafts cannot be deleted; close it to new postings."
            )
        )


@write
def role_assign(*, role: str, account_id: uuid.UUID, actor: Principal) -> Account:
    """Give a role to another account. What was posted stays where it is.

    Raises AccountInUse where the account has a role already or is kept by another subledger than the role's account.
    """
    require(actor, PERMISSION)
    if role not in set(AccountRole):
        raise DomainError(N_("There is no such role."), code="unknown_role", field="role")
    account = _locked(account_id)
    if not (account.is_posting and account.is_active):
        raise DomainError(
            N_("The account accepts no postings."), code="account_refuses", field="account"
        )
    if account.role == role:
        return account
    if account.role:
        raise AccountInUse(N_("This account carries another role already."), field="account")
    former = Account.objects.select_for_update().filter(role=role).first()
    if former is not None:
        if former.subledger and has_postings(former.pk):
            raise AccountInUse(
                N_("A control account with postings keeps its role: its open items stand on it."),
                field="account",
            )
        if former.subledger:
            account.subledger, former.subledger = former.subledger, ""
        former.role = ""
        former.save(update_fields=["role", "subledger"])
    account.role = role
    account.save(update_fields=["role", "subledger"])
    return account
