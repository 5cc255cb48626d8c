"""Imports of invoices and credit notes from the page (documents.services.import_jobs)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ar.imports.columns import ImportRules
from ar.imports.layouts import GENERAL, column_positions, guess_layout, guess_mapping, layout_named
from ar.models import ImportJob
from ar.services.imports import ImportOptions, import_file
from core.errors import N_, DomainError
from documents.services.import_jobs import ImportKind
from tenancy.models import Company

__all__ = ["INVOICE_IMPORT", "TASK"]

TASK = "ar.run_import"


def _guess(headings: Sequence[str]) -> tuple[str, dict[str, str]]:
    layout = guess_layout(headings)
    return layout.name, dict(layout.columns or guess_mapping(headings))


def _settle(job: ImportJob, settings: Mapping[str, Any]) -> None:
    """Put layout, columns and VAT rate on the job. Raises UnknownLayout, MissingColumns, DomainError."""
    chosen = layout_named(settings["layout"])
    job.layout = chosen.name
    job.mapping = dict(settings["mapping"]) if chosen is GENERAL else dict(chosen.columns)
    column_positions(chosen, job.headings, job.mapping)
    rate = str(settings.get("tax_rate", "15"))
    if rate not in ("0", "5", "15"):
        raise DomainError(
            N_("The VAT rate is 0, 5 or 15."), code="unknown_tax_rate", field="tax_rate"
        )
    job.tax_rate = int(rate)  # digits of a rate


def _run(
    job: ImportJob,
    company: Company,
    path: Path,
    dry_run: bool,
    progress: Callable[[int, int], None],
    report: Callable[[Any], None],
) -> None:
    options = ImportOptions(
        layout=layout_named(job.layout),
        rules=ImportRules(company.currency, job.tax_rate),
        post=job.post,
        dry_run=dry_run,
        all_or_nothing=True,
        mapping=job.mapping,
    )
    result = import_file(path, options, progress=progress, problem=report)
    job.documents, job.lines, job.skipped = result.documents, result.lines, result.skipped
    job.net, job.vat = result.net, result.vat


INVOICE_IMPORT = ImportKind(
    name="ar.import_job",
    model=ImportJob,
    task=TASK,
    permission="ar.invoice.import",
    post_permission="ar.invoice.post",
    guess=_guess,
    settle=_settle,
    run=_run,
)
