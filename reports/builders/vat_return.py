"""The VAT return in the form's boxes, and the rows behind each box (accounting.md section 9)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.shapes import money
from reports import filters
from reports.builders.common import ZERO, cut, period_text, report_link, summed
from reports.models import VatReturn
from reports.report import Ask, Report
from reports.vat import rows as vat_rows
from reports.vat.figures import (
    CARRIES_VAT,
    CORRECTIONS,
    NAMES,
    PURCHASES_TOTAL,
    REVERSE_CHARGE,
    SALES_TOTAL,
    BoxFigure,
    VatPeriod,
    VatSetting,
    vat_period,
    vat_setting,
)
from reports.vat.services import VatFigures, figures_now, figures_of, period_of_return
from tenancy.context import current_company_id
from tenancy.models import Company
from web.links import page_of
from web.tables import Column, Remark, ReportTable, Row

_SINGLE = range(13, 17)


def setting_now() -> VatSetting:
    """Return how the company files, from its row."""
    company = Company.objects.values(
        "vat_period", "vat_reverse_charge_in_box_1", "timezone", "currency"
    ).get(pk=current_company_id())
    return vat_setting(company)


def _found(day: dt.date) -> tuple[VatReturn | None, VatPeriod, VatFigures]:
    """Return the stored return of the day with its frozen figures, else the figures of this moment."""
    stored = VatReturn.objects.filter(start_date__lte=day, end_date__gte=day).first()
    if stored is not None:
        return stored, period_of_return(stored), figures_of(stored)
    setting = setting_now()
    period = vat_period(day, setting.kind)
    return None, period, figures_now(period, setting)


def form_rows(boxes: dict[int, BoxFigure], day: dt.date) -> list[Row]:
    """Return the sixteen lines of the form; each figure opens its rows."""
    found = []
    for box, name in NAMES.items():
        figure = boxes[box]
        link = report_link("vat-rows", date=day, box=box)
        has_rows = box <= CORRECTIONS and box not in (SALES_TOTAL, PURCHASES_TOTAL, 13)
        cells: dict[str, Any] = {"box": box, "name": name}
        if box not in _SINGLE:
            cells |= {"amount": figure.amount, "adjustment": figure.adjustment}
        if box in CARRIES_VAT:
            cells["vat"] = figure.vat
        if box == REVERSE_CHARGE:
            cells |= {"output": figure.output, "input": figure.input}
        kind = "row" if has_rows or box == 15 else "subtotal"  # the credit carried forward
        found.append(
            Row(
                cells,
                kind="total" if box == 16 else kind,  # type: ignore[arg-type]  # one of the kinds
                links=dict.fromkeys(("amount", "adjustment", "vat"), link) if has_rows else {},
                meta={"output": str(figure.output), "input": str(figure.input)},
            )
        )
    return found


def _remarks(stored: VatReturn | None, figures: VatFigures) -> tuple[Remark, ...]:
    remarks = []
    if stored is None:
        remarks.append(Remark(_("Not prepared yet: these are the figures of this moment."), "info"))
    else:
        url = reverse("reports:vat-detail", args=[stored.pk])
        text = _("The return is in the state: %(state)s.") % {"state": stored.get_state_display()}
        remarks.append(Remark(text, "good" if stored.state != "prepared" else "info", url))
    if not figures.is_reconciled:
        text = _("The VAT accounts moved by %(amount)s that no box has; see the rows of box 14.")
        remarks.append(Remark(text % {"amount": figures.unboxed}, "warn"))
    return tuple(remarks)


def build(ask: Ask) -> ReportTable:
    """Build the form for the VAT period of a day: frozen figures once it is prepared."""
    stored, period, figures = _found(ask.day("date"))
    return ReportTable(
        title=gettext_lazy("VAT return"),
        columns=(
            Column("box", gettext_lazy("Box"), "count"),
            Column("name", gettext_lazy("Line"), wide=True),
            Column("amount", gettext_lazy("Amount"), "money"),
            Column("adjustment", gettext_lazy("Adjustment"), "money"),
            Column("vat", gettext_lazy("VAT"), "money"),
            Column("output", gettext_lazy("of that output"), "money"),
            Column("input", gettext_lazy("of that input"), "money"),
        ),
        rows=form_rows(figures.boxes, ask.day("date")),
        currency=ask.currency,
        subtitle=period_text(period.start, period.end),
        remarks=_remarks(stored, figures),
        facts={
            "start_date": period.start.isoformat(),
            "end_date": period.end.isoformat(),
            "state": stored.state if stored else "",
            "vat_return": str(stored.pk) if stored else None,
            "is_reconciled": figures.is_reconciled,
            "net_due": money(figures.boxes[16].vat, ask.currency),
        },
    )


def _link(row: dict[str, Any]) -> str:
    return page_of(row["source_kind"], row["source_id"]) or reverse(
        "ledger:entry", args=[row["entry_id"]]
    )


def build_rows(ask: Ask) -> ReportTable:
    """Build the rows behind the boxes of a period, or behind one: frozen ones once the return is prepared."""
    stored, period, _figures = _found(ask.day("date"))
    box = int(ask.get("box") or 0)
    found = vat_rows.rows_of(
        vat_return_id=stored.pk if stored else None, start=period.start, end=period.end, box=box
    )
    rows = [
        Row(
            {
                "box": row["box"],
                "adjustment": _("yes") if row["is_adjustment"] else "",
                "date": row["date"],
                "number": row["source_number"],
                "party": row["party_name"],
                "vat_number": row["party_vat_number"],
                "tax_code": row["tax_code"],
                "currency": row["currency"],
                "rate": row["rate"],
                "net": row["net"],
                "vat": _vat(row),
            },
            links={"number": _link(row)},
            meta={"entry": str(row["entry_id"])},
        )
        for row in found
    ]
    page, after = cut(rows, ask)
    name = NAMES[box] if box else ""
    total = Row({"number": _("Total"), **summed(rows, ("net", "vat"))}, kind="total")
    return ReportTable(
        title=gettext_lazy("Rows of the VAT return"),
        columns=(
            Column("box", gettext_lazy("Box"), "count"),
            Column("date", gettext_lazy("Tax date"), "date"),
            Column("number", gettext_lazy("Number"), "code"),
            Column("party", gettext_lazy("Party"), wide=True),
            Column("vat_number", gettext_lazy("VAT number"), "code"),
            Column("tax_code", gettext_lazy("VAT code"), "code"),
            Column("adjustment", gettext_lazy("Adjustment")),
            Column("currency", gettext_lazy("Currency"), "code"),
            Column("rate", gettext_lazy("Rate"), "rate"),
            Column("net", gettext_lazy("Net"), "money"),
            Column("vat", gettext_lazy("VAT"), "money"),
        ),
        rows=page,
        totals=(total,) if rows else (),
        currency=ask.currency,
        subtitle=f"{period.label} · {box} {name}" if box else period.label,
        count=len(rows),
        after=after,
        empty_text=gettext_lazy("No document of the period belongs here."),
    )


def _vat(row: dict[str, Any]) -> Decimal:
    if row["box"] == CORRECTIONS or row["box"] < SALES_TOTAL:
        return Decimal(row["output_vat"] - row["input_vat"])
    if row["box"] == REVERSE_CHARGE:
        return Decimal(row["input_vat"])
    return Decimal(row["input_vat"] - row["output_vat"]) + ZERO


_DATE = filters.day("date", gettext_lazy("A day of the period"), default=lambda one: one.today)
_BOX = filters.choice(
    "box",
    gettext_lazy("Box"),
    (
        ("", gettext_lazy("All boxes")),
        *((str(box), str(box)) for box in NAMES if box <= CORRECTIONS),
    ),
)

REPORTS = (
    Report(
        "vat-return",
        gettext_lazy("VAT return"),
        "tax",
        gettext_lazy("The boxes of the authority's form; each figure opens its documents."),
        "reports.books.view",
        (_DATE,),
        build,
        icon="balances",
    ),
    Report(
        "vat-rows",
        gettext_lazy("Rows of the VAT return"),
        "tax",
        gettext_lazy("Every document behind a box, with party, VAT number, net and VAT."),
        "reports.books.view",
        (_DATE, _BOX),
        build_rows,
        icon="balances",
    ),
)
