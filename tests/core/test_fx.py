"""Settlement and revaluation in foreign currency (accounting.md section 5)."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fx import OpenForeignItem, SettlesTooMuch, convert, open_item, revaluation, settle
from tests.golden import golden_cases
from tests.strategies import RATES

D = Decimal


@pytest.mark.realdata
def test_settlements_of_the_worked_cases(shared_data: Path):
    cases = golden_cases(shared_data, "settlement")

    for name in ("fx-two-part-payments", "fx-rounding-residue"):
        given_, expected = cases[name]["input"], cases[name]["expected"]
        item = open_item(D(given_["invoice"]["amount"]), D(given_["invoice"]["rate"]), "SAR")
        assert item.carrying == D(expected["receivable_base"])
        payments = given_.get("payments") or [{"amount": part} for part in given_["settle"]]
        relieved = [step["relieved"] for step in expected.get("steps", [])] or expected["relieved"]
        for index, payment in enumerate(payments):
            bank = (
                convert(D(payment["amount"]), D(payment["rate"]), "SAR")
                if "rate" in payment
                else None
            )
            step = settle(item, D(payment["amount"]), bank)
            assert step.relieved == D(relieved[index]), name
            if bank is not None:
                assert bank == D(expected["steps"][index]["bank"])
                assert step.gain == D(expected["steps"][index]["gain"])
            item = step.left
        assert (item.open_amount, item.carrying) == (D(expected["left_open"]), D(0))


@pytest.mark.realdata
def test_money_in_another_currency_settles_what_is_stated(shared_data: Path):
    case = golden_cases(shared_data, "settlement")["fx-cross-currency"]
    invoice, receipt, expected = (
        case["input"]["invoice"],
        case["input"]["receipt"],
        case["expected"],
    )

    item = open_item(D(invoice["amount"]), D(invoice["rate"]), "SAR")
    step = settle(item, D(receipt["settles"]), D(receipt["amount"]))

    assert (step.relieved, step.gain) == (D(expected["relieved"]), D(expected["gain"]))
    assert step.left.open_amount == D(expected["open"])
    assert step.left.carrying == D(expected["open_base"])


@pytest.mark.realdata
def test_revaluation_of_the_worked_case(shared_data: Path):
    case = golden_cases(shared_data, "revaluation")["fx-revaluation"]
    item = OpenForeignItem(
        D(case["input"]["open"]), D(case["input"]["carrying"]), D("4.0512"), "SAR"
    )

    difference = revaluation(item, D(case["input"]["closing_rate"]))

    assert difference == D(case["expected"]["unrealised_gain"])


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12), RATES)
def test_no_residue_stays_when_all_is_settled(parts, rate):
    item = open_item(D(sum(parts)).scaleb(-2), rate, "SAR")
    carried = item.carrying
    relieved = []

    for part in parts:
        step = settle(item, D(part).scaleb(-2))
        relieved.append(step.relieved)
        item = step.left

    assert item.open_amount == item.carrying == 0
    assert sum(relieved) == carried
    assert min(relieved) >= 0


@pytest.mark.parametrize("amount", ["0", "-1", "100.01"])
def test_no_more_is_settled_than_is_open(amount):
    with pytest.raises(SettlesTooMuch):
        settle(open_item(D("100.00"), D(4), "SAR"), D(amount))
