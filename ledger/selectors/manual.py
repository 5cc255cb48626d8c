"""Journals by hand as pages, editor and API show them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from core.money import quantize
from core.text import search_key
from ledger.manual_posting import SOURCE
from ledger.models import (
    JournalEntry,
    JournalTemplateLine,
    ManualJournal,
    ManualJournalLine,
)
from ledger.parties import Party, parties_named
from ledger.selectors.accounts import account_choice, accounts_named
from ledger.typed import TypedJournal

STATES = ("draft", "posted", "reversed")


def manual_found(
    *,
    text: str = "",
    status: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[ManualJournal]:
    """Return journals by hand, newest first, whose number, reference or description contains the text."""
    rows: QuerySet[ManualJournal] = ManualJournal.objects.order_by("-date", "-id")
    if status:
        rows = rows.filter(status=status)
    if since:
        rows = rows.filter(date__gte=since)
    if until:
        rows = rows.filter(date__lte=until)
    if text:
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(reference__icontains=text)
            | Q(description__icontains=search_key(text))
            | Q(description__icontains=text)
        )
    return rows


@dataclass(frozen=True, slots=True)
class ManualWhole:
    """A journal with its lines, the parties on them, and its entries in the ledger (post first)."""

    journal: ManualJournal
    lines: list[ManualJournalLine]
    parties: dict[tuple[str, uuid.UUID], Party]
    entries: list[JournalEntry]

    @property
    def debit(self) -> Decimal:
        return sum((line.debit for line in self.lines), Decimal(0))

    @property
    def credit(self) -> Decimal:
        return sum((line.credit for line in self.lines), Decimal(0))

    @property
    def entry(self) -> JournalEntry | None:
        """The entry it posted."""
        return next((one for one in self.entries if one.reverses_id is None), None)

    @property
    def mirror(self) -> JournalEntry | None:
        """The entry that reverses it."""
        return next((one for one in self.entries if one.reverses_id is not None), None)

    def party_of(self, line: ManualJournalLine) -> Party | None:
        return self.parties.get((line.party_kind, line.party_id)) if line.party_id else None


def manual_whole(journal_id: uuid.UUID) -> ManualWhole | None:
    """Return one journal with everything its page shows, or None. Three statements and one for each kind of party."""
    journal = (
        ManualJournal.objects.select_related("posted_by", "created_by", "recurring__template")
        .filter(pk=journal_id)
        .first()
    )
    if journal is None:
        return None
    lines = list(
        ManualJournalLine.objects.filter(journal_id=journal_id)
        .select_related("account")
        .order_by("position")
    )
    entries = list(
        JournalEntry.objects.filter(source_kind=SOURCE, source_id=journal_id).order_by("date", "id")
    )
    keys = {(line.party_kind, line.party_id) for line in lines if line.party_id}
    return ManualWhole(journal, lines, parties_named(keys), entries)


def _amount(value: Decimal | None, currency: str) -> str:
    return f"{quantize(value, currency):f}" if value else ""


def _party_choice(party: Party | None) -> dict[str, str] | None:
    if party is None:
        return None
    return {
        "id": str(party.id),
        "kind": party.kind,
        "code": party.code,
        "name": party.name,
        "name_arabic": party.name_arabic,
    }


def editor_payload(whole: ManualWhole) -> dict[str, Any]:
    """Return a stored journal as the editor takes it."""
    journal = whole.journal
    return {
        "date": journal.date.isoformat(),
        "kind": journal.kind,
        "currency": journal.currency,
        "exchange_rate": f"{journal.rate.normalize():f}",
        "reference": journal.reference,
        "description": journal.description,
        "version": journal.version,
        "lines": [
            {
                "account": account_choice(line.account),
                "party": _party_choice(whole.party_of(line)),
                "debit": _amount(line.debit, journal.currency),
                "credit": _amount(line.credit, journal.currency),
                "tax_code": line.tax_code,
                "taxable_amount": _amount(line.taxable_amount, journal.currency),
                "description": line.description,
            }
            for line in whole.lines
        ],
    }


def typed_payload(typed: TypedJournal) -> dict[str, Any]:
    """Return a typed journal (from a template) as the editor takes it. Two statements and one for each kind of party."""
    accounts = accounts_named(line.account_id for line in typed.lines if line.account_id)
    parties = parties_named(
        {(line.party_kind, line.party_id) for line in typed.lines if line.party_id}
    )
    return {
        "date": typed.date.isoformat(),
        "kind": typed.kind,
        "currency": typed.currency,
        "exchange_rate": "",
        "reference": typed.reference,
        "description": typed.description,
        "lines": [
            {
                "account": account_choice(accounts[line.account_id]) if line.account_id else None,
                "party": _party_choice(
                    parties.get((line.party_kind, line.party_id)) if line.party_id else None
                ),
                "debit": _amount(line.debit, typed.currency),
                "credit": _amount(line.credit, typed.currency),
                "tax_code": line.tax_code,
                "taxable_amount": "",
                "description": line.description,
            }
            for line in typed.lines
        ],
    }


def template_payload(lines: Sequence[JournalTemplateLine]) -> list[dict[str, Any]]:
    """Return the lines of a template as its editor takes them; each with its account loaded."""
    parties = parties_named({(line.party_kind, line.party_id) for line in lines if line.party_id})
    return [
        {
            "account": account_choice(line.account),
            "party": _party_choice(
                parties.get((line.party_kind, line.party_id)) if line.party_id else None
            ),
            "side": line.side,
            "mode": line.mode,
            "amount": f"{line.amount.normalize():f}" if line.amount else "",
            "percent": f"{line.percent.normalize():f}" if line.percent else "",
            "tax_code": line.tax_code,
            "description": line.description,
        }
        for line in lines
    ]
