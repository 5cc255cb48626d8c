"""Financial statements add up: the "must hold" column of accounting.md section 11."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection

from core.dates import local_today
from ledger.models import Account
from ledger.posting import Book, JournalDraft, PostingLine
from ledger.selectors.balances import account_totals
from ledger.services.journal import journal_post
from tests.builders import line, payment, posted_invoice, voided_invoice
from tests.buying import posted_bill, supplier
from tests.reports.asking import asked, by, row_named, tones, total

pytestmark = pytest.mark.django_db

TODAY = local_today()
ZERO = Decimal(0)


def day(offset: int) -> dt.date:
    return TODAY - dt.timedelta(days=offset)


def booked(actor, date, *lines, number="JV-1", kind="normal"):
    """Post an entry of (account, debit, credit)."""
    accounts = {one.code: one.pk for one in Account.objects.all()}
    draft = JournalDraft(
        date=date,
        book=Book.GENERAL,
        kind=kind,
        source_kind="tests.entry",
        source_id=uuid.uuid4(),
        source_number=number,
        description=number,
        currency="SAR",
        lines=tuple(
            PostingLine(
                account_id=accounts[code],
                debit=Decimal(debit),
                credit=Decimal(credit),
                amount_currency=Decimal(debit) - Decimal(credit),
            )
            for code, debit, credit in lines
        ),
    )
    journal_post([draft])


@pytest.fixture
def trade(in_company_a, owner):
    """Some weeks of trade: capital, sales on both sides of a month, a return, receipts, a bill, depreciation."""
    cast = in_company_a
    booked(owner, day(70), ("1130", "50000", "0"), ("3110", "0", "50000"), number="CAP")
    posted_invoice(owner, cast.customer, issue_date=day(60).isoformat())
    posted_invoice(
        owner, cast.other_customer, [line("2", "1000.55")], issue_date=day(33).isoformat()
    )
    voided_invoice(owner, cast.customer, issue_date=day(20).isoformat())
    payment(owner, cast.customer, "200", date=day(15))
    party = supplier(owner)
    posted_bill(owner, party, issue_date=day(25).isoformat())
    payment(owner, party, "300", date=day(5), direction="out")
    booked(owner, day(3), ("6610", "75.25", "0"), ("1650", "0", "75.25"), number="DEP")
    return cast


def sums(as_of):
    """Return (debits, credits) of each account until a day, line by line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code, sum(l.debit), sum(l.credit) FROM ledger_journalline l JOIN ledger_account a "
            "ON a.company_id = l.company_id AND a.id = l.account_id WHERE l.date <= %s GROUP BY 1",
            [as_of],
        )
        return {code: (debit, credit) for code, debit, credit in cursor.fetchall()}


@pytest.mark.parametrize("offset", [75, 60, 59, 33, 25, 20, 16, 15, 5, 3, 1, 0])
def test_kept_balances_are_the_lines_on_any_day(trade, offset):
    found = {
        row.code: (row.total_debit, row.total_credit) for row in account_totals(as_of=day(offset))
    }

    assert {code: pair for code, pair in found.items() if any(pair)} == sums(day(offset))


def test_trial_balance_debits_equal_credits_and_closing_is_the_next_opening(trade, owner):
    first = asked(owner, "trial-balance", from_=day(70), as_of=day(20))
    then = asked(owner, "trial-balance", from_=day(19), as_of=TODAY)

    assert total(first, "debit") == total(first, "credit") > 0
    assert total(first, "turnover_debit") == total(first, "turnover_credit")
    closing = {
        code: row.cells["debit"] - row.cells["credit"]
        for row in first.rows
        if (code := row.cells["code"]) and row.cells["debit"] != row.cells["credit"]
    }
    opening = {c: amount for c, amount in by(then, "code", "opening").items() if amount}
    assert opening == closing
    assert tones(first) == tones(then) == []


def test_trial_balance_without_a_first_day_has_the_accounts_with_a_balance(trade, owner):
    table = asked(owner, "trial-balance", as_of=TODAY)

    assert [column.key for column in table.columns] == ["code", "name", "debit", "credit"]
    assert by(table, "code", "debit")["1130"] == Decimal("50000")
    assert all(row.cells["debit"] or row.cells["credit"] for row in table.rows)
    assert table.facts["total_debit"] == table.facts["total_credit"]


def test_general_ledger_ends_where_the_trial_balance_does(trade, owner):
    balance = {
        str(row.cells["code"]): row.cells["debit"] - row.cells["credit"]
        for row in asked(owner, "trial-balance", as_of=TODAY).rows
    }
    for code, expected in balance.items():
        table = asked(owner, "general-ledger", account=code, from_=day(40), to=TODAY)
        last = [row for row in table.rows if "balance" in row.cells][-1]
        assert last.cells["balance"] == total(table, "balance") == expected


def test_general_ledger_names_the_opposite_accounts_and_the_source(trade, owner):
    table = asked(owner, "general-ledger", account="1650")
    (row,) = [row for row in table.rows if row.kind == "row"]

    assert (row.cells["opposite"], row.cells["credit"]) == ("6610", Decimal("75.25"))
    assert row.links["debit"].startswith("/journal/")


