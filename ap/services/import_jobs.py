"""Imports of bills and supplier credits from the page (documents.services.import_jobs)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ap.imports.columns import FIELD_LABELS, guess_columns
from ap.imports.rows import LAYOUTS, BillLayout, column_positions
from ap.models import BillImportJob
from ap.services.imports import BillImportOptions, import_bills
from core.errors import N_, DomainError
from documents.services.import_jobs import ImportKind
from tenancy.models import Company

TASK = "ap.run_import"


def _layout(name: str) -> BillLayout:
    if name not in LAYOUTS:
        raise DomainError(N_("There is no such layout."), code="unknown_layout", field="layout")
    return LAYOUTS[name]


def _guess(headings: Sequence[str]) -> tuple[str, dict[str, str]]:
    known = set(headings)
    for layout in LAYOUTS.values():
        if layout.key != "general" and known >= set(layout.columns.values()):
            return layout.key, dict(layout.columns)
    return "general", guess_columns(headings)


def _settle(job: BillImportJob, settings: Mapping[str, Any]) -> None:
    """Put layout, columns, account and VAT code on the job. Raises MissingColumns, DomainError.

    Account and code are looked up when the work begins, in the run's own words.
    """
    layout = _layout(settings["layout"])
    job.layout = layout.key
    own = layout.key == "general"
    job.mapping = {
        field: heading
        for field, heading in (settings["mapping"] if own else layout.columns).items()
        if field in FIELD_LABELS and heading
    }
    column_positions(layout, job.headings, job.mapping)
    job.account = str(settings.get("account", ""))[:20]
    job.tax_code = str(settings.get("tax_code", ""))[:12]


def _run(
    job: BillImportJob,
    company: Company,
    path: Path,
    dry_run: bool,
    progress: Callable[[int, int], None],
    report: Callable[[Any], None],
) -> None:
    options = BillImportOptions(
        layout=_layout(job.layout),
        post=job.post,
        dry_run=dry_run,
        account=job.account,
        tax_code=job.tax_code,
        mapping=job.mapping,
    )
    result = import_bills(path, options, progress=progress, report=report)
    job.documents = job.lines = result.documents
    job.skipped, job.warned = result.skipped, result.warned
    job.net, job.vat = result.net, result.vat


BILL_IMPORT = ImportKind(
    name="ap.import_job",
    model=BillImportJob,
    task=TASK,
    permission="ap.bill.import",
    post_permission="ap.bill.post",
    guess=_guess,
    settle=_settle,
    run=_run,
)
