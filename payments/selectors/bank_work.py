"""What the matching page shows: proposals in words, and what matched lines hold."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from ap.models import Bill
from ar.models import Invoice
from ledger.models import JournalEntry
from payments.bank.posting import SOURCE_KIND
from payments.bank.proposals import Proposal
from payments.bank.wording import reason_text, reason_texts
from payments.models import BankLine, BankMatch, BankMatchItem, MatchRule, PaymentAccount
from web.links import page_of
from web.tables import Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Detail:
    """A line of what a proposal takes: a document, a booking, an account."""

    text: str
    amount: Decimal | None = None
    date: dt.date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal as the page shows it."""

    key: str
    method: str
    label: StrOrPromise
    title: str
    score: int
    is_sure: bool
    reasons: tuple[str, ...]
    details: tuple[Detail, ...]


def _named(one: Any) -> str:
    return str(Words(one.name, one.name_arabic))


def _documents(proposals: Iterable[Proposal]) -> dict[uuid.UUID, tuple[str, str]]:
    """Return number and page of the documents that the proposals settle."""
    ids = {key for one in proposals for key, _part in one.documents}
    found: dict[uuid.UUID, tuple[str, str]] = {}
    if not ids:
        return found
    for kind, model in (("ar.invoice", Invoice), ("ap.bill", Bill)):
        for pk, number in model.objects.filter(pk__in=ids).values_list("pk", "number"):
            found[pk] = (number, page_of(kind, pk))
    return found


def _entries(proposals: Iterable[Proposal]) -> dict[uuid.UUID, JournalEntry]:
    ids = {key for one in proposals for key in one.entries}
    return {one.pk: one for one in JournalEntry.objects.filter(pk__in=ids)} if ids else {}


def _entry_detail(entry: JournalEntry) -> Detail:
    """Return an entry by its number; one posted for a bank line by the words of the bank."""
    own = entry.source_kind == SOURCE_KIND
    return Detail(
        text=(entry.description if own else entry.source_number) or entry.description,
        date=entry.date,
        url=("" if own else page_of(entry.source_kind, entry.source_id))
        or page_of("ledger.journal_entry", entry.pk),
    )


def shown(line: BankLine, proposals: Sequence[Proposal]) -> list[ShownProposal]:
    """Return the proposals of one line in words. At most five statements."""
    documents, entries = _documents(proposals), _entries(proposals)
    rules = {
        rule.pk: rule
        for rule in MatchRule.objects.filter(
            pk__in=[one.rule_id for one in proposals if one.rule_id]
        ).select_related("account")
    }
    accounts = {
        account.pk: account
        for account in PaymentAccount.objects.filter(
            pk__in=[one.payment_account_id for one in proposals if one.payment_account_id]
        )
    }
    labels = dict(BankMatch.Method.choices)
    result = []
    for one in proposals:
        title, details = _words(line, one, documents, entries, rules, accounts)
        result.append(
            ShownProposal(
                key=one.key,
                method=one.method,
                label=labels[one.method],
                title=title,
                score=one.score,
                is_sure=one.is_sure,
                reasons=tuple(reason_text(reason) for reason in one.reasons),
                details=details,
            )
        )
    return result


def _words(
    line: BankLine,
    proposal: Proposal,
    documents: dict[uuid.UUID, tuple[str, str]],
    entries: dict[uuid.UUID, JournalEntry],
    rules: dict[uuid.UUID, MatchRule],
    accounts: dict[uuid.UUID, PaymentAccount],
) -> tuple[str, tuple[Detail, ...]]:
    if proposal.method == "booked":
        rows = tuple(_entry_detail(entries[key]) for key in proposal.entries if key in entries)
        return _("Booked already"), rows[:12]
    if proposal.method == "payment":
        assert proposal.party is not None
        rows = tuple(
            Detail(documents[key][0], part, url=documents[key][1])
            for key, part in proposal.documents
            if key in documents
        )
        return _payment_title(line, proposal), rows
    if proposal.method == "account" and proposal.rule_id in rules:
        account = rules[proposal.rule_id].account
        return f"{account.code} {_named(account)}", _vat_detail(rules[proposal.rule_id])
    if proposal.payment_account_id in accounts:
        name = _named(accounts[proposal.payment_account_id])
        if proposal.method == "transfer":
            return (_("From %(account)s") if line.amount > 0 else _("To %(account)s")) % {
                "account": name
            }, ()
        gross = proposal.gross or Decimal(0)
        return name, (
            Detail(_("Receipts"), gross),
            Detail(_("Fee with VAT"), line.amount - gross),
        )
    return "", ()


def _payment_title(line: BankLine, proposal: Proposal) -> str:
    assert proposal.party is not None
    name = str(Words(proposal.party.name, proposal.party.name_arabic))
    return (_("Received from %(name)s") if line.amount > 0 else _("Paid to %(name)s")) % {
        "name": name
    }


def _vat_detail(rule: MatchRule) -> tuple[Detail, ...]:
    return (Detail(_("VAT included: %(code)s") % {"code": rule.tax_code}),) if rule.tax_code else ()


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """What a matched line holds."""

    match: BankMatch
    reasons: tuple[str, ...]
    details: tuple[Detail, ...]


def shown_match(line: BankLine) -> ShownMatch | None:
    """Return the match that holds for a line. Two statements."""
    match = (
        BankMatch.objects.filter(line_id=line.pk, undone_at__isnull=True)
        .select_related("created_by", "rule")
        .first()
    )
    if match is None:
        return None
    items = (
        BankMatchItem.objects.filter(match_id=match.pk, is_active=True)
        .select_related("entry")
        .order_by("entry__date", "id")[:50]
    )
    rows = []
    for item in items:
        detail = _entry_detail(item.entry)
        rows.append(Detail(detail.text, item.amount, detail.date, detail.url))
    return ShownMatch(match, tuple(reason_texts(match.reasons)), tuple(rows))
