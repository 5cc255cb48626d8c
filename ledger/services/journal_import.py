"""Import journals of another system from a file (issue 3, item 5): nothing dropped silently, nothing doubled.

Each transaction becomes one balanced entry. Its id is computed from the source's name and its number, so the ledger
itself refuses to take it twice. Written in batches of some hundred entries, two statements each.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from django.db import DatabaseError, transaction

from audit.services.events import audit_event
from core.database_errors import from_database
from core.errors import N_, DomainError
from core.money import ZERO
from documents.readers import headings_of, opened_table
from ledger.by_hand import refusal_by_hand
from ledger.errors import UnknownAccount
from ledger.file_columns import RowRefused, positions_of
from ledger.journal_file import FIELDS, ONE_OF, FileIndex, Reader, Transaction
from ledger.manual_posting import HandFacts, HandLine, hand_entry
from ledger.models import Account, JournalEntry, Period
from ledger.posting import JournalDraft
from ledger.selectors.accounts import accounts_by_text
from ledger.services.accounts import normal_side
from ledger.services.journal import journal_post
from ledger.services.rates import rate_on
from ledger.services.setup import periods_cover
from tenancy.context import current_company_id
from tenancy.models import Company

SOURCE = "ledger.journal_import"
BATCH = 500
_SPACE = uuid.UUID("5c2f61c1-58c0-4c35-9a51-3c7fb1b5e1a7")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,19}\Z")
#: First word of a hierarchical name -> (kind, heading).
_KINDS: dict[str, tuple[str, str]] = {
    word: kind
    for words, kind in (
        (("assets", "asset", "الأصول", "أصول"), ("asset", "1000")),
        (("liabilities", "liability", "الالتزامات", "الخصوم"), ("liability", "2000")),
        (("equity", "capital", "حقوق الملكية"), ("equity", "3000")),
        (("income", "revenue", "revenues", "الإيرادات"), ("revenue", "4000")),
        (("expenses", "expense", "costs", "المصروفات"), ("expense", "6000")),
    )
    for word in words
}


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How a file of journals is read. `accounts` maps names of the file to codes of the chart."""

    source: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    create_accounts: bool = False
    account_kind: str = "asset"
    dry_run: bool = False


@dataclass(slots=True)
class JournalImportResult:
    """What an import did. `total` is the sum of the debits in base currency."""

    entries: int = 0
    lines: int = 0
    rejected: int = 0
    skipped: int = 0
    accounts_created: int = 0
    total: Decimal = ZERO
    rows: int = 0
    unknown_accounts: list[str] = field(default_factory=list)


Problem = Callable[[RowRefused], None]


def entry_source_id(source: str, key: str) -> uuid.UUID:
    """Return the id a transaction of a source has in the ledger, always the same."""
    return uuid.uuid5(_SPACE, f"{current_company_id()}\n{source}\n{key}")


def import_journals(
    path: Path, settings: ImportSettings, *, problem: Problem
) -> JournalImportResult:
    """Import a file into the current company. Raises UnreadableFile, MissingColumns.

    Inside a transaction of the caller all of it is written or nothing; outside each batch commits by itself.
    """
    with transaction.atomic():
        company = Company.objects.get(pk=current_company_id())
    with opened_table(path) as plain:
        positions = positions_of(FIELDS, headings_of(plain), settings.mapping, one_of=ONE_OF)
        reader = Reader(plain, positions, company.currency)
        index = reader.scan()
        run = _Run(settings, company, problem)
        with transaction.atomic():
            run.prepare(index)
        run.go(reader.transactions(index))
    if not settings.dry_run:
        with transaction.atomic():
            audit_event(
                "IMPORT",
                SOURCE,
                entry_source_id(settings.source, ""),
                {
                    "source": settings.source,
                    "entries": run.result.entries,
                    "rejected": run.result.rejected,
                },
            )
    return run.result


