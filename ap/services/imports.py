"""Bulk import of bills and supplier credits: checked row by row, written some hundred at a time.

Positive amounts are bills, negative ones supplier credits, zeros bills of nothing: no row is lost. A number that a supplier
has used already is imported with the reason and a warning, since split invoices are real business.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ap.document_types import BILL, SUPPLIER_CREDIT
from ap.errors import DuplicateSupplierNumber, UnknownAccount
from ap.imports.rows import BillLayout, BillProblem, BillRow, read_rows
from ap.models import Bill, BillLine, Supplier, SupplierCredit, SupplierCreditLine
from ap.parties import supplier_snapshot
from ap.posting import post_bill, post_supplier_credit
from ap.services.building import purchase_facts
from ap.services.suppliers import supplier_search_text
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import ZERO
from core.plans import plans_by_key, plans_forget
from documents.lifecycle import Status
from documents.parties import company_block
from documents.readers import opened_table
from documents.services.numbering import format_number, numbers_take
from documents.stored import apply_totals
from inventory.services.lines import TaxInfo, UnknownTaxCode, tax_table
from ledger.models import Account
from ledger.posting import AccountRole, JournalDraft
from ledger.services.journal import journal_post
from ledger.services.setup import periods_cover
from tenancy.context import current_actor_id, current_company_id
from tenancy.models import Branch, Company
from tenancy.rows import rows_insert

BATCH = 500
REPEATED = "Repeated in the imported file"
_KINDS = ((BILL, Bill), (SUPPLIER_CREDIT, SupplierCredit))


class ImportRunning(DomainError):
    """One import of bills at a time for each company."""

    code = "import_running"
    status = 409


@dataclass(frozen=True, slots=True)
class BillImportOptions:
    """How a file is imported. `mapping` (field -> heading) overrides the layout's columns.

    `account`: code of the account all rows go to, else other expenses. `tax_code`: the purchase VAT code of all rows;
    amounts of the file are totals, VAT included.
    """

    layout: BillLayout
    post: bool = False
    dry_run: bool = False
    account: str = ""
    tax_code: str = "PO"
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class BillImportResult:
    """What an import did. Amounts in base currency, credits negative; `rejected` and `warned` count rows."""

    documents: int = 0
    bills: int = 0
    credits: int = 0
    net: Decimal = ZERO
    vat: Decimal = ZERO
    rejected: int = 0
    warned: int = 0
    skipped: int = 0
    rows: int = 0
    seconds: float = 0.0

    @property
    def gross(self) -> Decimal:
        """Net and VAT together."""
        return self.net + self.vat


Progress = Callable[[int, int], None]
Report = Callable[[BillProblem], None]


def import_bills(
    path: Path,
    options: BillImportOptions,
    *,
    progress: Progress = lambda done, total: None,
    report: Report = lambda problem: None,
) -> BillImportResult:
    """Import a file into the current company; call inside company_scope and outside a transaction.

    Rows imported before from the same layout are skipped. Raises UnreadableFile, MissingColumns, UnknownAccount.
    """
    started = time.perf_counter()
    result = BillImportResult()
    with opened_table(path) as plain, _only_import():
        with transaction.atomic():
            run = _Run(options, result, report)
        rows = run.accepted(plain)
        total = len(rows) + result.skipped
        if not options.dry_run:
            with transaction.atomic():
                run.prepare(rows)
        waiting = iter(rows)
        while chosen := list(islice(waiting, BATCH)):
            run.write(chosen)
            progress(result.documents + result.skipped, total)
    result.seconds = time.perf_counter() - started
    return result


@contextmanager
def _only_import() -> Iterator[None]:
    """Let one import of bills run at a time in a company: a second one would not see what the first has yet to write."""
    whole = connection.in_atomic_block
    kind = "xact_lock" if whole else "lock"
    key = [current_company_id() % 2**31]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_{kind}(hashtext('ap.import'), %s)", key)
        if not cursor.fetchone()[0]:
            raise ImportRunning(N_("Another import is running; wait until it is done."))
    try:
        yield
    finally:
        if not whole:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('ap.import'), %s)", key)


class _Run:
    """One run over one file."""

    def __init__(
        self, options: BillImportOptions, result: BillImportResult, report: Report
    ) -> None:
        self.options, self.result, self.report = options, result, report
        self.company: Company = Company.objects.get(pk=current_company_id())
        self.currency: str = self.company.currency
        self.branch_id: uuid.UUID = Branch.objects.values_list("pk", flat=True).get(is_default=True)
        self.account = _account(options.account)
        self.tax = _tax(options.tax_code)
        self.buyer = company_block(vars(self.company))
        self.suppliers: dict[str, Supplier] = {}
        self.blocks: dict[uuid.UUID, dict[str, str]] = {}
        self.used: set[tuple[uuid.UUID, str]] = set()

    def accepted(self, plain: Path) -> list[BillRow]:
        """Return the rows to import by date; count the others and report what is wrong with them."""
        known = self._imported()
        rows = []
        for row in read_rows(plain, self.options.layout, self.currency, self.options.mapping):
            self.result.rows += 1
            if isinstance(row, list):
                self.result.rejected += 1
                for problem in row:
                    self.report(problem)
            elif row.key in known:
                self.result.skipped += 1
            else:
                rows.append(row)
        # numbers are taken in the order of the dates
        rows.sort(key=lambda row: (row.date, row.row))
        return rows

    @transaction.atomic
    def _imported(self) -> set[str]:
        begin = f"{self.options.layout.source}:"
        found: set[str] = set()
        for _, model in _KINDS:
            found.update(
                model.objects.filter(external_id__startswith=begin).values_list(
                    "external_id", flat=True
                )
            )
        return found

    def prepare(self, rows: Sequence[BillRow]) -> None:
        """Create missing suppliers and periods, and learn which numbers the known suppliers have used."""
        if not rows:
            return
        if self.options.post:
            periods_cover(rows[0].date, rows[-1].date)
        names = {row.supplier: row.supplier_name for row in reversed(rows)}
        self.suppliers = {one.code: one for one in Supplier.objects.filter(code__in=list(names))}
        stored = [one.pk for one in self.suppliers.values()]
        for _, model in _KINDS:
            numbered = model.objects.filter(supplier_id__in=stored).exclude(supplier_number="")
            self.used.update(
                numbered.exclude(status=Status.VOID).values_list("supplier_id", "supplier_number")
            )
        fresh = []
        for code, name in names.items():
            if code not in self.suppliers:
                supplier = Supplier(code=code, name=name or f"Supplier {code}")
                supplier.search_text = supplier_search_text(supplier)
                self.suppliers[code] = supplier
                fresh.append(supplier)
        rows_insert(fresh)
        self.blocks = {one.pk: supplier_snapshot(one) for one in self.suppliers.values()}

    def write(self, rows: Sequence[BillRow]) -> None:
        """Write some hundred rows in one transaction, or none of them; a dry run only counts."""
        if self.options.dry_run:
            for row in rows:
                self._count(row, *_split(row.amount, self.tax, self.currency))
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                plans_forget(cursor)
                plans_by_key(cursor)
            documents = [self._document(row) for row in rows]
            self._numbers([document for document, _ in documents])
            drafts = [draft for one, line in documents if (draft := self._journal(one, line))]
            for line_model in (BillLine, SupplierCreditLine):
                rows_insert([line for _, line in documents if isinstance(line, line_model)])
            journal_post(drafts)
            for _, model in _KINDS:
                rows_insert([document for document, _ in documents if isinstance(document, model)])
        for row, (document, _) in zip(rows, documents, strict=True):
            self._count(row, document.subtotal or ZERO, document.tax_amount or ZERO)

    def _count(self, row: BillRow, net: Decimal, vat: Decimal) -> None:
        result, sign = self.result, -1 if row.amount < 0 else 1
        result.documents += 1
        result.bills += sign > 0
        result.credits += sign < 0
        result.net += sign * net
        result.vat += sign * vat

    def _document(self, row: BillRow) -> tuple[Any, Any]:
        supplier = self.suppliers[row.supplier]
        is_credit = row.amount < 0
        days = supplier.payment_terms_days
        days = self.company.payment_terms_days if days is None else days
        now = timezone.now()
        common: dict[str, Any] = {
            "id": uuid7(),
            "branch_id": self.branch_id,
            "supplier_id": supplier.pk,
            "supplier_number": row.number,
            "external_id": row.key,
            "issue_date": row.date,
            "currency": self.currency,
            "rate_source": "",
            "rate_reason": "",
            "prices_include_tax": bool(self.tax.charged[1]),
            "created_by_id": current_actor_id(),
            "created_at": now,
            "updated_at": now,
        }
        header: Bill | SupplierCredit
        line: BillLine | SupplierCreditLine
        reason = self._reason(row, supplier.pk)
        if is_credit:
            header = SupplierCredit(due_date=row.date, **common)
            line = SupplierCreditLine(**self._line(header.pk, row))
        else:
            due_date = row.due_date or row.date + dt.timedelta(days=days)
            header = Bill(due_date=due_date, duplicate_reason=reason, **common)
            line = BillLine(**self._line(header.pk, row))
        apply_totals(header, [line])
        return header, line

    def _line(self, document_id: uuid.UUID, row: BillRow) -> dict[str, Any]:
        category, rate = self.tax.charged
        return {
            "document_id": document_id,
            "position": 1,
            "description": row.description or row.number or row.supplier,
            "quantity": Decimal(1),
            "unit_price": abs(row.amount),
            "tax_category": category,
            "tax_rate": rate,
            "tax_code": self.tax.code,
            "account_id": self.account,
        }

    def _reason(self, row: BillRow, supplier_id: uuid.UUID) -> str:
        """Return the reason a bill with a repeated number is stored with, and warn of bills and credits alike."""
        if not row.number:
            return ""
        if (supplier_id, row.number) not in self.used:
            self.used.add((supplier_id, row.number))
            return ""
        self.result.warned += 1
        error = DuplicateSupplierNumber(
            N_("This supplier has used the number before; imported with the reason."),
            field="number",
        )
        self.report(BillProblem(row.row, row.number, "number", row.number, error, is_warning=True))
        return REPEATED

    def _numbers(self, documents: Sequence[Any]) -> None:
        """Give posted documents the next numbers of their series, in their order. One statement for each series."""
        if not self.options.post:
            return
        for kind, model in _KINDS:
            by_year: dict[int, list[Any]] = defaultdict(list)
            for document in documents:
                if isinstance(document, model):
                    by_year[document.issue_date.year].append(document)
            for year, found in sorted(by_year.items()):
                series, numbers = numbers_take(
                    branch_id=self.branch_id,
                    kind=kind.kind,
                    prefix=kind.prefix,
                    year=year,
                    count=len(found),
                )
                for document, number in zip(found, numbers, strict=True):
                    document.series, document.sequence_number = series, number
                    document.number = format_number(series, number)

    def _journal(self, document: Any, line: Any) -> JournalDraft | None:
        """Freeze a document that is posted with the import and return its journal; drafts have none."""
        if not self.options.post:
            return None
        is_bill = isinstance(document, Bill)
        facts = purchase_facts(
            document,
            [line],
            source_kind=BILL.kind if is_bill else SUPPLIER_CREDIT.kind,
            base_currency=self.currency,
            tax_codes={self.tax.code: self.tax},
        )
        posted = post_bill(facts) if is_bill else post_supplier_credit(facts)
        document.base_total, document.base_tax_amount = posted.total, posted.tax
        document.seller = self.blocks[document.supplier_id]
        document.buyer = self.buyer
        document.issued_at = document.posted_at = document.created_at
        document.posted_by_id = current_actor_id()
        document.status = Status.POSTED if document.total else Status.PAID
        if is_bill and not document.total:
            document.paid_at = document.posted_at
        return posted.draft


def _split(amount: Decimal, tax: TaxInfo, currency: str) -> tuple[Decimal, Decimal]:
    """Return net and VAT of a row's total, as the document would store them."""
    header = Bill(
        issue_date=dt.date.min, currency=currency, prices_include_tax=bool(tax.charged[1])
    )
    category, rate = tax.charged
    line = BillLine(
        quantity=Decimal(1), unit_price=abs(amount), tax_category=category, tax_rate=rate
    )
    apply_totals(header, [line])
    return header.subtotal or ZERO, header.tax_amount or ZERO


def _account(code: str) -> uuid.UUID:
    """Return the account all rows go to. Raises UnknownAccount."""
    rows = Account.objects.filter(is_posting=True, is_active=True, subledger="")
    wanted = {"code": code} if code else {"role": AccountRole.MISC_EXPENSE}
    found: uuid.UUID | None = rows.filter(**wanted).values_list("pk", flat=True).first()
    if found is None:
        raise UnknownAccount(N_("There is no such open account."), field="account")
    return found


def _tax(code: str) -> TaxInfo:
    """Return the purchase VAT code of all rows. Raises UnknownTaxCode."""
    found = tax_table("purchase")[0].get(code)
    if found is None:
        raise UnknownTaxCode(N_("There is no such VAT code."), field="tax_code")
    return found
