"""Files of opening balances: upload, check, post, undo (accounting.md section 10)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from ap.models import Bill
from ap.services.credits import bill_void
from ar.models import Invoice
from ar.services.posting import invoice_void
from core.dates import local_today
from core.errors import N_, DomainError
from core.money import ZERO
from core.transactions import write
from documents.readers import headings_of, opened_table
from ledger.file_columns import RowRefused, guess_columns, positions_of
from ledger.models import JournalEntry
from ledger.posting import JournalDraft
from ledger.services.import_jobs import local_copy, upload_store
from ledger.services.journal import journal_reverse
from ledger.services.manual import require_period
from opening.files import FIELDS, ONE_OF, OpeningReader
from opening.models import OpeningFile
from opening.services.accounts import SOURCE, trial_balance_post, trial_balance_read
from opening.services.documents import CUSTOMERS, SUPPLIERS, OpeningRun
from tenancy.permissions import require
from tenancy.principal import Principal

PERMISSION = "ledger.opening.import"
Step, State = OpeningFile.Step, OpeningFile.State
PROBLEMS_SHOWN = 500
SIDES = {Step.CUSTOMERS: CUSTOMERS, Step.SUPPLIERS: SUPPLIERS}


class StockLater(DomainError):
    """Stock has no opening file yet."""

    code = "stock_not_kept"
    status = 409


class FileNotFound(DomainError):
    """No opening file of this company has the id."""

    code = "not_found"
    status = 404


class WrongState(DomainError):
    """A posted file is undone, not posted again."""

    code = "opening_state"
    status = 409


class FileRefused(DomainError):
    """A file with refused rows is not posted at all."""

    code = "rows_refused"
    status = 422


@dataclass(slots=True)
class Outcome:
    """What reading a file found and, when it was to post, made."""

    rows: int = 0
    total: Decimal = ZERO
    refused: list[RowRefused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    documents: list[uuid.UUID] = field(default_factory=list)
    draft: JournalDraft | None = None


def require_step(step: str) -> str:
    """Return a step that takes files. Raises StockLater for stock."""
    if step not in Step.values:
        raise DomainError(N_("Choose a step."), code="unknown_step", field="step")
    if step == Step.STOCK:
        raise StockLater(
            N_(
                "Stock is taken over by item and batch once stock is kept here. Until then the trial balance "
                "brings the value of goods, and journals keep it."
            ),
            field="step",
        )
    return step


@write
def file_create(*, step: str, date: dt.date, upload: UploadedFile, actor: Principal) -> OpeningFile:
    """Store an upload and guess its columns. Raises StockLater, UnreadableFile."""
    require(actor, PERMISSION)
    require_step(step)
    stored, headings, sample = upload_store(upload, "opening")
    created: OpeningFile = OpeningFile.objects.create(
        step=step,
        date=date,
        file_name=Path(upload.name or "").name[:200],
        stored_file=stored,
        mapping=guess_columns(FIELDS[step], headings),
        headings=headings,
        sample=sample,
        created_by_id=actor.user_id,
    )
    return created


def file_get(file_id: uuid.UUID) -> OpeningFile:
    """Return a file; raises FileNotFound."""
    found = OpeningFile.objects.filter(pk=file_id).first()
    if found is None:
        raise FileNotFound(N_("There is no such file."))
    return found


def _locked(file_id: uuid.UUID) -> OpeningFile:
    found = OpeningFile.objects.select_for_update().filter(pk=file_id).first()
    if found is None:
        raise FileNotFound(N_("There is no such file."))
    return found


def opening_read(
    path: Path,
    *,
    step: str,
    date: dt.date,
    mapping: Mapping[str, str] | None,
    file_id: uuid.UUID,
    create_parties: bool,
    dry_run: bool,
    actor: Principal,
) -> Outcome:
    """Read a file, check every row, and unless `dry_run` write it when none is refused. Raises MissingColumns."""
    outcome = Outcome()
    with opened_table(path) as plain:
        positions = positions_of(
            FIELDS[step], headings_of(plain), mapping, one_of=ONE_OF.get(step, ())
        )
        reader = OpeningReader(plain, positions, actor.currency, date)
        read = list(reader.balances() if step == Step.ACCOUNTS else reader.documents())
    outcome.refused = [row for row in read if isinstance(row, RowRefused)]
    rows = [row for row in read if not isinstance(row, RowRefused)]
    outcome.rows = len(read)
    if not read:
        raise DomainError(N_("The file has no rows."), code="no_rows", field="file")
    writing = not dry_run and not outcome.refused
    if step == Step.ACCOUNTS:
        result = trial_balance_read(rows, file_id=file_id, go_live=date, actor=actor)  # type: ignore[arg-type]  # rows of this step
        outcome.total, outcome.notes, outcome.draft = result.total, result.waiting, result.draft
        outcome.refused += result.refused
        if writing and result.draft is not None:
            trial_balance_post(result.draft)
    else:
        run = OpeningRun(SIDES[Step(step)], date, actor, create_parties, not writing)
        outcome.documents, outcome.total, refused = run.run(rows)  # type: ignore[arg-type]  # rows of this step
        outcome.refused += refused
    return outcome


@write
def file_check(
    *, file_id: uuid.UUID, mapping: Mapping[str, str], create_parties: bool, actor: Principal
) -> OpeningFile:
    """Check a file without writing anything of it into the books. Raises MissingColumns, WrongState."""
    require(actor, PERMISSION)
    stored = _locked(file_id)
    _require_open(stored)
    _read(stored, mapping, create_parties, dry_run=True, actor=actor)
    stored.state = State.CHECKED
    stored.save()
    return stored


@write
def file_post(
    *, file_id: uuid.UUID, mapping: Mapping[str, str], create_parties: bool, actor: Principal
) -> OpeningFile:
    """Post a file as a whole. Raises FileRefused when a row is refused, PeriodClosed, WrongState."""
    require(actor, PERMISSION)
    stored = _locked(file_id)
    _require_open(stored)
    require_period(stored.date)
    if (
        stored.step == Step.ACCOUNTS
        and OpeningFile.objects.filter(step=Step.ACCOUNTS, state=State.POSTED).exists()
    ):
        raise WrongState(N_("A trial balance is posted already; undo it first."))
    outcome = _read(stored, mapping, create_parties, dry_run=False, actor=actor)
    if outcome.refused:
        raise FileRefused(
            N_("%(rows)s rows were refused, so nothing was posted."),
            params={"rows": len(outcome.refused)},
        )
    stored.documents = [str(one) for one in outcome.documents]
    stored.state, stored.posted_at = State.POSTED, timezone.now()
    stored.save()
    return stored


def _require_open(stored: OpeningFile) -> None:
    if stored.state in (State.POSTED, State.UNDONE):
        raise WrongState(N_("This file was posted already; upload a new one."))


def _read(
    stored: OpeningFile,
    mapping: Mapping[str, str],
    create_parties: bool,
    *,
    dry_run: bool,
    actor: Principal,
) -> Outcome:
    with local_copy(stored.stored_file) as path:
        outcome = opening_read(
            path,
            step=stored.step,
            date=stored.date,
            mapping=mapping,
            file_id=stored.pk,
            create_parties=create_parties,
            dry_run=dry_run,
            actor=actor,
        )
    stored.mapping, stored.create_parties = dict(mapping), create_parties
    stored.rows, stored.rejected, stored.total = outcome.rows, len(outcome.refused), outcome.total
    stored.problems = [one.as_json() for one in outcome.refused[:PROBLEMS_SHOWN]]
    stored.notes = outcome.notes
    return outcome


@write
def file_undo(*, file_id: uuid.UUID, actor: Principal) -> OpeningFile:
    """Take a posted file back while nothing stands on it: mirror journals; documents by credits over all of them.

    Raises WrongState, and InvoiceHasPayments or BillHasPayments for a document that was settled meanwhile.
    """
    require(actor, PERMISSION)
    stored = _locked(file_id)
    if stored.state != State.POSTED:
        raise WrongState(N_("Only a posted file is undone."))
    reason = str(N_("Opening balances taken back"))
    if stored.step == Step.ACCOUNTS:
        entry = JournalEntry.objects.get(
            source_kind=SOURCE, source_id=stored.pk, reverses__isnull=True
        )
        journal_reverse(entry_id=entry.pk, date=max(local_today(), stored.date), description=reason)
    else:
        _void_documents(stored, reason, actor)
    stored.state, stored.undone_at = State.UNDONE, timezone.now()
    stored.save()
    return stored


def _void_documents(stored: OpeningFile, reason: str, actor: Principal) -> None:
    ids = [uuid.UUID(one) for one in stored.documents]
    model = Invoice if stored.step == Step.CUSTOMERS else Bill
    touched = model.objects.filter(pk__in=ids, allocated_amount__gt=0).exclude(status="void")
    if (settled := touched.first()) is not None:
        raise WrongState(
            N_("%(number)s was settled or credited meanwhile; undo that first."),
            params={"number": settled.number},
        )
    for document_id in sorted(ids):
        if stored.step == Step.CUSTOMERS:
            invoice_void(invoice_id=document_id, reason=reason, actor=actor)
        else:
            bill_void(bill_id=document_id, reason=reason, actor=actor)
