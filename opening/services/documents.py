"""Open documents of the old system as opening invoices and bills: some statements for some hundred documents.

Each gets its number from the series OPN or OPB, one line without VAT, and its journal against `opening_ar` or
`opening_ap` on the go-live date. They never enter the VAT return, e-invoicing or commission.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ap.document_types import BILL
from ap.models import Bill, BillLine, Supplier
from ap.parties import supplier_snapshot
from ap.posting import CostShare, PurchaseFacts, TaxWay, post_bill
from ar.document_types import INVOICE
from ar.models import Customer, Invoice, InvoiceKind, InvoiceLine
from ar.posting import RevenueShare, SaleFacts, post_invoice
from ar.services.building import buyer_snapshot, seller_snapshot
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import product
from core.text import search_key
from documents.parties import company_block
from documents.services.numbering import format_number, numbers_take
from documents.services.posting import mark_posted
from documents.stored import breakdown_to_json
from documents.totals import LineInput, compute_totals
from ledger.file_columns import RowRefused
from ledger.posting import JournalDraft
from ledger.services.journal import journal_post
from ledger.services.rates import rate_on
from opening.files import OpenDocument, RowProblem
from tenancy.models import Branch
from tenancy.principal import Principal
from tenancy.rows import rows_insert

BATCH = 500
ZERO, ONE = Decimal(0), Decimal(1)
OUT_OF_SCOPE = {"sale": "SO", "purchase": "PO"}


@dataclass(frozen=True, slots=True)
class Side:
    """What differs between customers and suppliers."""

    party: type[Customer] | type[Supplier]
    document: type[Invoice] | type[Bill]
    make: Callable[..., tuple[Any, JournalDraft | None]]


@dataclass(slots=True)
class OpeningRun:
    """One file of open documents against the company's parties."""

    side: Side
    go_live: dt.date
    actor: Principal
    create_parties: bool
    dry_run: bool

    def run(
        self, rows: Sequence[OpenDocument]
    ) -> tuple[list[uuid.UUID], Decimal, list[RowRefused]]:
        """Return (ids of the documents made, their total in base currency, refused rows).

        Nothing is written when a row is refused or on a dry run.
        """
        parties, unknown = self._parties(rows)
        refused = [*unknown, *self._repeated(rows), *self._known(rows)]
        rated = []
        for row in rows:
            try:
                rated.append((row, self._rate(row)))
            except DomainError as error:
                refused.append(RowRefused(row.row, row.number, error))
        if refused:
            return [], ZERO, refused
        total = sum((self._base(row, rate) for row, rate in rated), ZERO)
        if self.dry_run:
            return [], total, []
        made = []
        for at in range(0, len(rated), BATCH):
            made += self._write(rated[at : at + BATCH], parties)
        return made, total, []

    def _rate(self, row: OpenDocument) -> Decimal:
        return row.rate or rate_on(
            currency=row.currency, base_currency=self.actor.currency, date=self.go_live
        )

    def _base(self, row: OpenDocument, rate: Decimal) -> Decimal:
        if row.currency == self.actor.currency:
            return row.amount
        return product(row.amount, rate, self.actor.currency)

    def _parties(self, rows: Sequence[OpenDocument]) -> tuple[dict[str, Any], list[RowRefused]]:
        """Return the parties by what the file calls them, and the rows whose party is unknown."""
        known: dict[str, Any] = {}
        for party in self.side.party.objects.all():
            for text in filter(None, (party.name_arabic, party.name, party.code)):
                known[search_key(text)] = party
        if self.create_parties:
            self._add_parties(rows, known)
        unknown = [
            RowRefused(
                row.row,
                row.number,
                RowProblem(
                    N_("There is no %(party)s; add it first, or let missing ones be added."),
                    code="unknown_party",
                    field="party",
                    params={"party": row.party},
                ),
            )
            for row in rows
            if search_key(row.party) not in known
        ]
        found = {row.party: known[key] for row in rows if (key := search_key(row.party)) in known}
        return found, unknown

    def _add_parties(self, rows: Sequence[OpenDocument], known: dict[str, Any]) -> None:
        """Add the parties nobody knows yet; on a dry run they are only counted as known."""
        for row in rows:
            key = search_key(row.party)
            if key in known:
                continue
            party = self.side.party(code=row.party[:40], name=row.party_name or row.party)
            party.search_text = search_key(party.code, party.name)
            known[key] = party
            if not self.dry_run:
                party.save(force_insert=True)

    def _repeated(self, rows: Sequence[OpenDocument]) -> Iterable[RowRefused]:
        seen: set[str] = set()
        for row in rows:
            key = self._external(row)
            if key in seen:
                error = RowProblem(
                    N_("This document is in the file twice."),
                    code="duplicate_number",
                    field="number",
                )
                yield RowRefused(row.row, row.number, error)
            seen.add(key)

    def _known(self, rows: Sequence[OpenDocument]) -> Iterable[RowRefused]:
        known = set(
            self.side.document.objects.filter(external_id__in=[self._external(row) for row in rows])
            .exclude(status="void")
            .values_list("external_id", flat=True)
        )
        for row in rows:
            if self._external(row) in known:
                error = RowProblem(
                    N_("This document was imported already."),
                    code="duplicate_number",
                    field="number",
                )
                yield RowRefused(row.row, row.number, error)

    def _external(self, row: OpenDocument) -> str:
        if self.side.document is Invoice:
            return f"opening:{row.number}"[:120]
        return f"opening:{search_key(row.party)[:50]}:{row.number}"[:120]

    def _write(
        self, batch: Sequence[tuple[OpenDocument, Decimal]], parties: dict[str, Any]
    ) -> list[uuid.UUID]:
        branch = Branch.objects.get(is_default=True)
        kind = INVOICE if self.side.document is Invoice else BILL
        first = self.side.document(kind="opening")
        assert kind.series_of is not None
        name, prefix = kind.series_of(first)
        series, numbers = numbers_take(
            branch_id=branch.pk, kind=name, prefix=prefix, year=self.go_live.year, count=len(batch)
        )
        self._free_numbers(batch)
        documents, lines, drafts = [], [], []
        for (row, rate), number in zip(batch, numbers, strict=True):
            document = _header(self.side.document, row, rate, branch.pk, self.actor)
            document.series, document.sequence_number = series, number
            document.number = format_number(series, number)
            document.external_id = self._external(row)
            line, draft = self.side.make(document, parties[row.party], self.go_live, self.actor)
            documents.append(document)
            lines.append(line)
            if draft is not None:
                drafts.append(draft)
        rows_insert(lines)
        journal_post(drafts)
        self.side.document.objects.bulk_create(documents)
        return [document.pk for document in documents]

    def _free_numbers(self, batch: Sequence[tuple[OpenDocument, Decimal]]) -> None:
        """Take the old system's number off documents that were undone, so that it can come again."""
        self.side.document.objects.filter(
            external_id__in=[self._external(row) for row, _rate in batch], status="void"
        ).update(external_id="")


