"""Rules that propose a posting for bank lines."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_, DomainError
from core.transactions import write
from documents.errors import StaleVersion
from payments.bank.errors import BankLineNotFound
from payments.models import BankMatch, MatchRule, PaymentAccount
from payments.services.bank_lines import account_for_lines, vat_code
from tenancy.permissions import require
from tenancy.principal import Principal

PERMISSION = "payments.bank.rules"


@dataclass(frozen=True, slots=True)
class TypedRule:
    """A rule as typed. Amounts without sign, both bounds included; empty account: every payment account."""

    name: str
    text: str
    account_id: uuid.UUID
    sign: str = "any"
    payment_account_id: uuid.UUID | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    tax_code: str = ""
    description: str = ""
    position: int = 100
    is_active: bool = True


def rule_get(rule_id: uuid.UUID) -> MatchRule:
    """Return a rule. Raises BankLineNotFound."""
    rule = MatchRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise BankLineNotFound(N_("There is no such rule."))
    return rule


@write
def rule_save(
    *,
    typed: TypedRule,
    actor: Principal,
    rule_id: uuid.UUID | None = None,
    version: int | None = None,
) -> MatchRule:
    """Store a new rule, or change the one with the id. Raises AccountRefused, StaleVersion, DomainError at the field."""
    require(actor, PERMISSION)
    account_for_lines(typed.account_id)
    vat_code(typed.tax_code)
    _require_sense(typed)
    if MatchRule.objects.filter(name=typed.name).exclude(pk=rule_id).exists():
        raise DomainError(N_("Another rule has this name."), code="duplicate_name", field="name")
    rule = MatchRule()
    if rule_id is not None:
        rule_get(rule_id)
        rule = MatchRule.objects.select_for_update().get(pk=rule_id)
        if version is not None and version != rule.version:
            raise StaleVersion(N_("Somebody changed this rule at the same time; look again."))
        rule.version += 1
    for name in typed.__dataclass_fields__:
        setattr(rule, name, getattr(typed, name))
    rule.save()
    return rule


def _require_sense(typed: TypedRule) -> None:
    if typed.sign not in MatchRule.Sign.values:
        raise DomainError(N_("Choose one of the values offered."), field="sign")
    if len(typed.text.strip()) < 3:
        raise DomainError(
            N_("The text has at least three letters; shorter ones fit too many lines."),
            code="too_short",
            field="text",
        )
    low, high = typed.amount_from, typed.amount_to
    if low is not None and high is not None and low > high:
        raise DomainError(
            N_("The second amount is not below the first."), code="too_small", field="amount_to"
        )
    if (
        typed.payment_account_id
        and not PaymentAccount.objects.filter(pk=typed.payment_account_id).exists()
    ):
        raise DomainError(
            N_("There is no such payment account."),
            code="unknown_payment_account",
            field="payment_account",
        )


@write
def rule_delete(*, rule_id: uuid.UUID, actor: Principal) -> None:
    """Delete a rule; one that made matches is put out of use instead, so that they keep their reason."""
    require(actor, PERMISSION)
    rule = rule_get(rule_id)
    if BankMatch.objects.filter(rule_id=rule_id).exists():
        rule.is_active = False
        rule.version += 1
        rule.save(update_fields=["is_active", "version"])
    else:
        rule.delete()
