"""Import documents from a file (RR-12): nothing is dropped silently, nothing is doubled, memory stays flat.

One thread reads, checks and computes batch n+1 while the database writes batch n.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction

from ar.document_types import CREDIT_NOTE, INVOICE
from ar.imports.columns import Columns, ImportRules, RefusedRow
from ar.imports.documents import (
    FileIndex,
    ImportDocument,
    RefusedDocument,
    RowProblem,
    read_documents,
    scan,
)
from ar.imports.layouts import Layout, column_positions
from ar.models import CreditNote, Customer, Invoice
from ar.services.building import buyer_snapshot, seller_snapshot
from ar.services.customers import cash_customer
from ar.services.import_pipeline import batches_ahead, batches_written
from ar.services.import_rows import Batch, BatchBuilder, ImportBook, ImportCustomer, copy_text
from ar.services.import_writer import WriterContext
from core.errors import N_, DomainError
from core.text import search_key
from documents.readers import headings_of, opened_table
from inventory.models import Item
from inventory.services.lines import TaxInfo, tax_table
from ledger.models import Account
from ledger.services.setup import periods_cover
from tenancy.context import current_company_id
from tenancy.models import Branch, Company
from tenancy.rows import rows_insert

BATCH_DOCUMENTS = 500
BATCH_LINES = 15_000
#: A file of at most so many rows is imported as a whole or not at all, where all_or_nothing is asked for.
SMALL_FILE_ROWS = 20_000
_OWN_SERIES = re.compile(rf"(?:{INVOICE.prefix}|{CREDIT_NOTE.prefix})-[0-9]{{4}}-", re.IGNORECASE)


class ImportRunning(DomainError):
    """One import at a time for each company."""

    code = "import_running"
    status = 409


class RowsRefused(DomainError):
    """A small file with refused rows is not imported at all."""

    code = "rows_refused"
    status = 422


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is imported. `mapping` overrides the layout's columns."""

    layout: Layout
    rules: ImportRules
    post: bool = False
    dry_run: bool = False
    all_or_nothing: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ImportResult:
    """What an import did. Amounts in base currency, credit notes negative; `rejected` counts source rows."""

    documents: int = 0
    lines: int = 0
    net: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    rejected: int = 0
    skipped: int = 0
    seconds: float = 0.0
    rows: int = 0

    @property
    def gross(self) -> Decimal:
        """Net and VAT together."""
        return self.net + self.vat


Progress = Callable[[int, int], None]
Problem = Callable[[RowProblem], None]


def _no_progress(done: int, total: int) -> None:
    """Report to nobody."""


def _no_problem(problem: RowProblem) -> None:
    """Report to nobody."""


def import_file(
    path: Path,
    options: ImportOptions,
    *,
    progress: Progress = _no_progress,
    problem: Problem = _no_problem,
) -> ImportResult:
    """Import a file into the current company; call inside company_scope and outside a transaction.

    Documents already imported from the same source are skipped. Raises UnreadableFile, MissingColumns, RowsRefused.
    """
    started = time.perf_counter()
    with opened_table(path) as plain:
        positions = column_positions(options.layout, headings_of(plain), options.mapping)
        columns = Columns(positions, options.rules)
        index = scan(plain, columns)
        run = _Run(plain, columns, index, options, progress, problem)
        if options.dry_run:
            run.check()
        elif options.all_or_nothing and index.chosen_rows <= SMALL_FILE_ROWS:
            with transaction.atomic():
                run.write()
                if run.result.rejected:
                    raise RowsRefused(
                        N_("%(rows)s rows were refused, so nothing was imported."),
                        params={"rows": run.result.rejected},
                    )
        else:
            run.write()
    run.result.seconds = time.perf_counter() - started
    return run.result


