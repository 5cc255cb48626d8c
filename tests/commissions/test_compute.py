"""Commission arithmetic (RR-7, RR-8; accounting.md section 7)."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ar.commission import Reductions, commission_base_after
from commissions.compute import commission_amounts, correction, summarise
from core.errors import DomainError
from core.money import is_rounded
from tests.golden import golden_cases
from tests.strategies import CURRENCIES, PERCENTS, decimals

D = Decimal
BASES = decimals("0.00", "10000000.00", 2)


@pytest.fixture
def cases(shared_data: Path):
    return golden_cases(shared_data, "commission")


@pytest.mark.realdata
@pytest.mark.parametrize(
    "name",
    ["commission-on-paid", "commission-credit-note-before-paid", "commission-part-written-off"],
)
def test_base_of_the_worked_cases(cases, name):
    data, expected = cases[name]["input"], cases[name]["expected"]

    reductions = Reductions(
        net=D(data["net"]),
        total=D(data.get("total", 0)),
        credited_net=D(data.get("credited_net", 0)),
        written_off=D(data.get("written_off", 0)),
    )
    base = commission_base_after(D(data["net"]), reductions, "SAR")

    assert str(base) == expected["base"]
    assert str(commission_amounts(base, D(data["percent"])).commission) == expected["commission"]


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["commission-tax", "commission-tax-half-up"])
def test_tax_of_the_worked_cases(cases, name):
    data, expected = cases[name]["input"], cases[name]["expected"]

    amounts = commission_amounts(D(data["base"]), D(data["percent"]), D(data["tax_percent"]))

    assert amounts.base == D(expected["base"])
    assert [str(a) for a in (amounts.commission, amounts.tax, amounts.net)] == [
        expected["commission"],
        expected["tax"],
        expected["net"],
    ]


@pytest.mark.realdata
def test_claw_back_of_the_worked_case(cases):
    data = cases["commission-clawback-after-paid"]["input"]

    row = correction(
        D("10000.00") - D(data["credited_net"]),
        D(data["percent"]),
        D(0),
        booked=D("300.00"),
        booked_tax=D(0),
    )

    assert row is not None
    assert str(row.commission) == cases["commission-clawback-after-paid"]["expected"]["adjustment"]


@given(BASES, PERCENTS, PERCENTS, CURRENCIES)
def test_commission_stays_within_its_base_and_tax_within_the_commission(
    base, percent, tax, currency
):
    amounts = commission_amounts(base, percent, tax, currency)

    assert 0 <= amounts.tax <= amounts.commission
    assert amounts.net == amounts.commission - amounts.tax
    # rounding half up may lift a commission above a base that carries digits below the minor unit
    assert amounts.commission <= base or not is_rounded(base, currency)
    assert all(is_rounded(a, currency) for a in (amounts.commission, amounts.tax, amounts.net))


@given(BASES, PERCENTS, st.lists(decimals("0.00", "3000000.00", 2), max_size=6))
def test_several_credit_notes_take_back_exactly_the_right_sum(base, percent, credits):
    booked = commission_amounts(base, percent).commission
    credited = D(0)

    for credit in credits:
        credited += credit
        left = max(base - credited, D(0))
        row = correction(left, percent, D(0), booked=booked, booked_tax=D(0))
        assert row is None or row.commission < 0
        booked += row.commission if row else 0

    assert booked == commission_amounts(max(base - credited, D(0)), percent).commission
    assert booked >= 0


@pytest.mark.parametrize(
    ("base", "percent", "tax", "code", "field"),
    [
        ("-0.01", "3", "0", "negative_base", "base"),
        ("NaN", "3", "0", "negative_base", "base"),
        ("1", "-0.0001", "0", "percent_out_of_range", "percent"),
        ("1", "100.0001", "0", "percent_out_of_range", "percent"),
        ("1", "Infinity", "0", "percent_out_of_range", "percent"),
        ("1", "3", "-1", "percent_out_of_range", "tax_percent"),
        ("1", "3", "101", "percent_out_of_range", "tax_percent"),
    ],
)
def test_wrong_figures_are_refused_by_name(base, percent, tax, code, field):
    with pytest.raises(DomainError) as refused:
        commission_amounts(D(base), D(percent), D(tax))

    assert (refused.value.code, refused.value.field) == (code, field)


def test_bounds_themselves_are_allowed():
    assert commission_amounts(D("10.00"), D(100), D(100)).net == 0
    assert commission_amounts(D("0.00"), D(0)).commission == 0


def test_credit_and_write_off_never_make_a_base_negative():
    credited = Reductions(net=D("100.00"), total=D("115.00"), credited_net=D("150.00"))
    lost = Reductions(net=D("100.00"), total=D("115.00"), written_off=D("115.00"))

    assert commission_base_after(D("100.00"), credited, "SAR") == 0
    assert commission_base_after(D("100.00"), lost, "SAR") == 0


def test_summary_adds_up_and_averages_over_the_base():
    rows = [commission_amounts(D(1000), D(10), D(15)), commission_amounts(D(3000), D(20), D(15))]

    summary = summarise(rows)

    assert (summary.count, summary.base, summary.commission) == (2, D(4000), D(700))
    assert (summary.tax, summary.net) == (D(105), D(595))
    assert summary.average_percent == D("17.5000")
    assert summarise([]).average_percent == 0
