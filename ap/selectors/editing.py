"""What the editors of payables choose from: suppliers, accounts of a line, purchase VAT codes, items with last cost."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import get_language

from ap.accounts import GOODS, VAT_ROLES
from ap.models import Bill, BillLine, Supplier
from ap.parties import supplier_snapshot
from core.text import search_key
from documents.editing import price_text
from documents.lifecycle import OPEN, Status
from documents.pages import VatChoice
from inventory.services.choices import item_choices, items_named, vat_choices
from ledger.models import Account
from web.formats import format_amount

PICKED = 10
#: Accounts a line of a bill may go to; control accounts belong to their sub-ledger.
LINE_KINDS = (
    Account.Kind.ASSET,
    Account.Kind.EXPENSE,
    Account.Kind.CONTRA_EXPENSE,
    Account.Kind.LIABILITY,
)


def account_text(account: Account | None) -> str:
    """Return "6310 Rent" in the active language; "" for none."""
    if account is None:
        return ""
    arabic = (get_language() or "en").startswith("ar")
    name = account.name_arabic if arabic and account.name_arabic else account.name
    return f"{account.code} {name}"


def _open_amounts(supplier_ids: Sequence[uuid.UUID], currency: str) -> dict[uuid.UUID, Decimal]:
    rows = (
        Bill.objects.filter(
            supplier_id__in=supplier_ids, status__in=sorted(OPEN), currency=currency
        )
        .order_by()
        .values("supplier_id")
        .annotate(owed=Sum("open_amount"))
    )
    return {row["supplier_id"]: row["owed"] for row in rows}


def supplier_choices(suppliers: Sequence[Supplier], currency: str) -> list[dict[str, Any]]:
    """Return suppliers as the picker shows them, with what their bills usually begin with. Two statements."""
    owed = _open_amounts([one.pk for one in suppliers], currency)
    wanted = {one.account_id for one in suppliers if one.account_id}
    accounts = {one.pk: one for one in Account.objects.filter(pk__in=wanted)} if wanted else {}
    return [
        {
            "id": str(one.pk),
            "code": one.code,
            "name": one.name,
            "name_arabic": one.name_arabic,
            "vat_number": one.vat_number,
            "city": one.city,
            "terms": one.payment_terms_days,
            "currency": one.currency,
            "open": format_amount(owed.get(one.pk, Decimal(0)), currency),
            "limit": "",
            "over": False,
            "printed": supplier_snapshot(one),
            "habits": {
                "account": str(one.account_id or ""),
                "account_name": account_text(accounts.get(one.account_id)),
                "tax_code": one.tax_code,
            },
        }
        for one in suppliers
    ]


def suppliers_with(text: str, limit: int) -> list[uuid.UUID]:
    """Return the ids of suppliers by a search key, best first. Runs as a function: LIKE finds no index under RLS."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT supplier_id FROM ap_search_suppliers(%s, %s)", [text, limit])
        return [row[0] for row in cursor.fetchall()]


def bills_numbered(text: str, limit: int) -> list[uuid.UUID]:
    """Return the ids of bills whose number, ours or the supplier's, holds the text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ap_search_bill_numbers(%s, %s)", [text, limit])
        return [row[0] for row in cursor.fetchall()]


def supplier_search(text: str, currency: str) -> list[dict[str, Any]]:
    """Return active suppliers by code, name, VAT number or phone, best first."""
    needle = search_key(text)
    found = Supplier.objects.filter(is_active=True)
    if not needle:
        return supplier_choices(list(found.order_by("code")[:PICKED]), currency)
    ids = suppliers_with(needle, PICKED * 2)
    by_id = {one.pk: one for one in found.filter(pk__in=ids)}
    return supplier_choices([by_id[key] for key in ids if key in by_id][:PICKED], currency)


def open_accounts(*, goods_by_hand: bool) -> QuerySet[Account]:
    """Return the accounts that a line may go to; those of goods while stock is kept by hand."""
    rows: QuerySet[Account] = Account.objects.filter(
        kind__in=LINE_KINDS,
        is_posting=True,
        is_active=True,
        subledger__in=["", *sorted(GOODS)] if goods_by_hand else [""],
    )
    return rows.exclude(role__in=[role.value for role in VAT_ROLES]).order_by("code")


def _account_rank(account: Account, words: str) -> tuple[bool, int, bool, str]:
    """Sort by code, then names that begin with the words, then words in them, then letters; costs before balances."""
    names = (account.name.casefold(), account.name_arabic)
    if any(name.startswith(words) for name in names):
        place = 0
    elif any(part.startswith(words) for name in names for part in name.split()):
        place = 1
    else:
        place = 2
    is_cost = account.kind == Account.Kind.EXPENSE
    return (not account.code.startswith(words), place, not is_cost, account.code)


def account_search(text: str, *, goods_by_hand: bool) -> list[dict[str, str]]:
    """Return accounts that a line may go to, by code or a part of the name in either language; codes first."""
    words = text.strip()
    rows = open_accounts(goods_by_hand=goods_by_hand)
    if words:
        rows = rows.filter(
            Q(code__startswith=words) | Q(name__icontains=words) | Q(name_arabic__icontains=words)
        )
    found = sorted(rows, key=lambda one: _account_rank(one, words.casefold()))
    return [
        {"id": str(one.pk), "code": one.code, "name": one.name, "name_arabic": one.name_arabic}
        for one in found[:PICKED]
    ]


def purchase_vat_choices() -> list[VatChoice]:
    """Return the company's purchase VAT codes, the usual one first."""
    return vat_choices("purchase")


def _last_prices(item_ids: Sequence[str]) -> dict[str, Decimal]:
    """Return the price of each item on its latest posted bill."""
    rows = (
        BillLine.objects.filter(item_id__in=item_ids, document__is_posted=True)
        .exclude(document__status=Status.VOID)
        .order_by("item_id", "-document__issue_date", "-document_id")
        .distinct("item_id")
        .values_list("item_id", "unit_price")
    )
    return {str(key): price for key, price in rows}


def _as_bought(choices: list[dict[str, Any]], currency: str) -> None:
    """Replace the selling price by the last price paid, and leave the VAT code to the purchase side."""
    prices = _last_prices([one["id"] for one in choices])
    for one in choices:
        price = prices.get(one["id"])
        one["price"] = "" if price is None else price_text(price, currency)
        one["tax_code"] = ""


def purchase_item_choices(text: str, currency: str) -> list[dict[str, Any]]:
    """Return items for what was typed or scanned, with the price last paid (PS-16)."""
    found = item_choices(text, currency=currency)
    _as_bought(found, currency)
    return found


def purchase_items_named(names: Sequence[str], currency: str) -> dict[str, dict[str, Any]]:
    """Return items by code, barcode or exact name, with the price last paid."""
    found = items_named(names, currency=currency)
    _as_bought(list(found.values()), currency)
    return found
