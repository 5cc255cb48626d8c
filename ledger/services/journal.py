"""Write journal entries: two statements, however many entries and lines (FT-4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from core.errors import N_
from core.ids import uuid7
from ledger.errors import AccountMissing
from ledger.models import Account, JournalEntry, JournalLine
from ledger.posting import JournalDraft
from tenancy.context import current_actor_id, current_company_id
from tenancy.rows import rows_insert
from tenancy.statements import Statement, slot

_ACCOUNTS: Statement[tuple[str, uuid.UUID]] = Statement(
    Account, lambda rows: rows.filter(role__any_of=slot("roles")).values_list("role", "pk")
)


def accounts_by_role(roles: Iterable[str]) -> dict[str, uuid.UUID]:
    """Return the company's account for each role; raises AccountMissing with the roles that have none."""
    wanted = sorted(set(roles))
    found = dict(_ACCOUNTS.all(roles=wanted))
    missing = [role for role in wanted if role not in found]
    if missing:
        raise AccountMissing(
            N_("No account carries the role %(roles)s."), params={"roles": ", ".join(missing)}
        )
    return found


def journal_post(drafts: Sequence[JournalDraft]) -> list[uuid.UUID]:
    """Post balanced drafts; returns the entry ids in the order given. Amounts in base currency.

    Call inside the document's transaction. The database finds the period (PeriodClosed, PeriodMissing through the
    error mapping), checks the balance and keeps the account balances in the same statements.
    """
    if not drafts:
        return []
    company_id, actor_id = current_company_id(), current_actor_id()
    accounts = accounts_by_role(
        line.role for draft in drafts for line in draft.lines if line.account_id is None
    )
    entries, lines = [], []
    for draft in drafts:
        entry_id = uuid7()
        entries.append(
            JournalEntry(
                id=entry_id,
                company_id=company_id,
                date=draft.date,
                period_id=entry_id,  # the trigger sets the period of the date
                book=draft.book,
                kind=draft.kind,
                source_kind=draft.source_kind,
                source_id=draft.source_id,
                source_number=draft.source_number,
                purpose=draft.purpose,
                description=draft.description,
                currency=draft.currency,
                rate=draft.rate,
                line_count=len(draft.lines),
                total=draft.total,
                reverses_id=draft.reverses_id,
                posted_by_id=actor_id,
            )
        )
        for position, line in enumerate(draft.lines, start=1):
            lines.append(
                JournalLine(
                    company_id=company_id,
                    entry_id=entry_id,
                    position=position,
                    account_id=line.account_id or accounts[line.role],
                    date=draft.date,
                    debit=line.debit,
                    credit=line.credit,
                    currency=line.currency or draft.currency,
                    amount_currency=line.amount_currency,
                    party_kind=line.party_kind,
                    party_id=line.party_id,
                    tax_code=line.tax_code,
                    taxable_amount=line.taxable_amount,
                    description=line.description,
                )
            )
    rows_insert(entries)
    rows_insert(lines)
    return [entry.pk for entry in entries]


def journal_reverse(
    *, entry_id: uuid.UUID, date: dt.date, purpose: str = "reverse", description: str = ""
) -> uuid.UUID:
    """Post the mirror of an entry, linked to it; at most one per entry (L7)."""
    entry: JournalEntry = JournalEntry.objects.get(pk=entry_id)
    company_id, actor_id = current_company_id(), current_actor_id()
    mirror = JournalEntry(
        id=uuid7(),
        company_id=company_id,
        date=date,
        period_id=entry.period_id,
        book=entry.book,
        kind=JournalEntry.Kind.REVERSAL,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        source_number=entry.source_number,
        purpose=purpose,
        description=description or entry.description,
        currency=entry.currency,
        rate=entry.rate,
        line_count=entry.line_count,
        total=entry.total,
        reverses_id=entry.pk,
        posted_by_id=actor_id,
    )
    lines = [
        JournalLine(
            company_id=company_id,
            entry_id=mirror.pk,
            position=line.position,
            account_id=line.account_id,
            date=date,
            debit=line.credit,
            credit=line.debit,
            currency=line.currency,
            amount_currency=-line.amount_currency,
            party_kind=line.party_kind,
            party_id=line.party_id,
            tax_code=line.tax_code,
            taxable_amount=None if line.taxable_amount is None else -line.taxable_amount,
            description=line.description,
        )
        for line in JournalLine.objects.filter(entry_id=entry_id).order_by("position")
    ]
    rows_insert([mirror])
    rows_insert(lines)
    return mirror.pk
