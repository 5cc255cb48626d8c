"""Commission arithmetic (RR-7, RR-8; accounting.md section 7). Pure; Decimal, half up to the minor unit.

Bases and commissions are in base currency, at the invoice's frozen rate: an exchange difference is never commissionable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_, DomainError
from core.money import HUNDRED, ZERO, percent_of, quantize_digits


class NegativeBase(DomainError):
    """A commission is never computed on a negative amount (RR-7)."""

    code = "negative_base"


class PercentOutOfRange(DomainError):
    """A percent lies between 0 and 100 (RR-7)."""

    code = "percent_out_of_range"


@dataclass(frozen=True, slots=True)
class CommissionAmounts:
    """One commission; net = commission - tax. The tax is kept back from the payee, it is not VAT."""

    base: Decimal
    percent: Decimal
    commission: Decimal
    tax_percent: Decimal
    tax: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class CommissionSummary:
    """Totals of several commissions and their average percent (commission / base x 100, 4 digits)."""

    count: int
    base: Decimal
    commission: Decimal
    tax: Decimal
    net: Decimal
    average_percent: Decimal


def _percent(value: Decimal, field: str) -> None:
    if not value.is_finite() or not ZERO <= value <= HUNDRED:
        raise PercentOutOfRange(N_("A percent is between 0 and 100."), field=field)


def _not_negative(value: Decimal, field: str) -> None:
    if not value.is_finite() or value < 0:
        raise NegativeBase(N_("The base of a commission is not negative."), field=field)


def commission_amounts(
    base: Decimal, percent: Decimal, tax_percent: Decimal = ZERO, currency: str = "SAR"
) -> CommissionAmounts:
    """Return commission = base x percent / 100, tax on it, and the net. Raises NegativeBase, PercentOutOfRange."""
    _not_negative(base, "base")
    _percent(percent, "percent")
    _percent(tax_percent, "tax_percent")
    commission = percent_of(base, percent, currency)
    tax = percent_of(commission, tax_percent, currency)
    return CommissionAmounts(base, percent, commission, tax_percent, tax, commission - tax)


def correction(
    base: Decimal,
    percent: Decimal,
    tax_percent: Decimal,
    *,
    booked: Decimal,
    booked_tax: Decimal,
    currency: str = "SAR",
) -> CommissionAmounts | None:
    """Return what brings a snapshot from what is booked to what it should be on `base`; None when nothing differs.

    Working with the whole target, not with steps, keeps several credit notes, reversals and new payments exact.
    """
    due = commission_amounts(base, percent, tax_percent, currency)
    commission, tax = due.commission - booked, due.tax - booked_tax
    if not commission and not tax:
        return None
    return CommissionAmounts(base, percent, commission, tax_percent, tax, commission - tax)


def summarise(rows: Iterable[CommissionAmounts]) -> CommissionSummary:
    """Return the totals of a batch (RR-8); the average percent of nothing is 0."""
    count, base, commission, tax = 0, ZERO, ZERO, ZERO
    for row in rows:
        count += 1
        base += row.base
        commission += row.commission
        tax += row.tax
    average = quantize_digits(commission * HUNDRED / base, 4) if base else ZERO
    return CommissionSummary(count, base, commission, tax, commission - tax, average)