class _Run:
    """One run over one file."""

    def __init__(self, settings: ImportSettings, company: Company, problem: Problem) -> None:
        self.settings, self.company, self.problem = settings, company, problem
        self.result = JournalImportResult()
        self.accounts: dict[str, Account] = {}
        self.closed: list[tuple[dt.date, dt.date]] = []
        self.rates: dict[tuple[str, dt.date], Decimal] = {}
        self.batch: list[tuple[Transaction, JournalDraft]] = []

    def prepare(self, index: FileIndex) -> None:
        """Find the accounts, make the missing ones where asked, and open the periods of past years."""
        self.result.rows = index.row_count
        wanted = {text: self.settings.accounts.get(text, text) for text in index.accounts}
        found = accounts_by_text(wanted.values())
        self.accounts = {text: found[name] for text, name in wanted.items() if name in found}
        missing = [text for text in wanted if text not in self.accounts]
        if missing and self.settings.create_accounts:
            self._create(missing)
        else:
            self.result.unknown_accounts = sorted(missing)
        if index.first and index.last and not self.settings.dry_run:
            periods_cover(index.first, index.last)
        self.closed = list(
            Period.objects.filter(state=Period.State.CLOSED).values_list("start_date", "end_date")
        )

    def _create(self, names: Iterable[str]) -> None:
        codes = set(Account.objects.values_list("code", flat=True))
        headings = {one.code: one.pk for one in Account.objects.filter(kind=Account.Kind.HEADER)}
        fresh = []
        for name in names:
            first = re.split(r"[:/>.]| - ", name)[0].strip().casefold()
            kind, heading = _KINDS.get(first, (self.settings.account_kind, ""))
            account = Account(
                code=_free_code(name, heading or "9000", codes),
                name=name[:200],
                name_arabic=name[:200],
                kind=kind,
                normal_side=normal_side(kind),
                parent_id=headings.get(heading),
                is_monetary=kind in ("asset", "liability"),
            )
            codes.add(account.code)
            fresh.append(account)
            self.accounts[name] = account
        self.result.accounts_created = len(fresh)
        if not self.settings.dry_run:
            Account.objects.bulk_create(fresh, batch_size=1000)

    def go(self, transactions: Iterable[Transaction]) -> None:
        """Check every transaction and write those that pass, batch by batch."""
        for one in transactions:
            if not one.refused:
                draft = self._draft(one)
                if draft is not None:
                    self.batch.append((one, draft))
            self._refuse(one)
            if len(self.batch) >= BATCH:
                self._write()
        self._write()

    def _refuse(self, one: Transaction) -> None:
        self.result.rejected += len(one.refused)
        for refused in one.refused:
            self.problem(refused)

    def _draft(self, one: Transaction) -> JournalDraft | None:
        """Return the entry of a transaction; None when it is refused, which is noted on it."""
        lines = []
        for row in one.rows:
            account = self.accounts.get(row.account)
            error = self._account_error(account)
            if error is not None:
                one.refused.append(RowRefused(row.row, one.key, error))
            elif account is not None:
                lines.append(
                    HandLine(
                        account.pk,
                        debit=max(row.amount, ZERO),
                        credit=max(-row.amount, ZERO),
                        description=row.description,
                    )
                )
        if one.refused:
            return None
        first = one.rows[0]
        try:
            self._require_open(first.date)
            entry = hand_entry(
                HandFacts(
                    id=entry_source_id(self.settings.source, one.key),
                    number=one.key[:60],
                    date=first.date,
                    kind="normal",
                    currency=first.currency,
                    base_currency=self.company.currency,
                    rate=self._rate(first.currency, first.date),
                    description=first.description,
                    lines=lines,
                )
            )
        except DomainError as error:
            one.refused.append(RowRefused(first.row, one.key, error))
            return None
        return replace(entry, source_kind=SOURCE)

    def _account_error(self, account: Account | None) -> DomainError | None:
        if account is None:
            return UnknownAccount(
                N_("There is no such account; map it, or let missing accounts be made."),
                field="account",
            )
        return refusal_by_hand(
            subledger=account.subledger,
            party_kind="",
            inventory_method=self.company.inventory_method,
        )

    def _require_open(self, day: dt.date) -> None:
        if any(start <= day <= end for start, end in self.closed):
            raise DomainError(
                N_("The accounting period of this date is closed."),
                code="period_closed",
                field="date",
            )

    def _rate(self, currency: str, day: dt.date) -> Decimal:
        if currency == self.company.currency:
            return Decimal(1)
        key = (currency, day)
        if key not in self.rates:
            with transaction.atomic():
                self.rates[key] = rate_on(
                    currency=currency, base_currency=self.company.currency, date=day
                )
        return self.rates[key]

    def _write(self) -> None:
        batch, self.batch = self.batch, []
        if not batch:
            return
        with transaction.atomic():
            known = set(
                JournalEntry.objects.filter(
                    source_kind=SOURCE, source_id__in=[draft.source_id for _, draft in batch]
                ).values_list("source_id", flat=True)
            )
        fresh = [(one, draft) for one, draft in batch if draft.source_id not in known]
        self.result.skipped += len(batch) - len(fresh)
        if not self.settings.dry_run:
            fresh = self._written(fresh)
        self.result.entries += len(fresh)
        self.result.lines += sum(len(draft.lines) for _, draft in fresh)
        self.result.total += sum((draft.total for _, draft in fresh), ZERO)

    def _written(
        self, batch: list[tuple[Transaction, JournalDraft]]
    ) -> list[tuple[Transaction, JournalDraft]]:
        """Write a batch; when the database refuses it, each by itself, so that one bad date spoils no other."""
        try:
            with transaction.atomic():
                journal_post([draft for _, draft in batch])
        except DatabaseError as error:
            refusal = from_database(error)
            if refusal is None or refusal.status == 503:
                raise
            if len(batch) == 1:
                one = batch[0][0]
                one.refused = [RowRefused(one.rows[0].row, one.key, refusal)]
                self._refuse(one)
                return []
            return [
                *self._written(batch[: len(batch) // 2]),
                *self._written(batch[len(batch) // 2 :]),
            ]
        return batch


def _free_code(name: str, heading: str, taken: set[str]) -> str:
    if _CODE.match(name) and name not in taken:
        return name
    number = 1
    while (code := f"{heading[0]}900-{number:04d}") in taken:
        number += 1
    return code
