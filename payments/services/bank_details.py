"""What a bank prints of a payment account: by it statements find their account."""

from __future__ import annotations

import re
import uuid

from core.errors import N_, DomainError
from core.transactions import write
from payments.bank.statements import account_key
from payments.errors import UnknownPaymentAccount
from payments.models import PaymentAccount
from tenancy.permissions import require
from tenancy.principal import Principal

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\Z")


class WrongIban(DomainError):
    """An IBAN has its country's form and check digits (ISO 13616)."""

    code = "wrong_iban"


def iban_of(text: str) -> str:
    """Return an IBAN without spaces, or "". Raises WrongIban when its check digits do not fit."""
    plain = account_key(text)
    if not plain:
        return ""
    digits = "".join(str(int(char, 36)) for char in plain[4:] + plain[:4])
    if not _IBAN.match(plain) or int(digits) % 97 != 1:
        raise WrongIban(N_("This IBAN is not complete or has a wrong digit."), field="iban")
    if plain.startswith("SA") and len(plain) != 24:
        raise WrongIban(N_("A Saudi IBAN has 24 characters."), field="iban")
    return plain


@write
def bank_details_save(
    *,
    account_id: uuid.UUID,
    bank_name: str = "",
    iban: str = "",
    account_number: str = "",
    actor: Principal,
) -> PaymentAccount:
    """Store bank, IBAN and account number of a payment account. Raises WrongIban, UnknownPaymentAccount."""
    require(actor, "payments.account.edit")
    account = PaymentAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is None:
        raise UnknownPaymentAccount(N_("There is no such payment account."))
    plain = iban_of(iban)
    if plain and PaymentAccount.objects.filter(iban=plain).exclude(pk=account_id).exists():
        raise WrongIban(N_("Another payment account has this IBAN."), field="iban")
    account.bank_name, account.iban, account.account_number = bank_name, plain, account_number
    account.version += 1
    account.save(update_fields=["bank_name", "iban", "account_number", "version"])
    return account
