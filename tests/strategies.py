"""Hypothesis strategies of amounts: ugly digits everywhere, so that a forgotten rounding shows at once."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from documents.totals import LineInput

CURRENCIES = st.sampled_from(["SAR", "EUR", "KWD", "JPY"])


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    """Return numbers of exactly `places` digits behind the point."""
    return st.decimals(Decimal(low), Decimal(high), places=places, allow_nan=False)


QUANTITIES = decimals("0.000001", "99999", 6)
UNIT_PRICES = decimals("0", "99999", 6)
PERCENTS = decimals("0", "100", 4)
RATES = decimals("0.00000001", "500", 8)
CATEGORIES = st.sampled_from(
    [
        ("S", Decimal(15)),
        ("S", Decimal(5)),
        ("Z", Decimal(0)),
        ("E", Decimal(0)),
        ("O", Decimal(0)),
    ]
)


@st.composite
def line_inputs(draw: st.DrawFn) -> LineInput:
    """Return a line with ugly digits in quantity, price and discount."""
    category, rate = draw(CATEGORIES)
    return LineInput(
        quantity=draw(QUANTITIES),
        unit_price=draw(UNIT_PRICES),
        discount_percent=draw(st.one_of(st.just(Decimal(0)), PERCENTS)),
        tax_category=category,
        tax_rate=rate,
    )
