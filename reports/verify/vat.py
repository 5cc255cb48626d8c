"""VAT: the accounts are the rows of the returns, filed returns are what they were (accounting.md 12, check 8)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reports.models import VatReturn
from reports.vat.figures import CORRECTIONS, Collected, boxes_of, from_json
from reports.vat.rows import account_checks, collected_now, collected_of
from reports.verify.checks import Breach, Check

VAT_RETURNS = Check(
    "VAT returns",
    "filed figures are their rows, the rows are what the journal says today, and the accounts are boxes and box 14",
    "",
)
_ZERO = Decimal(0)


def vat_breaches() -> Iterator[Breach]:
    """Yield what differs in filed returns; a handful of statements for each return."""
    filed = VatReturn.objects.exclude(state=VatReturn.State.PREPARED).order_by("start_date")
    for one in filed:
        rows = collected_of(one.pk)
        now = collected_now(start=one.start_date, end=one.end_date)
        if _known(rows) != _known(now):
            yield Breach(str(one), "the journal says something else than the filed rows")
        yield from _figures(one, rows)
        unboxed = sum((row.output - row.input for row in rows if row.box == CORRECTIONS), _ZERO)
        accounts = account_checks(start=one.start_date, end=one.end_date)
        difference = sum((account.difference for account in accounts), _ZERO)
        if difference != unboxed or unboxed != one.correction:
            detail = (
                f"accounts outside the boxes {difference}, rows {unboxed}, box 14 {one.correction}"
            )
            yield Breach(str(one), detail)


def _known(rows: list[Collected]) -> set[Collected]:
    """Return the boxes that have something; a box of nothing is as good as none."""
    return {row for row in rows if row.net or row.output or row.input}


def _figures(one: VatReturn, rows: list[Collected]) -> Iterator[Breach]:
    """Compare with either way of showing reverse charge: the setting may have changed since."""
    stored = from_json(one.figures)
    options = [
        boxes_of(
            rows,
            correction=one.correction,
            carried_forward=one.carried_forward,
            reverse_charge_in_box_1=shown,
        )
        for shown in (False, True)
    ]
    if stored not in options:
        yield Breach(str(one), "the boxes are not the sums of the rows")