class _Run:
    """One run over one file."""

    def __init__(
        self,
        plain: Path,
        columns: Columns,
        index: FileIndex,
        options: ImportOptions,
        progress: Progress,
        problem: Problem,
    ) -> None:
        self.plain, self.columns, self.index, self.options = plain, columns, index, options
        self.progress, self.problem = progress, problem
        self.result = ImportResult(rows=index.chosen_rows)
        self.seen: set[str] = set()
        with transaction.atomic():
            self.imported, self.numbers = self._taken()

    def _taken(self) -> tuple[set[str], set[tuple[bool, str]]]:
        """Return the numbers imported before from this source, and those used by documents of any other origin."""
        prefix = f"{self.options.layout.source}:"
        wanted = [number.strip() for number, mark in self.index.documents.items() if mark.chosen]
        keys = [prefix + number for number in wanted]
        imported: set[str] = set()
        numbers: set[tuple[bool, str]] = set()
        for model, credit in ((Invoice, False), (CreditNote, True)):
            imported.update(key.removeprefix(prefix) for key in _stored(model, "external_id", keys))
            numbers.update((credit, number) for number in _stored(model, "number", wanted))
        return imported, numbers

    def accepted(self) -> Iterator[ImportDocument]:
        """Yield the documents to import; count the others and report their rows."""
        for document in read_documents(self.plain, self.columns, self.index):
            if isinstance(document, RefusedDocument):
                self._refuse(document.problems)
                continue
            number = document.number
            if number in self.seen:
                self._refuse_whole(document)
            elif number in self.imported:
                self.result.skipped += 1
            elif (document.is_credit, number) in self.numbers or _OWN_SERIES.match(number):
                self._refuse_whole(document)
            else:
                self.seen.add(number)
                yield document

    def _refuse(self, problems: list[RowProblem]) -> None:
        self.result.rejected += len(problems)
        for problem in problems:
            self.problem(problem)

    def _refuse_whole(self, document: ImportDocument) -> None:
        error = RefusedRow(
            N_("This number is used by another document."), code="duplicate_number", field="number"
        )
        self._refuse(
            [
                RowProblem(row, document.number, "number", document.number, error)
                for row in document.rows
            ]
        )

    def _count(self, batch: Batch) -> None:
        amount, result = self.columns.amounts.amount, self.result
        result.documents += batch.documents
        result.lines += batch.line_count
        result.net += amount(batch.net)
        result.vat += amount(batch.vat)
        self.progress(result.documents + result.skipped, self.index.chosen_documents)

    def check(self) -> None:
        """Go through the whole file without writing anything (--dry-run)."""
        with transaction.atomic():
            taxes = _taxes()
        customers = dict.fromkeys(("", *self.index.customers), _NOBODY)
        book = self._book(customers, {}, taxes, {}, post=False, company=Company())
        for batch in self._batches(BatchBuilder(book, self.columns.amounts)):
            self._count(batch)

    def write(self) -> None:
        """Create missing customers, items and periods, then write batch after batch."""
        with _only_import():
            book, context = self._prepare()
            batches = batches_ahead(self._batches(BatchBuilder(book, self.columns.amounts)))
            with closing(batches):
                for batch in batches_written(batches, context):
                    self._count(batch)

    @transaction.atomic
    def _prepare(self) -> tuple[ImportBook, WriterContext]:
        options, index = self.options, self.index
        company = Company.objects.get(pk=current_company_id())
        branch = Branch.objects.get(is_default=True)
        if options.post and index.first_day and index.last_day:
            periods_cover(index.first_day, index.last_day)
        customers = _customers(index, company)
        items = _items(index, options.rules.rate)
        accounts = dict(Account.objects.exclude(role="").values_list("role", "pk"))
        book = self._book(customers, items, _taxes(), accounts, post=options.post, company=company)
        return book, WriterContext(branch.pk, company.currency, seller_snapshot(vars(company)))

    def _book(
        self,
        customers: Mapping[str, ImportCustomer],
        items: Mapping[str, str],
        taxes: Mapping[tuple[str, int], TaxInfo],
        accounts: Mapping[str, uuid.UUID],
        *,
        post: bool,
        company: Company,
    ) -> ImportBook:
        return ImportBook(
            currency=self.options.rules.currency,
            timezone=company.timezone,
            source=self.options.layout.source,
            post=post,
            commission_rule=company.commission_base,
            customers=customers,
            items=items,
            taxes=taxes,
            accounts=accounts,
        )

    def _batches(self, builder: BatchBuilder) -> Iterator[Batch]:
        for document in self.accepted():
            builder.add(document)
            batch = builder.batch
            if batch.documents >= BATCH_DOCUMENTS or batch.line_count >= BATCH_LINES:
                yield builder.take()
        if builder.batch.documents:
            yield builder.take()


_NOBODY = ImportCustomer(uuid.UUID(int=0), "{}", 0)


@contextmanager
def _only_import() -> Iterator[None]:
    """Let one import run at a time in a company: a second one would not see what the first has yet to write."""
    key = current_company_id() % 2**31
    # inside a transaction the lock ends with it, rolled back or not
    whole = connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('ar.import'), %s)"
            if whole
            else "SELECT pg_try_advisory_lock(hashtext('ar.import'), %s)",
            [key],
        )
        if not cursor.fetchone()[0]:
            raise ImportRunning(N_("Another import is running; wait until it is done."))
    try:
        yield
    finally:
        if not whole:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('ar.import'), %s)", [key])


def _stored(model: type[Invoice | CreditNote], field: str, values: list[str]) -> list[str]:
    """Return which of the values documents have, sent as one array: a year of placeholders takes longer to write."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {field} FROM {model._meta.db_table} "  # noqa: S608  # our own names
            f"WHERE company_id = %s AND {field} = ANY(%s::varchar[]) AND {field} <> ''",
            [current_company_id(), values],
        )
        return [row[0] for row in cursor.fetchall()]


def _taxes() -> dict[tuple[str, int], TaxInfo]:
    by_code, defaults = tax_table()
    return {
        (category, int(str(rate).split(".")[0])): by_code[code]
        for (category, rate), code in defaults.items()
    }


def _customers(index: FileIndex, company: Company) -> dict[str, ImportCustomer]:
    """Return the customers by code, creating the missing ones in one statement; "" is the cash customer."""
    known = {row.code: row for row in Customer.objects.filter(code__in=list(index.customers))}
    fresh = []
    for code, (name, country) in index.customers.items():
        if code not in known:
            customer = Customer(
                code=code[:40], name=(name or f"Customer {code}")[:200], country=country
            )
            customer.search_text = search_key(customer.code, customer.name)
            known[code] = customer
            fresh.append(customer)
    rows_insert(fresh)
    known[""] = cash_customer()
    return {
        code: ImportCustomer(
            row.pk,
            copy_text(json.dumps(buyer_snapshot(row), ensure_ascii=False)),
            company.payment_terms_days
            if row.payment_terms_days is None
            else row.payment_terms_days,
        )
        for code, row in known.items()
    }


def _items(index: FileIndex, rate: int) -> dict[str, str]:
    """Return the ids of the items by code, creating the missing ones in one statement."""
    known = {
        code: str(key)
        for code, key in Item.objects.filter(code__in=list(index.items)).values_list("code", "pk")
    }
    fresh = []
    for code, name in index.items.items():
        if code not in known and len(code) <= 60:
            item = Item(
                code=code,
                name=(name or code)[:300],
                tax_category="S" if rate else "Z",
                tax_rate=Decimal(rate),
                tax_code={15: "S15", 5: "S5"}.get(rate, "SZMED"),
            )
            item.search_text = search_key(item.code, item.name)
            known[code] = str(item.pk)
            fresh.append(item)
    rows_insert(fresh)
    return known
