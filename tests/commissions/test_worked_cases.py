"""The worked cases of commission, through the services (accounting.md section 7; RR-5 to RR-7)."""

from decimal import Decimal

import pytest

from ar.models import Invoice
from ar.services.write_offs import TypedWriteOff, write_off_create
from commissions.models import CommissionAdjustment, CommissionSnapshot
from tenancy.models import Membership
from tenancy.services.companies import company_update
from tenancy.services.members import member_change
from tests.builders import credited_one, fresh, line, payment, posted_invoice
from tests.database import check_now
from tests.golden import golden_cases

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]
D = Decimal


@pytest.fixture
def cases(shared_data):
    return golden_cases(shared_data, "commission")


@pytest.fixture
def sell(in_company_a, owner):
    """Return a way to post an invoice of a net amount, sold by the salesperson at a percent."""

    def post(net, percent) -> Invoice:
        user = in_company_a.users["sales"]
        member_change(
            membership_id=Membership.objects.get(user=user).pk,
            actor_id=owner.user_id,
            commission_percent=D(percent),
        )
        lines = [line("100", str(D(net) / 100))]
        return posted_invoice(owner, in_company_a.customer, lines, salesperson=user.pk)

    return post


def pay_the_rest(owner, cast, invoice):
    payment(owner, cast.customer, fresh(invoice).open_amount)
    check_now()
    return CommissionSnapshot.objects.get()


def figures(snapshot):
    return {"base": str(snapshot.base_amount), "commission": str(snapshot.commission_amount)}


def rounded(expected):
    return {name: str(D(value).quantize(D("0.0001"))) for name, value in expected.items()}


def test_on_paid(in_company_a, owner, sell, cases):
    case = cases["commission-on-paid"]
    invoice = sell(case["input"]["net"], case["input"]["percent"])
    payment(owner, in_company_a.customer, "4600")
    assert not CommissionSnapshot.objects.exists()

    assert figures(pay_the_rest(owner, in_company_a, invoice)) == rounded(case["expected"])


def test_credit_note_before_it_is_paid(in_company_a, owner, sell, cases):
    case = cases["commission-credit-note-before-paid"]
    invoice = sell(case["input"]["net"], case["input"]["percent"])
    credited_one(owner, invoice, D(case["input"]["credited_net"]) / 100)

    assert figures(pay_the_rest(owner, in_company_a, invoice)) == rounded(case["expected"])


def test_part_written_off(in_company_a, owner, sell, cases):
    case = cases["commission-part-written-off"]
    invoice = sell(case["input"]["net"], case["input"]["percent"])
    payment(owner, in_company_a.customer, "9200")
    write_off_create(
        typed=TypedWriteOff(
            invoice_id=invoice.pk,
            amount=D(case["input"]["written_off"]),
            reason="Customer is bankrupt",
        ),
        actor=owner,
    )
    check_now()

    assert fresh(invoice).status == "paid"
    assert figures(CommissionSnapshot.objects.get()) == rounded(case["expected"])


def test_claw_back_after_it_was_paid(in_company_a, owner, sell, cases):
    case = cases["commission-clawback-after-paid"]
    invoice = sell("10000.00", case["input"]["percent"])
    pay_the_rest(owner, in_company_a, invoice)
    credited_one(owner, invoice, D(case["input"]["credited_net"]) / 100)
    check_now()

    assert CommissionAdjustment.objects.get().commission_amount == D(case["expected"]["adjustment"])


@pytest.mark.parametrize("name", ["commission-tax", "commission-tax-half-up"])
def test_tax_kept_back(in_company_a, owner, sell, cases, name):
    data, expected = cases[name]["input"], cases[name]["expected"]
    company_update(
        company=in_company_a.company,
        changes={"commission_tax_percent": D(data["tax_percent"])},
        actor_id=owner.user_id,
    )
    invoice = sell(data["base"], data["percent"])
    snapshot = pay_the_rest(owner, in_company_a, invoice)

    assert [snapshot.commission_amount, snapshot.tax_amount, snapshot.net_amount] == [
        D(expected["commission"]),
        D(expected["tax"]),
        D(expected["net"]),
    ]
