"""Journal drafts balance, or are not made (accounting.md sections 3 to 5)."""

import csv
import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import is_rounded, quantize
from ledger.posting import (
    AccountRole,
    JournalDraft,
    PostingLine,
    UnbalancedJournal,
    convert_document,
)
from tests.golden import golden_month
from tests.strategies import RATES

D = Decimal


def draft(*lines: PostingLine, **changes: Any) -> JournalDraft:
    """Return a draft of the lines."""
    facts: dict[str, Any] = {
        "date": dt.date(2026, 1, 5),
        "book": "SAL",
        "source_kind": "ar.invoice",
        "source_id": uuid.UUID(int=1),
        "currency": "SAR",
        "lines": lines,
    }
    return JournalDraft(**(facts | changes))


def debit(amount: str, **fields) -> PostingLine:
    return PostingLine("ar_control", debit=D(amount), **fields)


def credit(amount: str, **fields) -> PostingLine:
    return PostingLine("revenue_standard", credit=D(amount), **fields)


def test_balanced_lines_make_a_draft():
    entry = draft(debit("115.00"), credit("100.00"), credit("15.00"))

    assert entry.total == D("115.00")
    assert (entry.kind, entry.purpose, entry.rate) == ("normal", "post", D(1))


@pytest.mark.parametrize(
    "lines",
    [
        (debit("115.00"), credit("115.01")),
        (debit("115.00"),),
        (),
        (debit("1"), credit("1"), debit("0")),
        (PostingLine("ar_control", debit=D(1), credit=D(1)), PostingLine("cogs", D(1), D(1))),
        (debit("-1"), credit("-1")),
        (debit("NaN"), credit("NaN")),
        (debit("Infinity"), credit("Infinity")),
        (debit("1", amount_currency=D("NaN")), credit("1")),
        (debit("1000000000000000"), credit("1000000000000000")),
        (replace(debit("1"), role=""), credit("1")),
    ],
)
def test_anything_else_is_refused(lines):
    with pytest.raises(UnbalancedJournal) as refused:
        draft(*lines)

    assert refused.value.code == "journal_unbalanced"
    assert refused.value.field


def test_smallest_difference_is_refused_and_named():
    with pytest.raises(UnbalancedJournal, match=r"100\.0000.*100\.0001"):
        draft(debit("100.0000"), credit("100.0001"))


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_rate_of_an_entry_is_above_zero(rate):
    with pytest.raises(UnbalancedJournal):
        draft(debit("1"), credit("1"), rate=D(rate))


def test_reversal_mirrors_every_side():
    line = replace(debit("115.00"), amount_currency=D("28.00"), taxable_amount=D("100.00"))
    entry = draft(line, credit("115.00"))

    mirror = entry.reversal(date=dt.date(2026, 2, 1))

    assert (mirror.kind, mirror.purpose, mirror.date) == (
        "reversal",
        "reverse",
        dt.date(2026, 2, 1),
    )
    assert mirror.lines[0].credit == D("115.00")
    assert mirror.lines[0].amount_currency == D("-28.00")
    assert mirror.lines[0].taxable_amount == D("-100.00")
    assert mirror.lines[1].debit == D("115.00")
    assert mirror.reversal(date=entry.date).lines == entry.lines


def test_roles_are_those_of_the_chart_of_accounts(settings):
    with (settings.BASE_DIR / "ledger/data/chart_of_accounts_sa.csv").open(
        encoding="utf-8"
    ) as file:
        chart = {row["role"] for row in csv.DictReader(file)} - {""}

    assert {role.value for role in AccountRole} == chart


@pytest.mark.realdata
def test_every_journal_of_the_worked_month_is_accepted(shared_data: Path):
    month = golden_month(shared_data)

    for entry in month["entries"]:
        lines = [
            PostingLine(line["account"], debit=D(line["debit"]), credit=D(line["credit"]))
            for line in entry["lines"]
        ]
        made = draft(*lines, date=dt.date.fromisoformat(entry["date"]), kind=entry["kind"])
        assert made.total > 0
    assert len(month["entries"]) == 29


@given(
    st.lists(st.integers(0, 10**8), min_size=1, max_size=8),
    st.lists(st.integers(0, 10**7), max_size=3),
    RATES,
    st.sampled_from([("EUR", "SAR", 2), ("KWD", "SAR", 3), ("JPY", "KWD", 0)]),
)
def test_converted_parts_add_up_to_the_converted_total(nets, taxes, rate, currencies):
    currency, base, digits = currencies
    net_amounts = [D(n).scaleb(-digits) for n in nets]
    tax_amounts = [D(t).scaleb(-digits) for t in taxes]
    total = sum(net_amounts + tax_amounts, D(0))

    converted = convert_document(
        total=total,
        taxes=tax_amounts,
        nets=net_amounts,
        rate=rate,
        currency=currency,
        base_currency=base,
    )

    assert converted.total == quantize(total * rate, base)
    assert converted.tax == quantize(sum(tax_amounts, D(0)) * rate, base)
    assert sum(converted.nets) + converted.tax == converted.total
    assert all(is_rounded(part, base) and part >= 0 for part in converted.nets + converted.taxes)


def test_worked_example_of_a_foreign_invoice():
    converted = convert_document(
        total=D("1150.00"),
        taxes=[D("150.00")],
        nets=[D("1000.00")],
        rate=D("4.0512"),
        currency="EUR",
        base_currency="SAR",
    )

    assert converted.total == D("4658.88")
    assert (converted.nets, converted.taxes) == ((D("4051.20"),), (D("607.68"),))


def test_document_in_base_currency_is_left_as_it_is():
    converted = convert_document(
        total=D("11.50"),
        taxes=[D("1.50")],
        nets=[D("4.00"), D("6.00")],
        rate=D("1.00000000"),
        currency="SAR",
        base_currency="SAR",
    )

    assert (converted.total, converted.nets, converted.taxes) == (
        D("11.50"),
        (D("4.00"), D("6.00")),
        (D("1.50"),),
    )


@pytest.mark.parametrize(
    ("total", "rate", "currency", "field"),
    [
        ("11.51", "4", "EUR", "total"),
        ("11.50", "0", "EUR", "exchange_rate"),
        ("11.50", "-4", "EUR", "exchange_rate"),
        ("11.50", "NaN", "EUR", "exchange_rate"),
        ("11.50", "1.1", "SAR", "exchange_rate"),
    ],
)
def test_conversion_refuses_parts_or_rates_that_cannot_be(total, rate, currency, field):
    with pytest.raises(UnbalancedJournal) as refused:
        convert_document(
            total=D(total),
            taxes=[D("1.50")],
            nets=[D("10.00")],
            rate=D(rate),
            currency=currency,
            base_currency="SAR",
        )

    assert refused.value.field == field
