"""Settling open items by value: carrying amounts, residue, third currency, bounds (accounting.md sections 5 and 6)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import product
from documents.carrying import relieved_base
from payments.settlement import (
    Item,
    Part,
    RateOfUseMissing,
    SettlementRefused,
    settle,
    settle_all,
    settle_by_all,
)
from payments.strategies import OverAllocated, WrongAllocation
from tests.golden import golden_cases

D = Decimal
DAY = dt.date(2026, 1, 31)
NOWHERE = uuid.UUID(int=0)


def item(kind="invoice", *, currency="EUR", rate="4.0512", amount="1150", date=DAY):
    value = product(D(amount), D(rate), "SAR")
    return Item(kind, uuid.uuid4(), kind, date, date, currency, D(rate), D(amount), value)


def test_worked_two_receipts_at_other_rates(shared_data):
    case = golden_cases(shared_data, "settlement")["fx-two-part-payments"]
    given_, expected = case["input"], case["expected"]
    target = item(amount=given_["invoice"]["amount"], rate=given_["invoice"]["rate"])
    assert target.carrying == D(expected["receivable_base"])

    for typed, step in zip(given_["payments"], expected["steps"], strict=True):
        source = item("payment", amount=typed["amount"], rate=typed["rate"])
        part = Part(target.id, D(typed["amount"]))
        row = settle(source, target, part, base_currency="SAR")
        assert (row.source_base, row.base_amount, row.difference) == (
            D(step["bank"]),
            D(step["relieved"]),
            D(step["gain"]),
        )
    assert target.open_amount == D(expected["left_open"])


def test_worked_receipt_in_a_third_currency(shared_data):
    case = golden_cases(shared_data, "settlement")["fx-cross-currency"]
    given_, expected = case["input"], case["expected"]
    target = item(amount=given_["invoice"]["amount"], rate=given_["invoice"]["rate"])
    source = item("payment", currency="SAR", rate="1", amount=given_["receipt"]["amount"])
    part = Part(target.id, D(given_["receipt"]["settles"]))
    (row,) = settle_all(source, [(target, part)], base_currency="SAR")

    assert (row.base_amount, row.difference, target.open_amount, target.carrying) == tuple(
        D(expected[name]) for name in ("relieved", "gain", "open", "open_base")
    )


def test_worked_residue(shared_data):
    case = golden_cases(shared_data, "settlement")["fx-rounding-residue"]
    given_, expected = case["input"], case["expected"]
    rate = D(given_["invoice"]["rate"])
    open_amount = D(given_["invoice"]["amount"])
    carrying = product(open_amount, rate, "SAR")
    relieved = []
    for part in map(D, given_["settle"]):
        base = relieved_base(
            part, open_amount=open_amount, carrying=carrying, rate=rate, base_currency="SAR"
        )
        relieved.append(base)
        open_amount, carrying = open_amount - part, carrying - base

    assert relieved == [D(one) for one in expected["relieved"]]
    assert (open_amount, carrying) == (0, 0)


def test_residue_goes_to_the_last_part():
    target = item(amount="100.01")
    rows = [
        settle(item("payment", amount=part), target, Part(target.id, D(part)), base_currency="SAR")
        for part in ("33.33", "33.34", "33.34")
    ]

    assert [row.base_amount for row in rows] == [D("135.03"), D("135.07"), D("135.06")]
    assert target.carrying == 0
    assert rows[-1].closes


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.integers(1, 90_000_000))
def test_parts_relieve_exactly_the_whole(cents, rate):
    amounts = [D(cent) / 100 for cent in cents]
    target = item(amount=str(sum(amounts)), rate=str(D(rate) / 10_000_000))
    whole = target.carrying
    rows = [
        settle(
            item("payment", amount=str(amount), rate="3.75"),
            target,
            Part(target.id, amount),
            base_currency="SAR",
        )
        for amount in amounts
    ]

    assert sum(row.base_amount for row in rows) == whole
    assert all(row.base_amount >= 0 for row in rows)
    assert (target.open_amount, target.carrying) == (0, 0)


def test_one_foreign_document_takes_the_whole_payment():
    source, target = item("payment", currency="SAR", rate="1", amount="4000"), item(amount="1000")
    (row,) = settle_all(source, [(target, Part(target.id, D(985)))], base_currency="SAR")

    assert (row.source_amount, row.base_amount, row.difference) == (
        D(4000),
        D("3990.43"),
        D("9.57"),
    )


def test_two_foreign_documents_need_the_amount_of_each():
    source = item("payment", currency="SAR", rate="1", amount="4000")
    pairs = [(one, Part(one.id, D(100))) for one in (item(), item())]

    with pytest.raises(RateOfUseMissing) as caught:
        settle_all(source, pairs, base_currency="SAR")
    assert caught.value.field == "allocations.0.payment_amount"


@pytest.mark.parametrize(
    ("part", "error", "field"),
    [
        (Part(NOWHERE, D("1150.01")), OverAllocated, "allocations.0.amount"),
        (Part(NOWHERE, D(0)), WrongAllocation, "allocations.0.amount"),
        (Part(NOWHERE, D("NaN")), WrongAllocation, "allocations.0.amount"),
        (Part(NOWHERE, D("0.001")), SettlementRefused, "allocations.0.amount"),
        (Part(NOWHERE, D(10), discount=D(11)), SettlementRefused, "allocations.0.discount"),
        (Part(NOWHERE, D(10), discount=D(-1)), SettlementRefused, "allocations.0.discount"),
        (
            Part(NOWHERE, D(10), discount=D(6), write_off=D(6)),
            SettlementRefused,
            "allocations.0.discount",
        ),
        (Part(NOWHERE, D(10), write_off=D(1)), SettlementRefused, "allocations.0.write_off"),
        (Part(NOWHERE, D(10), D(9)), SettlementRefused, "allocations.0.payment_amount"),
    ],
)
def test_part_out_of_bounds_is_refused(part, error, field):
    with pytest.raises(error) as caught:
        settle(item("payment"), item(), part, base_currency="SAR")
    assert caught.value.field == field


def test_more_than_the_payment_is_refused():
    with pytest.raises(OverAllocated) as caught:
        settle(item("payment", amount="10"), item(), Part(NOWHERE, D(11)), base_currency="SAR")
    assert caught.value.field == "allocations"


def test_settled_on_the_later_day_never_before_it():
    source = item("payment", date=dt.date(2026, 2, 10))
    row = settle(source, item(), Part(NOWHERE, D(1)), base_currency="SAR")
    assert row.date == dt.date(2026, 2, 10)

    with pytest.raises(SettlementRefused) as caught:
        settle(source, item(), Part(NOWHERE, D(1)), base_currency="SAR", date=dt.date(2026, 2, 9))
    assert caught.value.field == "date"


def test_refund_is_settled_by_several_credits_each_named_once():
    refund = item("refund", amount="100")
    first, second = item("credit_note", amount="60"), item("payment", amount="50")
    rows = settle_by_all(
        [(first, Part(first.id, D(60))), (second, Part(second.id, D(40)))],
        refund,
        base_currency="SAR",
    )
    assert refund.open_amount == 0
    assert [row.source.open_amount for row in rows] == [0, 10]

    with pytest.raises(WrongAllocation):
        settle_by_all([(second, Part(second.id, D(1)))] * 2, item("refund"), base_currency="SAR")
