"""What a new company's books start with: chart of accounts, VAT codes, first periods."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from core.ids import uuid7
from ledger.models import Account, Period, TaxCode
from ledger.services.periods import periods_open_year

DATA = Path(__file__).resolve().parent.parent / "data"
DEFAULT_CODES = {"S15", "S5", "SZMED", "SE", "SO", "P15", "PZ", "PE", "PO"}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _revenue_role(row: dict[str, str]) -> str:
    """Zero-rated and export revenue stay apart: the VAT return and its reconciliation need them."""
    if row["direction"] != "sale":
        return ""
    if row["code"] in {"SXG", "SXS"}:
        return "revenue_export"
    return {
        "S": "revenue_standard",
        "Z": "revenue_zero",
        "E": "revenue_exempt",
        "O": "other_income",
    }[row["category"]]


def chart_create(company_id: int) -> None:
    """Create the default chart of accounts (accounting.md section 3) in one statement."""
    accounts: dict[str, Account] = {}
    for row in _rows("chart_of_accounts_sa.csv"):
        parent = accounts.get(row["parent"])
        accounts[row["code"]] = Account(
            id=uuid7(),
            company_id=company_id,
            code=row["code"],
            name=row["name_en"],
            name_arabic=row["name_ar"],
            kind=row["kind"],
            normal_side=row["normal_side"],
            role=row["role"],
            subledger=row["subledger"],
            parent_id=parent.pk if parent else None,
            is_posting=row["posting"] == "yes",
            is_monetary=row["monetary"] == "yes",
        )
    Account.objects.bulk_create(accounts.values())


def tax_codes_create(company_id: int) -> None:
    """Create the Saudi VAT codes (accounting.md section 9)."""
    TaxCode.objects.bulk_create(
        TaxCode(
            company_id=company_id,
            code=row["code"],
            direction=row["direction"],
            category=row["category"],
            rate=Decimal(row["rate"]),
            box=row["box"],
            vat_account_role=row["vat_account_role"],
            counter_account_role=row["counter_account_role"],
            revenue_role=_revenue_role(row),
            reason_code=row["reason_code"],
            name=row["name_en"],
            name_arabic=row["name_ar"],
            is_default=row["code"] in DEFAULT_CODES,
        )
        for row in _rows("tax_codes_sa.csv")
    )


def books_create(*, company_id: int, today: dt.date, fiscal_year_start_month: int = 1) -> None:
    """Create chart, VAT codes and the periods of last, this and next fiscal year."""
    chart_create(company_id)
    tax_codes_create(company_id)
    for year in (today.year - 1, today.year, today.year + 1):
        periods_open_year(year=year, start_month=fiscal_year_start_month)


def periods_cover(first: dt.date, last: dt.date) -> None:
    """Open the missing monthly periods between two days; used by imports of past years."""
    have = set(Period.objects.values_list("start_date", flat=True))
    years = range(first.year, last.year + 1)
    for year in years:
        if dt.date(year, 1, 1) not in have:
            periods_open_year(year=year, start_month=1)
