"""From typed input to unsaved rows of bills and supplier credits: shared by create, update, posting and import."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q

from ap.accounts import GOODS, VAT_ROLES
from ap.errors import UnknownAccount, UnknownSupplier
from ap.models import Bill, BillLine, Supplier, SupplierCredit, SupplierCreditLine
from ap.posting import CostShare, PurchaseFacts, TaxWay
from core.errors import N_, DomainError
from core.money import ZERO
from documents.tax_shares import shares_by
from documents.typed import TypedLine
from inventory.models import Item
from inventory.services.lines import ItemFacts, TaxInfo, TaxTable, lines_resolve, tax_table
from ledger.errors import ControlAccount
from ledger.models import Account
from ledger.posting import AccountRole, Book

#: Where lines go that name no account, and where prepaid months wait, by role.
_FALLBACKS = (
    AccountRole.MISC_EXPENSE,
    AccountRole.PREPAID_OTHER,
    AccountRole.PREPAID_RENT,
)
PurchaseLine = BillLine | SupplierCreditLine


def supplier_for(supplier_id: uuid.UUID) -> Supplier:
    """Return the active supplier; another company's id is as unknown as a wrong one. Raises UnknownSupplier."""
    supplier: Supplier | None = Supplier.objects.filter(pk=supplier_id, is_active=True).first()
    if supplier is None:
        raise UnknownSupplier(N_("There is no such supplier."), field="supplier")
    return supplier


def due_date_of(issue_date: dt.date, supplier: Supplier, company: dict[str, Any]) -> dt.date:
    """Return the due date by the supplier's terms, else the company's."""
    days = supplier.payment_terms_days
    return issue_date + dt.timedelta(
        days=int(company.get("payment_terms_days") or 0) if days is None else days
    )


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts that lines name, by id and by code, and those that roles stand for."""

    named: dict[uuid.UUID | str, Account]
    by_role: dict[str, Account]

    def find(self, named: uuid.UUID | str, field: str, *, goods: bool) -> Account:
        """Return an account that a bill may post to. Raises UnknownAccount, ControlAccount."""
        account = self.named.get(named)
        if account is None or not account.is_posting or not account.is_active:
            raise UnknownAccount(N_("There is no such open account."), field=field)
        kept = account.subledger and not (goods and account.subledger in GOODS)
        if kept or account.role in VAT_ROLES:
            raise ControlAccount(
                N_("This is a control account: choose the account of the cost."), field=field
            )
        return account


def accounts_for(lines: Iterable[TypedLine], supplier: Supplier) -> Accounts:
    """Return every account that the lines may need. One statement."""
    ids: set[uuid.UUID] = {supplier.account_id} if supplier.account_id else set()
    codes: set[str] = set()
    for line in lines:
        for name in ("account", "prepaid_account"):
            value = (line.extra or {}).get(name)
            if isinstance(value, uuid.UUID):
                ids.add(value)
            elif value:
                codes.add(value)
    named: dict[uuid.UUID | str, Account] = {}
    by_role: dict[str, Account] = {}
    for account in Account.objects.filter(
        Q(pk__in=ids) | Q(code__in=codes) | Q(role__in=_FALLBACKS)
    ):
        named[account.pk] = named[account.code] = account
        by_role[account.role] = account
    return Accounts(named, by_role)


@dataclass(frozen=True, slots=True)
class _Placing:
    """Says where each line goes: what was typed, else the item, else the supplier's usual account."""

    accounts: Accounts
    taxes: dict[str, TaxInfo]
    supplier: Supplier
    issue_date: dt.date
    goods_by_hand: bool

    def __call__(self, line: TypedLine, item: ItemFacts | None, at: str) -> TypedLine:
        typed = dict(line.extra or {})
        if self.taxes[line.tax_code].is_customs:
            return replace(line, extra=self._customs(typed, at))
        extra: dict[str, Any] = {
            "account_id": self._account(typed.get("account"), item, f"{at}account"),
            "customs_value": None,
            "prepaid_months": typed.get("prepaid_months"),
            "prepaid_start": None,
            "prepaid_account_id": None,
        }
        if extra["prepaid_months"] is not None:
            if extra["account_id"] is None:
                raise UnknownAccount(
                    N_("Goods are not paid for by month: choose an account of costs."),
                    field=f"{at}account",
                )
            extra["prepaid_start"] = typed.get("prepaid_start") or self.issue_date.replace(day=1)
            extra["prepaid_account_id"] = self._prepaid(
                typed.get("prepaid_account"), extra["account_id"], f"{at}prepaid_account"
            )
        return replace(line, extra=extra)

    def _account(
        self, typed: uuid.UUID | str | None, item: ItemFacts | None, field: str
    ) -> uuid.UUID | None:
        """Return the account of the line; None for goods, which go to the inventory."""
        if typed is not None:
            account = self.accounts.find(typed, field, goods=self.goods_by_hand)
        elif item is not None and item.kind == Item.Kind.GOODS:
            return None
        elif self.supplier.account_id is not None:
            account = self.accounts.find(self.supplier.account_id, field, goods=self.goods_by_hand)
        else:
            found = self.accounts.by_role.get(AccountRole.MISC_EXPENSE)
            if found is None:
                raise UnknownAccount(N_("Choose an account."), field=field)
            account = found
        key: uuid.UUID = account.pk
        return key

    def _prepaid(
        self, typed: uuid.UUID | str | None, expense_id: uuid.UUID, field: str
    ) -> uuid.UUID:
        """Return the account on which the months wait: as typed, rent with rent, everything else together."""
        account: Account | None
        if typed is not None:
            account = self.accounts.find(typed, field, goods=False)
        else:
            rent = self.accounts.named[expense_id].role == AccountRole.RENT_EXPENSE
            role = AccountRole.PREPAID_RENT if rent else AccountRole.PREPAID_OTHER
            account = self.accounts.by_role.get(role)
        if account is None or account.pk == expense_id:
            raise UnknownAccount(N_("Choose the prepaid account."), field=field)
        key: uuid.UUID = account.pk
        return key

    def _customs(self, typed: dict[str, Any], at: str) -> dict[str, Any]:
        if typed.get("account") is not None or typed.get("prepaid_months") is not None:
            raise DomainError(
                N_("VAT paid at customs goes to its own account: leave the account empty."),
                code="customs_account",
                field=f"{at}account",
            )
        return {
            "account_id": None,
            "customs_value": typed.get("customs_value"),
            "prepaid_months": None,
            "prepaid_start": None,
            "prepaid_account_id": None,
        }


