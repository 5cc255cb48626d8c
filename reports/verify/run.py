"""Run the checks: company by company, each under its own policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from documents.models import DocumentHeader
from documents.registry import all_types
from documents.stored import validate_totals
from reports.verify import bank, books, documents, platform, purchases, settlement
from reports.verify.checks import Breach, Check
from reports.verify.vat import VAT_RETURNS, vat_breaches
from tenancy.context import company_scope
from tenancy.models import Company

#: How many breaches of one check are kept for the report; all are counted.
KEPT = 20

PRICES_WITH_TAX = Check(
    "prices that include VAT",
    "documents whose prices include VAT store what a full recomputation gives",
    "",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found in one company ("" for the database as a whole)."""

    check: Check
    company: str
    count: int
    breaches: tuple[Breach, ...]


def company_ids() -> list[int]:
    """Return the ids of all companies."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tenancy_company_ids()")
        return [row[0] for row in cursor.fetchall()]


def _run(check: Check, company: str, parameters: dict[str, Any]) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute(check.sql, parameters or None)
        kept = tuple(Breach(str(what), str(detail)) for what, detail in cursor.fetchmany(KEPT))
        return Outcome(check, company, max(cursor.rowcount, len(kept)), kept)


def verify_database() -> Iterator[Outcome]:
    """Check what holds for the database as a whole."""
    with transaction.atomic():
        for check in platform.checks():
            yield _run(check, "", {})


def verify_company(company_id: int) -> Iterator[Outcome]:
    """Check every invariant of one company; each check is one statement, so it sees one moment."""
    with company_scope(company_id, source="task", cause="verify"), transaction.atomic():
        with connection.cursor() as cursor:
            # Checks read whole tables: the time limit of pages does not apply, and joining row by row, which the
            # planner picks just after an import, when it has no statistics yet, takes minutes.
            cursor.execute(
                "SELECT set_config('statement_timeout', '0', true), set_config('enable_nestloop', 'off', true), "
                "set_config('work_mem', '64MB', true)"
            )
        company = Company.objects.get(pk=company_id)
        parameters = {"company": company_id, "currency": company.currency}
        for check in (
            *books.CHECKS,
            *documents.checks(),
            *settlement.CHECKS,
            *purchases.CHECKS,
            *bank.CHECKS,
        ):
            yield _run(check, company.slug, parameters)
        yield _prices_with_tax(company.slug)
        yield _vat_returns(company.slug)


def _vat_returns(slug: str) -> Outcome:
    breaches = tuple(vat_breaches())
    return Outcome(VAT_RETURNS, slug, len(breaches), breaches[:KEPT])


def _prices_with_tax(slug: str) -> Outcome:
    """Recompute documents whose prices include VAT in Python: their rounding is documents.totals' alone."""
    breaches = []
    for kind in all_types():
        headers = kind.header.objects.filter(prices_include_tax=True).iterator(chunk_size=500)
        for header in headers:
            breaches += _differences(kind.line, header)
    return Outcome(PRICES_WITH_TAX, slug, len(breaches), tuple(breaches[:KEPT]))


def _differences(line_model: Any, header: DocumentHeader) -> list[Breach]:
    lines = list(line_model.objects.filter(document_id=header.pk).order_by("position"))
    return [
        Breach(header.number or str(header.pk), name) for name in validate_totals(header, lines)
    ]