def _header(
    model: type[Invoice] | type[Bill],
    row: OpenDocument,
    rate: Decimal,
    branch_id: uuid.UUID,
    actor: Principal,
) -> Any:
    totals = compute_totals(
        [LineInput(quantity=ONE, unit_price=row.amount, tax_category="O", tax_rate=ZERO)],
        currency=row.currency,
    )
    return model(
        id=uuid7(),
        branch_id=branch_id,
        kind="opening",
        issue_date=row.date,
        due_date=row.due,
        currency=row.currency,
        exchange_rate=rate,
        reference=row.number,
        subtotal=totals.subtotal,
        tax_amount=totals.tax_amount,
        total=totals.total,
        tax_breakdown=breakdown_to_json(totals.categories),
        line_count=1,
        created_by_id=actor.user_id,
    )


def _line_values(document: Any, tax_code: str) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "document_id": document.pk,
        "position": 1,
        "description": _("Opening balance"),
        "description_arabic": "رصيد افتتاحي",
        "quantity": ONE,
        "unit_price": document.total,
        "tax_category": "O",
        "tax_rate": ZERO,
        "tax_code": tax_code,
        "net_amount": document.total,
        "tax_amount": ZERO,
        "gross_amount": document.total,
    }


def _invoice(
    document: Invoice, customer: Customer, go_live: dt.date, actor: Principal
) -> tuple[InvoiceLine, JournalDraft | None]:
    document.customer_id = customer.pk
    assert document.total is not None
    draft, amounts = post_invoice(
        SaleFacts(
            source_kind=INVOICE.kind,
            source_id=document.pk,
            number=document.number,
            date=go_live,
            party_id=customer.pk,
            currency=document.currency,
            rate=document.exchange_rate,
            base_currency=actor.currency,
            total=document.total,
            tax=ZERO,
            revenue=(RevenueShare("opening_ar", "", document.total),),
            vat=(),
        ),
        kind=InvoiceKind.OPENING,
    )
    mark_posted(
        document,
        base_total=amounts.total,
        base_tax=amounts.tax,
        seller=seller_snapshot(actor.company),
        buyer=buyer_snapshot(customer),
        actor=actor,
    )
    return InvoiceLine(**_line_values(document, OUT_OF_SCOPE["sale"])), draft


def _bill(
    document: Bill, supplier: Supplier, go_live: dt.date, actor: Principal
) -> tuple[BillLine, JournalDraft | None]:
    document.supplier_id = supplier.pk
    document.supplier_number = document.reference[:60]
    assert document.total is not None
    posted = post_bill(
        PurchaseFacts(
            source_kind=BILL.kind,
            source_id=document.pk,
            number=document.number,
            date=go_live,
            party_id=supplier.pk,
            currency=document.currency,
            rate=document.exchange_rate,
            base_currency=actor.currency,
            total=document.total,
            shares=(CostShare("", TaxWay.NONE, document.total, ZERO, role="opening_ap"),),
            book="OPN",
            kind="opening",
        )
    )
    mark_posted(
        document,
        base_total=posted.total,
        base_tax=posted.tax,
        seller=supplier_snapshot(supplier),
        buyer=company_block(actor.company),
        actor=actor,
    )
    return BillLine(**_line_values(document, OUT_OF_SCOPE["purchase"])), posted.draft


CUSTOMERS = Side(Customer, Invoice, _invoice)
SUPPLIERS = Side(Supplier, Bill, _bill)
