"""Settling in foreign currency through the services: the worked cases, third currency, residue, undoing (accounting.md 5)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Sum

from core.errors import DomainError
from ledger.models import ExchangeRate, JournalEntry, JournalLine
from payments.models import Allocation
from payments.services.allocating import payment_allocate
from payments.services.reversing import allocation_undo, payment_void
from payments.settlement import Part, RateOfUseMissing
from reports.verify.run import verify_company
from tests.builders import fresh, line, payment, posted_invoice
from tests.database import check_now, refuses
from tests.golden import golden_cases

pytestmark = pytest.mark.django_db

D = Decimal
JANUARY = dt.date(2026, 1, 15)
LATER = dt.date(2026, 2, 10)


def rate(currency, on, value):
    ExchangeRate.objects.create(currency=currency, date=on, rate=D(value))


def euro_invoice(cast, owner, amount, *, vat="0", value="4.0512"):
    if not ExchangeRate.objects.filter(currency="EUR", date=JANUARY).exists():
        rate("EUR", JANUARY, value)
    return posted_invoice(
        owner,
        cast.customer,
        [line("1", amount, vat_rate=vat)],
        currency="EUR",
        issue_date=JANUARY.isoformat(),
    )


def receive(cast, owner, invoice, amount, value, **fields):
    return payment(
        owner,
        cast.customer,
        amount,
        allocations=[(invoice, amount)],
        currency="EUR",
        exchange_rate=D(value),
        date=LATER,
        **fields,
    )


def moved(role, **about):
    """Return debits less credits of the account of a role."""
    sums = JournalLine.objects.filter(account__role=role, **about).aggregate(
        debit=Sum("debit"), credit=Sum("credit")
    )
    return (sums["debit"] or D(0)) - (sums["credit"] or D(0))


def test_worked_two_receipts_at_other_rates(in_company_a, owner, shared_data):
    case = golden_cases(shared_data, "settlement")["fx-two-part-payments"]
    invoice = euro_invoice(in_company_a, owner, "1000", vat="15", value="4.0512")
    assert invoice.base_total == D(case["expected"]["receivable_base"])

    for typed, step in zip(case["input"]["payments"], case["expected"]["steps"], strict=True):
        received = receive(in_company_a, owner, invoice, typed["amount"], typed["rate"])
        check_now()
        about = {"entry__source_id": received.pk}
        gain = D(step["gain"])
        assert moved("cash_main", **about) == D(step["bank"])
        assert moved("ar_control", **about) == -D(step["relieved"])
        assert moved("fx_gain_realised", **about) == -max(gain, D(0))
        assert moved("fx_loss_realised", **about) == max(-gain, D(0))
    settled = fresh(invoice)
    assert (settled.status, settled.allocated_base) == ("paid", settled.base_total)
    assert moved("ar_control") == 0


def test_worked_residue(in_company_a, owner, shared_data):
    case = golden_cases(shared_data, "settlement")["fx-rounding-residue"]
    invoice = euro_invoice(in_company_a, owner, case["input"]["invoice"]["amount"])
    for part in case["input"]["settle"]:
        receive(in_company_a, owner, invoice, part, "4.0512")
    check_now()

    relieved = Allocation.objects.order_by("id").values_list("base_amount", flat=True)
    assert list(relieved) == [D(one) for one in case["expected"]["relieved"]]
    assert moved("ar_control") == 0


def test_worked_receipt_in_a_third_currency(in_company_a, owner, shared_data):
    case = golden_cases(shared_data, "settlement")["fx-cross-currency"]
    invoice = euro_invoice(in_company_a, owner, case["input"]["invoice"]["amount"])
    receipt, expected = case["input"]["receipt"], case["expected"]
    payment(
        owner,
        in_company_a.customer,
        receipt["amount"],
        strategy="manual",
        date=LATER,
        allocations_typed=(Part(invoice.pk, D(receipt["settles"])),),
    )
    check_now()

    row = Allocation.objects.get()
    assert (row.amount, row.source_amount, row.base_amount) == (
        D("985"),
        D("4000"),
        D(expected["relieved"]),
    )
    assert moved("fx_gain_realised") == -D(expected["gain"])
    settled = fresh(invoice)
    assert settled.open_amount == D(expected["open"])
    assert settled.base_total - settled.allocated_base == D(expected["open_base"])


def test_two_documents_of_another_currency_name_what_each_takes(in_company_a, owner):
    first, second = (euro_invoice(in_company_a, owner, "100") for _ in range(2))
    parts = (Part(first.pk, D(100)), Part(second.pk, D(50)))
    with refuses(RateOfUseMissing, field="allocations.0.payment_amount"):
        payment(
            owner,
            in_company_a.customer,
            "700",
            strategy="manual",
            date=LATER,
            allocations_typed=parts,
        )

    named = (Part(first.pk, D(100), D(410)), Part(second.pk, D(50), D(200)))
    received = payment(
        owner, in_company_a.customer, "700", strategy="manual", date=LATER, allocations_typed=named
    )
    check_now()
    assert received.amount - received.allocated_amount == D(90)
    assert moved("ar_control", currency="EUR", amount_currency__gt=0) > 0
    assert fresh(first).status == "paid"


def test_advance_in_foreign_currency_realises_its_difference_when_used(in_company_a, owner):
    """On account at 4.0620, used on an invoice at 4.0512: an entry of its own on the day of use."""
    rate("EUR", JANUARY, "4.0512")
    early = payment(
        owner,
        in_company_a.customer,
        "500",
        strategy="none",
        currency="EUR",
        exchange_rate=D("4.0620"),
        date=JANUARY,
    )
    assert JournalEntry.objects.filter(source_kind="payments.allocation").count() == 0
    invoice = euro_invoice(in_company_a, owner, "1150")
    payment_allocate(payment_id=early.pk, actor=owner, date=LATER)
    check_now()

    entry = JournalEntry.objects.get(source_kind="payments.allocation")
    assert (entry.date, entry.total) == (LATER, D("5.40"))
    assert moved("fx_gain_realised") == D("-5.40")
    assert moved("ar_control") == invoice.base_total - D("2031.00") + D("5.40")


@pytest.mark.parametrize("together", [True, False])
def test_undoing_one_allocation_books_its_difference_back(in_company_a, owner, together):
    invoice = euro_invoice(in_company_a, owner, "500")
    if together:
        received = receive(in_company_a, owner, invoice, "500", "4.0620")
    else:
        received = payment(
            owner,
            in_company_a.customer,
            "500",
            strategy="none",
            currency="EUR",
            exchange_rate=D("4.0620"),
            date=LATER,
        )
        payment_allocate(payment_id=received.pk, actor=owner)
    allocation_undo(allocation_id=Allocation.objects.get().pk, actor=owner, date=LATER)
    check_now()

    assert moved("fx_gain_realised") == 0
    assert moved("ar_control") == D("2025.60") - D("2031.00")
    assert fresh(invoice).status == "posted"
    payment_void(payment_id=received.pk, actor=owner, reason="Cheque returned")
    check_now()
    assert moved("fx_gain_realised") == 0
    assert moved("ar_control") == D("2025.60")
    assert moved("cash_main") == 0


@pytest.mark.parametrize("together", [True, False])
def test_reversal_takes_back_the_exchange_difference(in_company_a, owner, together):
    invoice = euro_invoice(in_company_a, owner, "500")
    if together:
        received = receive(in_company_a, owner, invoice, "500", "4.0411")
    else:
        received = payment(
            owner,
            in_company_a.customer,
            "500",
            strategy="none",
            currency="EUR",
            exchange_rate=D("4.0411"),
            date=LATER,
        )
        payment_allocate(payment_id=received.pk, actor=owner)
    assert moved("fx_loss_realised") == D("5.05")
    payment_void(payment_id=received.pk, actor=owner, reason="Cheque returned", date=LATER)
    check_now()

    assert moved("fx_loss_realised") == moved("cash_main") == 0
    assert moved("ar_control") == invoice.base_total
    assert fresh(invoice).allocated_base == 0


@pytest.mark.parametrize("value", ["0", "-1", "NaN"])
def test_rate_that_is_no_rate_is_refused(in_company_a, owner, value):
    with refuses(DomainError, field="exchange_rate"):
        payment(
            owner, in_company_a.customer, "10", currency="EUR", exchange_rate=D(value), date=LATER
        )
    with refuses(DomainError, field="exchange_rate"):
        payment(owner, in_company_a.customer, "10", exchange_rate=D("1.5"))


def test_everything_in_any_currency_verifies(in_company_a, owner):
    """Checks 4, 5 and 12 of accounting.md section 12 after payments, uses, undoing and reversal."""
    customer = in_company_a.customer
    first, second = (euro_invoice(in_company_a, owner, "500") for _ in range(2))
    receive(in_company_a, owner, first, "300", "4.0620")
    rest = payment(
        owner,
        customer,
        "700",
        strategy="none",
        currency="EUR",
        exchange_rate=D("4.0411"),
        date=LATER,
    )
    payment_allocate(payment_id=rest.pk, actor=owner)
    payment(owner, customer, "500", strategy="none", direction="out", date=LATER, currency="SAR")
    discounted = payment(
        owner,
        customer,
        "400",
        strategy="manual",
        date=LATER,
        allocations_typed=(Part(second.pk, D(100), D(400)),)
        if fresh(second).allocated_amount < 400
        else (),
    )
    payment_void(payment_id=discounted.pk, actor=owner, reason="x", date=LATER)
    allocation_undo(
        allocation_id=Allocation.objects.filter(undoes=None).order_by("id").first().pk, actor=owner
    )
    check_now()

    names = ("receivables by customer", "receivables in total", "allocations")
    found = {one.check.name: one for one in verify_company(in_company_a.id)}
    wrong = [found[name].breaches for name in (*names, "exchange differences") if found[name].count]
    assert wrong == []
