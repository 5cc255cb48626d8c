"""Imported documents as rows of COPY text: what the set-based writer sends to the database in one batch."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from uuid_utils import uuid7 as row_id

from ar.document_types import CREDIT_NOTE, INVOICE
from ar.imports.amounts import AmountReader, CategoryAmounts, document_amounts
from ar.imports.documents import ImportDocument
from ar.posting import RevenueShare, SaleFacts, VatShare, post_credit_note, post_invoice
from core.ids import uuid7
from documents.lifecycle import Status
from documents.stored import breakdown_to_json
from documents.totals import CategoryTotals
from inventory.services.lines import TaxInfo
from ledger.posting import JournalDraft

ONE, ZERO = Decimal(1), Decimal(0)
NULL = "\\N"


def copy_text(value: str) -> str:
    """Return the text as COPY reads it; control characters were refused when the row was read."""
    return value.replace("\\", "\\\\") if "\\" in value else value


@dataclass(frozen=True, slots=True)
class ImportCustomer:
    """What a document needs of its customer."""

    id: uuid.UUID
    buyer: str
    terms_days: int


@dataclass(frozen=True, slots=True)
class ImportBook:
    """Everything the rows of one import refer to, resolved once."""

    currency: str
    timezone: str
    source: str
    post: bool
    commission_rule: str
    customers: Mapping[str, ImportCustomer]
    items: Mapping[str, str]
    taxes: Mapping[tuple[str, int], TaxInfo]
    accounts: Mapping[str, uuid.UUID]
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Batch:
    """Rows of some hundred documents, and what they amount to in minor units (credit notes negative)."""

    headers: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    journal_lines: list[str] = field(default_factory=list)
    documents: int = 0
    line_count: int = 0
    net: int = 0
    vat: int = 0


class _Items(dict[str, str]):
    """Item and item code of a line as COPY reads them, by code."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        super().__init__()
        self.ids = ids

    def __missing__(self, code: str) -> str:
        found = self[code] = f"{self.ids.get(code, NULL)}\t{copy_text(code)}"
        return found


