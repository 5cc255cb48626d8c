"""Revaluation at period end: G3, golden case fx-revaluation, REV-1 of the month (accounting.md section 5)."""

import datetime as dt
from decimal import Decimal

import pytest

from ap.models import Supplier
from ap.services.posting import bill_create_posted
from ap.typed import parse_bill
from core.dates import local_today
from ledger.errors import RateMissing
from ledger.models import Account, JournalEntry, Period
from ledger.posting import JournalDraft, PostingLine
from ledger.selectors.balances import trial_balance
from ledger.services.journal import journal_post
from ledger.services.periods import period_set_state
from ledger.services.rates import rate_set
from payments.models import PaymentAccount
from payments.revaluation.services import (
    RevaluationRefused,
    revaluation_of,
    revaluation_post,
    revaluation_preview,
    revaluation_undo,
)
from tenancy.errors import PermissionRefused
from tests.builders import line, payment, posted_invoice
from tests.database import nothing_changes, refused, refuses
from tests.golden import golden_cases

pytestmark = pytest.mark.django_db

JANUARY_END = dt.date(2026, 1, 31)
FEBRUARY_1 = dt.date(2026, 2, 1)


def january():
    return Period.objects.get(start_date=dt.date(2026, 1, 1))


def balances(day):
    return {row.code: row.balance for row in trial_balance(day)}


def euro_invoice(owner, cast, net, rate, date="2026-01-10", vat_rate="0"):
    return posted_invoice(
        owner,
        cast.customer,
        [line(1, net, vat_rate=vat_rate)],
        currency="EUR",
        exchange_rate=rate,
        issue_date=date,
    )


@pytest.fixture
def closing_rate(in_company_a, owner):
    return rate_set(
        currency="EUR", date=JANUARY_END, rate=Decimal("4.0700"), source="Bank", actor=owner
    )


def test_golden_rest_of_a_receivable_gains(in_company_a, owner, closing_rate, shared_data):
    case = golden_cases(shared_data, "revaluation")["fx-revaluation"]
    invoice = euro_invoice(owner, in_company_a, "1000", "4.0512", vat_rate="15")
    account = PaymentAccount.objects.create(
        code="SARBANK",
        name="Bank",
        kind="bank",
        currency="EUR",
        account_id=Account.objects.get(code="1140").pk,
    )
    payment(
        owner,
        in_company_a.customer,
        "500",
        allocations=[(invoice, "500")],
        account=account,
        exchange_rate=Decimal("4.0620"),
        date=dt.date(2026, 1, 20),
    )

    preview = revaluation_preview(january(), base_currency="SAR")

    rest = next(one for one in preview.items if one.item.party_kind == "customer")
    assert rest.item.open == Decimal(case["input"]["open"])
    assert rest.item.carrying == Decimal(case["input"]["carrying"])
    assert rest.quote.rate == Decimal(case["input"]["closing_rate"])
    assert rest.difference == Decimal(case["expected"]["unrealised_gain"])
    # paid later, it settles from the carrying amount: the revaluation has reversed itself
    revaluation_post(period_id=january().pk, actor=owner)
    payment(
        owner,
        in_company_a.customer,
        "650",
        allocations=[(invoice, "650")],
        account=account,
        exchange_rate=Decimal("4.0411"),
        date=dt.date(2026, 2, 5),
    )
    after = balances(dt.date(2026, 2, 28))
    assert "1210" not in after
    assert after["4410"] == Decimal("-5.40")
    assert after["7210"] == Decimal("6.56")


def test_entry_reverses_itself_on_the_first_day_of_the_next_period(
    in_company_a, owner, closing_rate
):
    euro_invoice(owner, in_company_a, "1000", "4.0512")
    before = balances(JANUARY_END)

    entry = revaluation_post(period_id=january().pk, actor=owner)

    assert (entry.kind, entry.book, entry.date) == ("revaluation", "FX", JANUARY_END)
    after = balances(JANUARY_END)
    assert after["1210"] - before["1210"] == Decimal("18.80")
    assert after["4420"] == Decimal("-18.80")
    assert balances(FEBRUARY_1)["1210"] == before["1210"]
    assert "4420" not in balances(FEBRUARY_1)
    reversal = JournalEntry.objects.get(reverses_id=entry.pk)
    assert (reversal.kind, reversal.date) == ("reversal", FEBRUARY_1)


