"""Lines of journals by hand against the company's accounts, parties and VAT codes: three statements, however many lines."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from core.errors import N_, DomainError, ValidationErrors
from ledger.by_hand import refusal_by_hand
from ledger.errors import AccountRefuses, UnknownAccount
from ledger.manual_posting import HandLine
from ledger.models import Account, TaxCode
from ledger.parties import parties_named
from ledger.typed import TypedJournalLine


class UnknownTaxCode(DomainError):
    """No active VAT code of the company has this name."""

    code = "unknown_tax_code"


class UnknownParty(DomainError):
    """No customer, supplier or employee of the company has this id."""

    code = "unknown_party"


@dataclass(slots=True)
class Checker:
    """What the lines refer to, read once."""

    by_id: Mapping[uuid.UUID, Account]
    by_code: Mapping[str, Account]
    codes: Mapping[str, TaxCode]
    parties: set[tuple[str, uuid.UUID]]
    inventory_method: str
    errors: list[DomainError]

    def account(self, line: TypedJournalLine) -> Account | None:
        if line.account_id is not None:
            return self.by_id.get(line.account_id)
        return self.by_code.get(line.account_code)

    def check(self, index: int, line: TypedJournalLine) -> HandLine | None:
        """Return the line with its account; note every rule it breaks."""
        account = self.account(line)
        wrong = list(self._wrong(line, account))
        self.errors.extend(error.within(f"lines.{index}") for error in wrong)
        if wrong or account is None:
            return None
        return HandLine(
            account_id=account.pk,
            debit=line.debit,
            credit=line.credit,
            party_kind=line.party_kind,
            party_id=line.party_id,
            tax_code=line.tax_code,
            taxable_amount=self._taxable(line),
            description=line.description,
        )

    def _wrong(self, line: TypedJournalLine, account: Account | None) -> list[DomainError]:
        if account is None:
            return [UnknownAccount(N_("There is no such account."), field="account")]
        if not (account.is_posting and account.is_active):
            return [AccountRefuses(N_("The account accepts no postings."), field="account")]
        refusal = refusal_by_hand(
            subledger=account.subledger,
            party_kind=line.party_kind,
            inventory_method=self.inventory_method,
        )
        wrong = [refusal] if refusal else []
        if line.party_id is not None and (line.party_kind, line.party_id) not in self.parties:
            wrong.append(UnknownParty(N_("There is no such party."), field="party"))
        if line.tax_code:
            wrong.extend(self._wrong_tax(line, account))
        elif line.taxable_amount is not None:
            wrong.append(
                UnknownTaxCode(N_("A taxable amount needs its VAT code."), field="tax_code")
            )
        return wrong

    def _wrong_tax(self, line: TypedJournalLine, account: Account) -> list[DomainError]:
        code = self.codes.get(line.tax_code)
        if code is None:
            return [UnknownTaxCode(N_("There is no such VAT code."), field="tax_code")]
        roles = {code.vat_account_role, code.counter_account_role} - {""}
        if account.role in roles and not line.taxable_amount:
            return [
                DomainError(
                    N_("VAT needs the amount it was computed on."),
                    code="required",
                    field="taxable_amount",
                )
            ]
        return []

    def _taxable(self, line: TypedJournalLine) -> Decimal | None:
        """A taxed line is its own taxable amount."""
        if not line.tax_code:
            return None
        return line.debit or line.credit if line.taxable_amount is None else line.taxable_amount


def lines_checked(lines: Sequence[TypedJournalLine], *, inventory_method: str) -> list[HandLine]:
    """Return the lines with their accounts. Raises ValidationErrors naming each wrong cell."""
    ids = {line.account_id for line in lines if line.account_id}
    names = {line.account_code for line in lines if not line.account_id}
    accounts = list(Account.objects.filter(Q(pk__in=ids) | Q(code__in=names)))
    tax_codes = {line.tax_code for line in lines if line.tax_code}
    parties = {(line.party_kind, line.party_id) for line in lines if line.party_id is not None}
    checker = Checker(
        by_id={account.pk: account for account in accounts},
        by_code={account.code: account for account in accounts},
        codes={
            code.code: code
            for code in (
                TaxCode.objects.filter(code__in=tax_codes, is_active=True) if tax_codes else ()
            )
        },
        parties=set(parties_named(parties)),
        inventory_method=inventory_method,
        errors=[],
    )
    found = [checker.check(index, line) for index, line in enumerate(lines)]
    if checker.errors:
        raise ValidationErrors(checker.errors)
    return [line for line in found if line is not None]
