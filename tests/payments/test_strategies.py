"""Which open items a payment settles (accounting.md section 6)."""

import datetime as dt
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from payments.strategies import OpenItem, Strategy, ordered, propose
from tests.golden import golden_cases
from tests.strategies import decimals

D = Decimal
AUTOMATIC = st.sampled_from([Strategy.FIFO, Strategy.LIFO, Strategy.FIFO_BY_ISSUE_DATE])
# the worked cases name two situations that are no strategies of their own
STRATEGY_OF = {"fifo_by_issue_date_option": "fifo_by_issue_date", "overpay": "fifo"}


@st.composite
def open_items(draw):
    day = dt.date(2026, 1, 1)
    issue = day + dt.timedelta(draw(st.integers(0, 5)))
    return OpenItem(
        id=draw(st.uuids()),
        number=f"INV-{draw(st.integers(1, 9))}",
        issue_date=issue,
        due_date=issue + dt.timedelta(draw(st.integers(0, 5))),
        open_amount=draw(decimals("0.00", "1000.00", 2)),
    )


ITEMS = st.lists(open_items(), max_size=10, unique_by=lambda item: item.id)


@pytest.mark.realdata
def test_allocations_of_the_worked_cases(shared_data: Path):
    for name, case in golden_cases(shared_data, "allocation").items():
        data = case["input"]
        ids = {row["no"]: uuid.uuid5(uuid.NAMESPACE_OID, row["no"]) for row in data["open_items"]}
        items = [
            OpenItem(
                ids[row["no"]],
                row["no"],
                dt.date.fromisoformat(row["issue"]),
                dt.date.fromisoformat(row["due"]),
                D(row["open"]),
            )
            for row in data["open_items"]
        ]
        manual = [(ids[number], D(amount)) for number, amount in data["manual"] or ()]

        proposal = propose(
            items, D(data["amount"]), STRATEGY_OF.get(data["strategy"], data["strategy"]), manual
        )

        expected = [(ids[number], D(amount)) for number, amount in case["expected"]["allocations"]]
        assert list(proposal.allocations) == expected, name
        assert proposal.left_on_account == D(case["expected"]["left_on_account"]), name


@given(ITEMS, decimals("0.00", "5000.00", 2), AUTOMATIC)
def test_never_more_than_the_payment_nor_than_what_is_open(items, amount, strategy):
    proposal = propose(items, amount, strategy)

    left = {item.id: item.open_amount for item in items}
    assert len({key for key, _ in proposal.allocations}) == len(proposal.allocations)
    assert all(0 < part <= left[key] for key, part in proposal.allocations)
    assert sum(part for _, part in proposal.allocations) + proposal.left_on_account == amount
    assert proposal.left_on_account == max(amount - sum(left.values()), D(0))


@given(ITEMS, decimals("0.01", "5000.00", 2), AUTOMATIC)
def test_an_item_is_touched_only_when_all_before_it_are_settled(items, amount, strategy):
    taken = dict(propose(items, amount, strategy).allocations)

    waiting = False
    for item in ordered(items, strategy):
        part = taken.get(item.id, D(0))
        assert not (waiting and part)
        waiting = waiting or part < item.open_amount


@given(ITEMS)
def test_lifo_is_the_exact_reverse_of_fifo(items):
    assert ordered(items, Strategy.LIFO) == ordered(items, Strategy.FIFO)[::-1]


@given(ITEMS, decimals("0.00", "2000.00", 2), st.data())
def test_typed_allocations_are_kept_or_refused_as_a_whole(items, amount, data):
    choices = st.sampled_from([item.id for item in items] or [uuid.uuid4()])
    manual = data.draw(st.lists(st.tuples(choices, decimals("-10.00", "1200.00", 2)), max_size=6))
    left = {item.id: item.open_amount for item in items}
    keys = [key for key, _ in manual]
    allowed = (
        len(set(keys)) == len(keys)
        and all(0 < part <= left.get(key, D(0)) for key, part in manual)
        and sum(part for _, part in manual) <= amount
    )

    if allowed:
        proposal = propose(items, amount, "manual", manual)
        assert list(proposal.allocations) == manual
        assert sum(part for _, part in manual) + proposal.left_on_account == amount
    else:
        with pytest.raises(DomainError):
            propose(items, amount, "manual", manual)


ITEM = OpenItem(uuid.UUID(int=1), "INV-1", dt.date(2026, 1, 1), dt.date(2026, 2, 1), D("100.00"))
OTHER = OpenItem(uuid.UUID(int=2), "INV-2", dt.date(2026, 1, 1), dt.date(2026, 2, 1), D("100.00"))


@pytest.mark.parametrize(
    ("manual", "code", "field"),
    [
        ([(ITEM.id, "100.01")], "over_allocated", "allocations.0.amount"),
        ([(ITEM.id, "100.00"), (OTHER.id, "50.01")], "over_allocated", "allocations"),
        ([(ITEM.id, "1.00"), (ITEM.id, "1.00")], "wrong_allocation", "allocations.1.invoice"),
        ([(ITEM.id, "0.00")], "wrong_allocation", "allocations.0.amount"),
        ([(ITEM.id, "-1.00")], "wrong_allocation", "allocations.0.amount"),
        ([(ITEM.id, "NaN")], "wrong_allocation", "allocations.0.amount"),
        ([(uuid.UUID(int=9), "1.00")], "unknown_open_item", "allocations.0.invoice"),
    ],
)
def test_broken_bound_is_named(manual, code, field):
    with pytest.raises(DomainError) as refused:
        propose([ITEM, OTHER], D("150.00"), "manual", [(key, D(part)) for key, part in manual])

    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("amount", "strategy", "code"),
    [
        ("-1", "fifo", "wrong_allocation"),
        ("NaN", "lifo", "wrong_allocation"),
        ("1", "random", "unknown_strategy"),
        ("1", "", "unknown_strategy"),
    ],
)
def test_wrong_payment_is_refused(amount, strategy, code):
    with pytest.raises(DomainError) as refused:
        propose([ITEM], D(amount), strategy)

    assert refused.value.code == code
