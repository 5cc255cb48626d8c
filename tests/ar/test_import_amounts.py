"""The import's integer arithmetic gives what documents.totals gives, to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ar.imports.amounts import AmountReader, document_amounts
from core.errors import DomainError
from documents.totals import LineInput, compute_totals

quantities = st.decimals(
    min_value="0.001", max_value="9999", places=3, allow_nan=False, allow_infinity=False
)
prices = st.decimals(
    min_value="0", max_value="9999", places=4, allow_nan=False, allow_infinity=False
)
percents = st.sampled_from(["", "0", "5", "12.5", "33.3333", "100"])
keys = st.sampled_from([("S", 15), ("S", 5), ("Z", 0)])
lines = st.lists(st.tuples(quantities, prices, percents, keys), min_size=1, max_size=25)


@given(lines, st.sampled_from(["SAR", "KWD", "JPY"]))
def test_every_amount_equals_the_documents_own_arithmetic(typed, currency):
    reader = AmountReader(currency)
    read = [reader.line(f"{q:f}", f"{p:f}", percent) for q, p, percent, _ in typed]
    categories, taxes = document_amounts([key for *_, key in typed], [r.net for r in read])
    totals = compute_totals(
        [
            LineInput(q, p, Decimal(percent or 0), None, key[0], Decimal(key[1]))
            for q, p, percent, key in typed
        ],
        currency=currency,
    )
    amount = reader.amount
    assert [(amount(r.discount), amount(r.net)) for r in read] == [
        (line.discount, line.net) for line in totals.lines
    ]
    assert [amount(tax) for tax in taxes] == [line.tax for line in totals.lines]
    assert [(c.category, c.rate, amount(c.net), amount(c.tax)) for c in categories] == [
        (c.category, c.rate, c.taxable, c.tax) for c in totals.categories
    ]


@pytest.mark.parametrize(
    ("quantity", "price", "sign"),
    [
        ("2", "3", 1),
        ("-2", "3", -1),
        ("2", "-3", -1),
        ("-2", "-3", 1),
        ("-1", "0", -1),
        ("1", "0", 1),
    ],
)
def test_the_sign_is_that_of_the_amount_and_of_the_quantity_where_it_is_free(quantity, price, sign):
    line = AmountReader("SAR").line(quantity, price)
    assert line.sign == sign
    assert line.net == abs(int(quantity) * int(price)) * 100
    assert line.typed == f"{quantity.lstrip('-')}\t{price.lstrip('-')}\t0\t0.00"


@pytest.mark.parametrize("quantity", ["", "NaN", "1e3", "0", "1,5", "Infinity", "0x10", "1_000"])
def test_what_is_no_quantity_is_refused_at_its_field_every_time(quantity):
    reader = AmountReader("SAR")
    for _ in range(2):
        with pytest.raises(DomainError) as refused:
            reader.line(quantity, "1")
        assert refused.value.field == "quantity"
