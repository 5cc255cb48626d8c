"""The boxes of the VAT return and their formulas. Pure.

Names and formulas are those of the authority's form. Reverse charge enters once as output and once as input; where its
output side is shown is a setting, the net is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from web.tables import Words

ZERO = Decimal(0)
SALES, SALES_TOTAL = range(1, 6), 6
PURCHASES, PURCHASES_TOTAL = range(7, 12), 12
DUE, CORRECTIONS, CARRIED, NET = 13, 14, 15, 16
REVERSE_CHARGE, STANDARD_SALES = 9, 1
#: Corrections of earlier returns go into the next one up to this amount either way; above, the return is corrected.
LARGEST_CORRECTION = Decimal(5000)

#: The lines of the authority's form in its own words.
NAMES: Final[dict[int, Words]] = {
    1: Words("Standard rated sales", "المبيعات الخاضعة للنسبة الأساسية"),
    2: Words(
        "Private healthcare, private education and first-home sales to citizens",
        "المبيعات للمواطنين (الخدمات الصحية الخاصة، التعليم الأهلي الخاص، المسكن الأول)",
    ),
    3: Words("Zero rated domestic sales", "المبيعات المحلية الخاضعة للنسبة الصفرية"),
    4: Words("Exports", "الصادرات"),
    5: Words("Exempt sales", "المبيعات المعفاة من الضريبة"),
    6: Words("Total sales", "إجمالي المبيعات"),
    7: Words("Standard rated domestic purchases", "المشتريات الخاضعة للنسبة الأساسية"),
    8: Words(
        "Imports subject to VAT paid at customs",
        "الاستيرادات الخاضعة لضريبة القيمة المضافة بالنسبة الأساسية والتي تدفع في الجمارك",
    ),
    9: Words(
        "Imports subject to VAT accounted for through the reverse charge mechanism",
        "الاستيرادات الخاضعة لضريبة القيمة المضافة التي تطبق عليها آلية الاحتساب العكسي",
    ),
    10: Words("Zero rated purchases", "المشتريات الخاضعة للنسبة الصفرية"),
    11: Words("Exempt purchases", "المشتريات المعفاة من الضريبة"),
    12: Words("Total purchases", "إجمالي المشتريات"),
    13: Words(
        "Total VAT due for the current period",
        "إجمالي ضريبة القيمة المضافة المستحقة عن الفترة الضريبية الحالية",
    ),
    14: Words(
        "Corrections from previous periods (between -5,000 and +5,000 SAR)",
        "تصحيحات من الفترات السابقة (بين ±5,000 ريال)",
    ),
    15: Words(
        "VAT credit carried forward from previous periods",
        "ضريبة القيمة المضافة التي تم ترحيلها من الفترات السابقة",
    ),
    16: Words("Net VAT due (or claimed)", "صافي الضريبة المستحقة (أو المستردة)"),
}
#: Boxes whose VAT is shown; the others have none.
CARRIES_VAT: Final[frozenset[int]] = frozenset({1, 6, 7, 8, 9, 12, 13, 14, 15, 16})


@dataclass(frozen=True, slots=True)
class BoxFigure:
    """One line of the form in base currency. `vat` is what is due (sales) or recoverable (purchases)."""

    box: int
    amount: Decimal = ZERO
    adjustment: Decimal = ZERO
    vat: Decimal = ZERO
    output: Decimal = ZERO
    input: Decimal = ZERO

    def __add__(self, other: BoxFigure) -> BoxFigure:
        return BoxFigure(
            self.box,
            self.amount + other.amount,
            self.adjustment + other.adjustment,
            self.vat + other.vat,
            self.output + other.output,
            self.input + other.input,
        )


@dataclass(frozen=True, slots=True)
class Collected:
    """What the rows of one box add up to, normal ones or adjustments."""

    box: int
    is_adjustment: bool
    net: Decimal
    output: Decimal
    input: Decimal


def boxes_of(
    collected: Iterable[Collected],
    *,
    correction: Decimal = ZERO,
    carried_forward: Decimal = ZERO,
    reverse_charge_in_box_1: bool = False,
) -> dict[int, BoxFigure]:
    """Return all sixteen boxes. Rows outside the boxes (box 14) are not added: `correction` is typed."""
    boxes = {box: BoxFigure(box) for box in NAMES}
    for one in collected:
        if one.box != CORRECTIONS:
            boxes[one.box] += _figure(one)
    if reverse_charge_in_box_1:
        imported = boxes[REVERSE_CHARGE]
        boxes[STANDARD_SALES] += BoxFigure(
            STANDARD_SALES, imported.amount, imported.adjustment, imported.output, imported.output
        )
        boxes[REVERSE_CHARGE] = replace(imported, vat=imported.input, output=ZERO)
    boxes[SALES_TOTAL] = _total(SALES_TOTAL, boxes, SALES)
    boxes[PURCHASES_TOTAL] = _total(PURCHASES_TOTAL, boxes, PURCHASES)
    due = boxes[SALES_TOTAL].vat - boxes[PURCHASES_TOTAL].vat
    boxes[DUE] = BoxFigure(DUE, vat=due)
    boxes[CORRECTIONS] = BoxFigure(CORRECTIONS, vat=correction)
    boxes[CARRIED] = BoxFigure(CARRIED, vat=carried_forward)
    boxes[NET] = BoxFigure(NET, vat=due + correction - carried_forward)
    return boxes


def _figure(one: Collected) -> BoxFigure:
    vat = one.output - one.input if one.box in SALES else one.input - one.output
    return BoxFigure(
        one.box,
        ZERO if one.is_adjustment else one.net,
        one.net if one.is_adjustment else ZERO,
        vat,
        one.output,
        one.input,
    )


def _total(box: int, boxes: dict[int, BoxFigure], parts: Iterable[int]) -> BoxFigure:
    total = BoxFigure(box)
    for part in parts:
        total += boxes[part]
    return total


def to_json(boxes: dict[int, BoxFigure]) -> dict[str, dict[str, str]]:
    """Return the boxes as they are stored: amounts as strings."""
    return {
        str(box): {
            name: str(getattr(figure, name))
            for name in ("amount", "adjustment", "vat", "output", "input")
        }
        for box, figure in boxes.items()
    }


def from_json(stored: dict[str, dict[str, str]]) -> dict[int, BoxFigure]:
    """Return stored boxes."""
    return {
        int(box): BoxFigure(int(box), **{name: Decimal(text) for name, text in values.items()})
        for box, values in stored.items()
    }


@dataclass(frozen=True, slots=True)
class VatSetting:
    """How the company files."""

    kind: str
    reverse_charge_in_box_1: bool
    timezone: str
    currency: str


def vat_setting(company: Mapping[str, Any]) -> VatSetting:
    """Return the setting of a company as its principal carries it."""
    return VatSetting(
        str(company.get("vat_period") or "quarter"),
        bool(company.get("vat_reverse_charge_in_box_1")),
        str(company.get("timezone") or "Asia/Riyadh"),
        str(company.get("currency") or "SAR"),
    )


@dataclass(frozen=True, slots=True)
class VatPeriod:
    """A month or calendar quarter. Due at the end of the following month."""

    start: dt.date
    end: dt.date

    @property
    def due(self) -> dt.date:
        """The last day for filing and paying."""
        following = self.end + dt.timedelta(days=1)
        return _month_end(following)

    @property
    def label(self) -> str:
        """2026-01 for a month, 2026-Q1 for a quarter."""
        if self.start.month == self.end.month:
            return f"{self.start:%Y-%m}"
        return f"{self.start.year}-Q{(self.start.month - 1) // 3 + 1}"

    def next(self) -> VatPeriod:
        """The period of the same kind after this one."""
        kind = "month" if self.start.month == self.end.month else "quarter"
        return vat_period(self.end + dt.timedelta(days=1), kind)


def _month_end(day: dt.date) -> dt.date:
    first_of_next = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return first_of_next - dt.timedelta(days=1)


def vat_period(day: dt.date, kind: str) -> VatPeriod:
    """Return the month or quarter a day lies in."""
    if kind == "month":
        return VatPeriod(day.replace(day=1), _month_end(day))
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return VatPeriod(first, _month_end(first.replace(month=first.month + 2)))
