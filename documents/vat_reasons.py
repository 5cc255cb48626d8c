"""Why a supply bears no VAT: the authority's code and its words in both languages, by our VAT code (zatca.md part 5).

The tax invoice has to name the reason for each zero-rated, exempt or out-of-scope supply. Pure: preview, PDF and
e-invoice print the same words. A test compares the codes with the company's VAT codes (ledger/data).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from documents.printing import TaxFigures
from documents.totals import CategoryTotals

STANDARD = "S"


@dataclass(frozen=True, slots=True)
class VatReason:
    """A reason of the authority's list."""

    code: str
    english: str
    arabic: str


#: By VAT code of the sale; the words of the authority's own list and samples.
REASONS = {
    "SCIT-HEA": VatReason(
        "VATEX-SA-HEA", "Private healthcare to citizen", "الخدمات الصحية الخاصة للمواطنين"
    ),
    "SCIT-EDU": VatReason(
        "VATEX-SA-EDU", "Private education to citizen", "الخدمات التعليمية الخاصة للمواطنين"
    ),
    "SZMED": VatReason("VATEX-SA-35", "Medicines and medical equipment", "الأدوية والمعدات الطبية"),
    "SZMET": VatReason("VATEX-SA-36", "Qualifying metals", "المعادن المؤهلة"),
    "SZTRA": VatReason(
        "VATEX-SA-34-1", "The international transport of goods", "النقل الدولي للسلع"
    ),
    "SXG": VatReason("VATEX-SA-32", "Export of goods", "صادرات السلع من المملكة"),
    "SXS": VatReason("VATEX-SA-33", "Export of services", "صادرات الخدمات من المملكة"),
    "SE": VatReason(
        "VATEX-SA-29",
        "Financial services mentioned in Article 29 of the VAT Regulations",
        "الخدمات المالية",
    ),
    "SE-INS": VatReason(
        "VATEX-SA-29-7",
        "Life insurance services mentioned in Article 29 of the VAT Regulations",
        "عقد تأمين على الحياة",
    ),
    "SE-RE": VatReason(
        "VATEX-SA-30",
        "Real estate transactions mentioned in Article 30 of the VAT Regulations",
        "التوريدات العقارية المعفاة من الضريبة",
    ),
    "SO": VatReason(
        "VATEX-SA-OOS",
        "Services outside scope of tax / Not subject to VAT",
        "التوريدات الغير خاضعة للضريبة",
    ),
}
#: The code of a sale without one, as saving completes it.
USUAL = {"Z": "SZMED", "E": "SE", "O": "SO"}


class Coded(Protocol):
    """A line with its VAT category and code."""

    @property
    def tax_category(self) -> str: ...

    @property
    def tax_code(self) -> str: ...


def reasons_of(lines: Iterable[Coded], *, is_sale: bool) -> dict[str, list[VatReason]]:
    """Return the reasons by category, each once, in the order of the lines; none on what a supplier sent."""
    found: dict[str, list[VatReason]] = {}
    if not is_sale:
        return found
    for line in lines:
        category = line.tax_category
        if category == STANDARD:
            continue
        reason = REASONS.get(line.tax_code or USUAL.get(category, ""))
        known = found.setdefault(category, [])
        if reason is not None and reason not in known:
            known.append(reason)
    return found


def tax_figures(
    categories: Sequence[CategoryTotals], lines: Iterable[Coded], *, is_sale: bool
) -> list[TaxFigures]:
    """Return the VAT summary with the reasons of what bears none."""
    reasons = reasons_of(lines, is_sale=is_sale)
    return [
        TaxFigures(
            one.category,
            one.rate,
            one.taxable,
            one.tax,
            "; ".join(f"{each.code} {each.english}" for each in reasons.get(one.category, ())),
            "؛ ".join(f"{each.code} {each.arabic}" for each in reasons.get(one.category, ())),
        )
        for one in categories
    ]