def test_payable_of_the_golden_month_loses(in_company_a, owner, closing_rate):
    supplier = Supplier.objects.create(code="EU1", name="Exporter", currency="EUR", country="DE")
    expense = Account.objects.get(code="6430")
    typed = parse_bill(
        {
            "supplier": str(supplier.pk),
            "supplier_number": "B-4",
            "currency": "EUR",
            "exchange_rate": "4.0600",
            "issue_date": "2026-01-27",
            "lines": [
                {
                    "description": "Goods",
                    "quantity": "1",
                    "unit_price": "500",
                    "tax_code": "PO",
                    "account": str(expense.pk),
                }
            ],
        },
        currency="SAR",
        today=local_today(),
    )
    bill_create_posted(typed=typed, actor=owner)

    revaluation_post(period_id=january().pk, actor=owner)

    after = balances(JANUARY_END)
    assert after["2110"] == Decimal("-2035.00")
    assert after["7220"] == Decimal("5.00")
    assert balances(FEBRUARY_1)["2110"] == Decimal("-2030.00")


def test_foreign_payment_account_is_revalued_from_its_lines(in_company_a, owner, closing_rate):
    accounts = dict(Account.objects.values_list("code", "pk"))
    PaymentAccount.objects.create(
        code="EUR", name="Euro account", kind="bank", currency="EUR", account_id=accounts["1140"]
    )
    journal_post(
        [
            JournalDraft(
                date=dt.date(2026, 1, 5),
                book="GEN",
                source_kind="test",
                source_id=accounts["1140"],
                currency="EUR",
                rate=Decimal("4.10"),
                lines=(
                    PostingLine(
                        account_id=accounts["1140"],
                        debit=Decimal(410),
                        amount_currency=Decimal(100),
                    ),
                    PostingLine(
                        account_id=accounts["3110"],
                        credit=Decimal(410),
                        amount_currency=Decimal(-100),
                    ),
                ),
            )
        ]
    )
    revaluation_post(period_id=january().pk, actor=owner)

    assert balances(JANUARY_END)["1140"] == 407
    assert balances(JANUARY_END)["7220"] == 3
    (item,) = revaluation_preview(january(), base_currency="SAR").items
    assert (item.item.carrying, item.difference) == (410, -3)


def test_period_is_revalued_once_and_may_be_taken_back(in_company_a, owner, closing_rate):
    euro_invoice(owner, in_company_a, "1000", "4.0512")
    before = balances(JANUARY_END)
    with refuses(RevaluationRefused):
        revaluation_undo(period_id=january().pk, actor=owner)
    revaluation_post(period_id=january().pk, actor=owner)
    with refuses(RevaluationRefused):
        revaluation_post(period_id=january().pk, actor=owner)
    with refuses(PermissionRefused):
        revaluation_undo(period_id=january().pk, actor=in_company_a.principal("cashier"))

    revaluation_undo(period_id=january().pk, actor=owner)

    assert balances(JANUARY_END) == before
    assert balances(FEBRUARY_1) == before
    assert revaluation_of(january()) is None
    again = revaluation_post(period_id=january().pk, actor=owner)
    assert revaluation_of(january()) == again


def test_missing_closing_rate_is_named_and_nothing_is_posted(in_company_a, owner):
    euro_invoice(owner, in_company_a, "1000", "4.0512")

    preview = revaluation_preview(january(), base_currency="SAR")
    assert [error.params["currency"] for error in preview.missing] == ["EUR"]
    assert preview.items[0].difference is None
    with refuses(RateMissing):
        revaluation_post(period_id=january().pk, actor=owner)


def test_later_documents_and_documents_in_own_currency_are_left_out(
    in_company_a, owner, closing_rate
):
    euro_invoice(owner, in_company_a, "1000", "4.0512", date="2026-02-02")
    posted_invoice(owner, in_company_a.customer, issue_date="2026-01-05")

    assert revaluation_post(period_id=january().pk, actor=owner) is None
    assert revaluation_preview(january(), base_currency="SAR").items == ()


def test_closed_period_refuses_its_revaluation_whole(in_company_a, owner, closing_rate):
    euro_invoice(owner, in_company_a, "1000", "4.0512")
    period_set_state(period_id=january().pk, state="closed", actor=owner)

    with nothing_changes(), refused("period_closed"):
        revaluation_post(period_id=january().pk, actor=owner)