class BatchBuilder:
    """Turns checked documents into rows."""

    def __init__(self, book: ImportBook, amounts: AmountReader) -> None:
        self.book = book
        self.amounts = amounts
        self.zone = ZoneInfo(book.timezone)
        self.items = _Items(book.items)
        self.accounts = {role: str(key) for role, key in book.accounts.items()}
        self.codes = {
            (category, rate): f"{category}\t{rate}\t{info.code}"
            for (category, rate), info in book.taxes.items()
        }
        self.batch = Batch()

    def take(self) -> Batch:
        """Return the collected rows and begin anew."""
        batch, self.batch = self.batch, Batch()
        return batch

    def add(self, document: ImportDocument) -> None:
        """Add the rows of one document: header, lines, and its journal when it is posted."""
        keys = [key for _, _, _, key in document.lines]
        categories, taxes = document_amounts(
            keys, [amounts.net for _, _, amounts, _ in document.lines]
        )
        document_id = uuid7()
        net = sum(category.net for category in categories)
        tax = sum(category.tax for category in categories)
        self._lines(document, str(document_id), taxes)
        self._header(document, document_id, categories, net, tax)
        batch, sign = self.batch, -1 if document.is_credit else 1
        batch.documents += 1
        batch.line_count += len(document.lines)
        batch.net += sign * net
        batch.vat += sign * tax

    def _lines(self, document: ImportDocument, document_id: str, taxes: list[int]) -> None:
        text, items, codes = self.amounts.text, self.items, self.codes
        head = f"{'t' if document.is_credit else 'f'}\t{document_id}"
        add = self.batch.lines.append
        rows = enumerate(zip(document.lines, taxes, strict=True), start=1)
        for position, ((code, description, amounts, key), tax) in rows:
            add(
                f"{row_id()}\t{head}\t{position}\t{items[code]}\t{copy_text(description)}\t{amounts.typed}\t"
                f"{codes[key]}\t{text(amounts.net)}\t{text(tax)}\n"
            )

    def _header(
        self,
        document: ImportDocument,
        document_id: uuid.UUID,
        categories: list[CategoryAmounts],
        net: int,
        tax: int,
    ) -> None:
        book, text = self.book, self.amounts.text
        customer = book.customers[document.customer_code]
        day = document.moment.date()
        due = day + dt.timedelta(days=customer.terms_days)
        status = Status.DRAFT
        if book.post:
            status = Status.POSTED if net + tax else Status.PAID
            draft = self._journal(document, document_id, customer, categories, net, tax)
            if draft is not None:
                self._entry(draft)
        breakdown = json.dumps(breakdown_to_json(self._totals(categories)))
        moment = document.moment.replace(tzinfo=self.zone).isoformat()
        commission = net + tax if book.commission_rule == "gross" else net
        self.batch.headers.append(
            f"{'t' if document.is_credit else 'f'}\t{document_id}\t{copy_text(document.number)}\t"
            f"{book.source}:{copy_text(document.number)}\t{status.value}\t{day}\t{due}\t{moment}\t"
            f"{customer.id}\t{text(net)}\t{text(tax)}\t{text(net + tax)}\t{copy_text(breakdown)}\t"
            f"{len(document.lines)}\t{text(commission)}\t{customer.buyer}\n"
        )

    def _totals(self, categories: list[CategoryAmounts]) -> list[CategoryTotals]:
        amount = self.amounts.amount
        zero = amount(0)
        return [
            CategoryTotals(
                c.category, c.rate, amount(c.net), zero, amount(c.net), amount(c.tax), c.line_count
            )
            for c in categories
        ]

    def _journal(
        self,
        document: ImportDocument,
        document_id: uuid.UUID,
        customer: ImportCustomer,
        categories: list[CategoryAmounts],
        net: int,
        tax: int,
    ) -> JournalDraft | None:
        if not net + tax:
            return None
        book, amount = self.book, self.amounts.amount
        revenue, vat = [], []
        for category in categories:
            info = book.taxes[category.category, int(category.rate)]
            taxable = amount(category.net)
            revenue.append(
                RevenueShare(info.revenue_role or "revenue_standard", info.code, taxable)
            )
            if category.tax:
                vat.append(
                    VatShare(
                        info.vat_role or "vat_output", info.code, taxable, amount(category.tax)
                    )
                )
        facts = SaleFacts(
            source_kind=CREDIT_NOTE.kind if document.is_credit else INVOICE.kind,
            source_id=document_id,
            number=document.number,
            date=document.moment.date(),
            party_id=customer.id,
            currency=book.currency,
            rate=ONE,
            base_currency=book.currency,
            total=amount(net + tax),
            tax=amount(tax),
            revenue=tuple(revenue),
            vat=tuple(vat),
        )
        return (post_credit_note if document.is_credit else post_invoice)(facts)[0]

    def _entry(self, draft: JournalDraft) -> None:
        entry_id = row_id()
        self.batch.entries.append(
            f"{entry_id}\t{draft.date}\t{draft.book}\t{draft.kind}\t{draft.source_kind}\t"
            f"{draft.source_id}\t{copy_text(draft.source_number)}\t{draft.purpose}\t"
            f"{copy_text(draft.description)}\t{len(draft.lines)}\t{draft.total}\n"
        )
        add, accounts = self.batch.journal_lines.append, self.accounts
        for position, line in enumerate(draft.lines, start=1):
            add(
                f"{row_id()}\t{entry_id}\t{position}\t{line.account_id or accounts[line.role]}\t"
                f"{draft.date}\t{line.debit}\t{line.credit}\t{line.amount_currency}\t"
                f"{line.party_kind}\t{line.party_id or NULL}\t{line.tax_code}\t"
                f"{NULL if line.taxable_amount is None else line.taxable_amount}\n"
            )
