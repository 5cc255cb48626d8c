"""A report as PDF: company at the head, numbers of pages at the foot, across when it is wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi

from core.errors import N_, DomainError
from documents.rendering import html_pdf
from reports.renderers.drawing import draw_rows
from web.tables import ReportTable

CONTENT_TYPE = "application/pdf"
TEMPLATE = "reports/print.html"
STYLE_SHEETS = ("css/report-print.css",)
#: Layout takes a second for a hundred rows; longer reports are for files that programs read.
MOST_ROWS = 5000
#: More than these are printed in the background.
MOST_AT_ONCE = 300
MOST_COLUMNS_UPRIGHT = 6


class TooLongForPaper(DomainError):
    """The report has more rows than a PDF is good for."""

    code = "too_long_for_pdf"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The company as a printed report names it."""

    name: str
    name_arabic: str
    vat_number: str
    address: str
    address_arabic: str


def letterhead(company: Mapping[str, Any]) -> Letterhead:
    """Return the head of a company as its principal carries it."""

    def joined(*names: str) -> str:
        return "، ".join(part for name in names if (part := str(company.get(name) or "")))

    return Letterhead(
        str(company.get("name") or ""),
        str(company.get("name_arabic") or ""),
        str(company.get("vat_number") or ""),
        joined("building_number", "street", "district", "city", "postal_code").replace("،", ","),
        joined("building_number", "street_arabic", "district_arabic", "city_arabic", "postal_code"),
    )


def pdf_bytes(
    table: ReportTable, *, company: Mapping[str, Any], heading: Sequence[str], who: str
) -> bytes:
    """Return the report as PDF. Raises TooLongForPaper."""
    rows = list(islice(table.lines(), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise TooLongForPaper(
            N_("A PDF has at most %(most)s rows. Choose CSV or Excel, or narrow the filters."),
            field="format",
            params={"most": MOST_ROWS},
        )
    html = get_template(TEMPLATE).render(
        {
            "table": table,
            "rows": draw_rows(table, rows),
            "company": letterhead(company),
            "title": heading[0] if heading else str(table.title),
            "lines": list(heading[1:]),
            "language": (get_language() or "en")[:2],
            "direction": "rtl" if get_language_bidi() else "ltr",
            "across": len(table.columns) > MOST_COLUMNS_UPRIGHT,
            "printed_at": timezone.localtime(),
            "who": who,
        }
    )
    return html_pdf(html, style_sheets=STYLE_SHEETS)
