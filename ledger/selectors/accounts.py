"""Accounts as pickers show them: found by the beginning of their code or by words of either name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from core.text import search_key, search_words
from ledger.by_hand import GOODS, NAMED_ON_THE_LINE
from ledger.models import Account

LIMIT = 10


def account_choice(account: Account) -> dict[str, Any]:
    """Return an account as the picker takes it; `party` names the kind of party its lines ask for."""
    return {
        "id": str(account.pk),
        "code": account.code,
        "name": account.name,
        "name_arabic": account.name_arabic,
        "party": account.subledger if account.subledger in NAMED_ON_THE_LINE else "",
    }


def _takes_lines(account: Account, inventory_method: str) -> bool:
    if not account.subledger or account.subledger in NAMED_ON_THE_LINE:
        return True
    return account.subledger in GOODS and inventory_method == "manual"


def accounts_found(text: str, *, inventory_method: str, limit: int = LIMIT) -> list[Account]:
    """Return accounts a journal by hand may use: codes that begin so, words that begin so, then words that contain it.

    One statement. Names are compared folded (hamza, taa marbuta, case), which the database's own comparison does not do.
    """
    words = search_words(text)
    if not words:
        return []
    exact: list[Account] = []
    begun: list[Account] = []
    named: list[Account] = []
    for account in Account.objects.filter(is_posting=True, is_active=True).order_by("code"):
        if not _takes_lines(account, inventory_method):
            continue
        is_code = len(words) == 1 and account.code.casefold().startswith(words[0])
        if is_code or search_key(text) in (
            search_key(account.name),
            search_key(account.name_arabic),
        ):
            exact.append(account)
        else:
            key = search_key(account.code, account.name, account.name_arabic)
            if all(f" {word}" in f" {key}" for word in words):
                begun.append(account)
            elif all(word in key for word in words):
                named.append(account)
    return [*exact, *begun, *named][:limit]


def accounts_by_text(texts: Iterable[str]) -> dict[str, Account]:
    """Return the posting account of each text that is a code or a name in either language. One statement."""
    wanted = {search_key(text): text for text in texts if text.strip()}
    found: dict[str, Account] = {}
    if not wanted:
        return found
    for account in Account.objects.filter(is_posting=True, is_active=True).order_by("code"):
        for key in (account.code, account.name, account.name_arabic):
            text = wanted.get(search_key(key))
            if text is not None:
                found.setdefault(text, account)
    return found


def accounts_named(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Account]:
    """Return accounts by id. One statement."""
    return {account.pk: account for account in Account.objects.filter(pk__in=set(ids))}