def purchase_lines_resolve(
    lines: Sequence[TypedLine],
    *,
    supplier: Supplier,
    issue_date: dt.date,
    company: dict[str, Any],
    taxes: TaxTable | None = None,
    single: bool = False,
) -> list[TypedLine]:
    """Fill in items, purchase VAT codes and accounts; raises ValidationErrors naming each wrong line.

    Three statements for any number of lines: items, VAT codes, accounts.
    """
    table = taxes or tax_table("purchase")
    usual = supplier.tax_code if supplier.tax_code in table[0] else ""
    placing = _Placing(
        accounts=accounts_for(lines, supplier),
        taxes=table[0],
        supplier=supplier,
        issue_date=issue_date,
        goods_by_hand=str(company.get("inventory_method", "manual")) == "manual",
    )
    typed = [_usual_tax(line, usual) for line in lines] if usual else lines
    return lines_resolve(typed, taxes=table, single=single, place=placing)


def _usual_tax(line: TypedLine, code: str) -> TypedLine:
    """Return the line with the supplier's usual VAT code where neither code nor rate was typed."""
    if line.tax_code or not (line.extra or {}).get("tax_untyped"):
        return line
    return replace(line, tax_code=code, tax_follows_code=True)


def _way_of(info: TaxInfo) -> TaxWay:
    if info.is_customs:
        return TaxWay.CUSTOMS
    if info.counter_role:
        return TaxWay.REVERSE
    if info.vat_role:
        return TaxWay.INPUT
    return TaxWay.COST if info.rate else TaxWay.NONE


def _key(line: PurchaseLine) -> tuple[uuid.UUID | None, str, uuid.UUID | None]:
    """Lines of one account and VAT code post together; prepaid and customs lines each by themselves."""
    alone = line.prepaid_months is not None or line.customs_value is not None
    return (line.account_id, line.tax_code, line.pk if alone else None)


def purchase_facts(
    document: Bill | SupplierCredit,
    lines: Sequence[PurchaseLine],
    *,
    source_kind: str,
    base_currency: str,
    tax_codes: dict[str, TaxInfo],
    waiting: dict[uuid.UUID, Decimal] | None = None,
    base: tuple[Decimal, Decimal] | None = None,
    opening: bool = False,
) -> PurchaseFacts:
    """Return what the journal needs: cost and VAT by account and VAT code, in the document's currency.

    `waiting`: by line of a supplier credit, what its bill's line still has on the prepaid account, in base currency.
    `opening`: owed before the books began: neither cost nor VAT (accounting.md section 10).
    """
    by_id = {line.pk: line for line in lines}
    shares = []
    for share in shares_by(document, lines, _key):
        account_id, tax_code, line_id = share.key
        info = tax_codes[tax_code]
        line = by_id[line_id] if line_id is not None else None
        prepaid = line is not None and line.prepaid_months is not None
        shares.append(
            CostShare(
                tax_code=tax_code,
                way=_way_of(info),
                net=share.taxable,
                tax=share.tax,
                role="" if account_id else AccountRole.INVENTORY,
                account_id=account_id,
                vat_role=info.vat_role,
                counter_role=info.counter_role,
                rate=info.rate,
                customs_value=line.customs_value if line is not None else None,
                prepaid_line_id=line_id if prepaid else None,
                prepaid_account_id=line.prepaid_account_id if line is not None else None,
                waiting=(waiting or {}).get(line_id, ZERO) if line_id is not None else ZERO,
            )
        )
    if opening:
        shares = [
            replace(share, account_id=None, role=AccountRole.OPENING_AP, tax_code="")
            for share in shares
        ]
    return PurchaseFacts(
        source_kind=source_kind,
        source_id=document.pk,
        number=document.number,
        date=document.issue_date,
        party_id=document.supplier_id,
        currency=document.currency,
        rate=document.exchange_rate,
        base_currency=base_currency,
        total=document.total or ZERO,
        shares=tuple(shares),
        base=base,
        book=Book.OPENING if opening else Book.PURCHASES,
        kind="opening" if opening else "normal",
    )