def test_journal_has_every_line_once(trade, owner):
    table = asked(owner, "journal", from_=day(80))
    rows = [row.cells for row in table.rows]

    whole = sums(TODAY)
    assert sum(row["debit"] for row in rows) == sum(pair[0] for pair in whole.values())
    assert sum(row["credit"] for row in rows) == sum(pair[1] for pair in whole.values())


def test_profit_is_the_change_of_equity_without_owners_movements(trade, owner):
    profit = row_named(asked(owner, "profit-and-loss", from_=day(69), to=TODAY), "Net profit")
    before = asked(owner, "balance-sheet", as_of=day(70))
    after = asked(owner, "balance-sheet", as_of=TODAY)

    change = Decimal(after.facts["equity"]) - Decimal(before.facts["equity"])
    assert profit.cells["amount"] == change == Decimal("1925.85")


def test_months_side_by_side_add_up_to_the_whole(trade, owner):
    table = asked(
        owner, "profit-and-loss", from_=day(70), to=TODAY, months="true", compare="period"
    )
    months = [column.key for column in table.columns if column.key.startswith("m_")]

    assert len(months) >= 2
    for row in table.rows:
        if "amount" in row.cells:
            assert sum(row.cells[key] for key in months) == row.cells["amount"]
            assert row.cells["change"] == row.cells["amount"] - row.cells["compared"]
    assert row_named(table, "Net sales").cells["percent"] == 100


def test_profit_and_loss_leaves_out_what_a_year_end_books(trade, owner):
    first = TODAY.replace(month=1, day=1)
    before = row_named(asked(owner, "profit-and-loss", from_=first), "Net profit").cells["amount"]
    sheet = asked(owner, "balance-sheet").facts["current_year_result"]
    closing = [
        (row.code, max(-row.balance, ZERO), max(row.balance, ZERO))
        for row in account_totals(as_of=TODAY)
        if row.code[0] in "45678" and row.balance
    ]
    gap = sum((debit - credit for _c, debit, credit in closing), ZERO)
    booked(
        owner,
        TODAY,
        *closing,
        ("3310", max(-gap, ZERO), max(gap, ZERO)),
        number="CLOSE",
        kind="closing",
    )

    profit = row_named(asked(owner, "profit-and-loss", from_=first), "Net profit")
    after = asked(owner, "balance-sheet")

    assert profit.cells["amount"] == before
    assert Decimal(sheet) != 0
    assert Decimal(after.facts["current_year_result"]) == 0
    assert by(after, "code", "amount")["3310"] == gap
    assert tones(after) == []


@pytest.mark.parametrize("offset", [71, 45, 20, 10, 0])
def test_assets_equal_liabilities_and_equity(trade, owner, offset):
    table = asked(owner, "balance-sheet", as_of=day(offset), compare="month")

    assert tones(table) == []
    facts = {key: Decimal(value) for key, value in table.facts.items()}
    assert facts["assets"] == facts["liabilities"] + facts["equity"]


def test_parties_on_the_wrong_side_stand_on_the_other_one(trade, owner):
    table = asked(owner, "balance-sheet")

    # the customer paid 200.00 on an open invoice of 115.00; we paid 300.00 on a bill of 115.00
    assert row_named(table, "Customers with a credit balance").cells["amount"] == Decimal("85")
    assert row_named(table, "Suppliers with a debit balance").cells["amount"] == Decimal("185")
    assert by(table, "code", "amount")["1210"] is not None


def test_cash_flow_is_the_change_of_the_cash_accounts(trade, owner):
    table = asked(owner, "cash-flow", from_=day(69), to=TODAY)
    facts = {key: Decimal(value) for key, value in table.facts.items()}

    assert facts["closing"] - facts["opening"] == facts["change"] == Decimal("-100")
    assert facts["opening"] == Decimal("50000")
    # depreciation lowered the result and cost no cash
    assert by(table, "code", "amount")["1650"] == Decimal("75.25")
    assert tones(table) == []


def test_sales_by_anything_are_the_revenue_accounts(trade, owner):
    for dimension in ("customer", "item", "category", "salesperson", "branch", "month"):
        table = asked(owner, "sales", by=dimension, from_=day(80))
        assert tones(table) == []
        assert total(table, "net") == Decimal("2101.10")
        assert table.facts["net_sales"] == table.facts["revenue_accounts"] == "2101.10"


def test_lines_share_a_discount_and_a_foreign_rate_exactly(in_company_a, owner):
    cast = in_company_a
    posted_invoice(
        owner,
        cast.customer,
        [line("3", "33.33", item=cast.items[0]), line("7", "10.03", item=cast.items[1])],
        document_discount="10.01",
    )
    documents = asked(owner, "sales-documents", from_=day(5))
    items = asked(owner, "sales", by="item", from_=day(5))

    assert total(items, "net") == total(documents, "net")
    assert tones(items) == []
    one = asked(owner, "sales-documents", from_=day(5), item=cast.items[0].code)
    sold = by(items, "code", "net")[cast.items[0].code]
    assert total(one, "net") == sold


def test_a_past_report_says_what_was_posted_after_it(trade, owner):
    today = asked(owner, "trial-balance", as_of=TODAY)
    past = asked(owner, "trial-balance", as_of=day(10))

    assert [one.text for one in today.remarks] == []
    (remark,) = past.remarks
    assert str(owner.full_name) in str(remark.text)
