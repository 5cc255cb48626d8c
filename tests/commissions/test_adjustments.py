"""What happens to a commission after its snapshot: rows that name it (accounting.md section 7: C1, C2, C4)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissions.errors import NothingToPay, SnapshotState
from commissions.models import CommissionAdjustment, CommissionPayout, CommissionSnapshot
from commissions.selectors.snapshots import payable_by_salesperson
from commissions.services.adjustments import commissions_adjust
from commissions.services.payouts import payout_create
from commissions.services.snapshots import snapshot_approve
from core.dates import local_today
from ledger.models import JournalLine
from payments.errors import UnknownPaymentAccount
from payments.models import Payment, PaymentAccount
from payments.services.reversing import payment_void
from tenancy.errors import PermissionRefused
from tenancy.models import Membership
from tenancy.services.companies import company_update
from tenancy.services.members import member_change
from tests.builders import credited_one, line, paid_invoice, payment, posted_invoice
from tests.database import check_now, nothing_changes, refused, refuses, run

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(in_company_a, owner):
    """The salesperson, at 3 percent as in the worked examples."""
    user = in_company_a.users["sales"]
    member_change(
        membership_id=Membership.objects.get(user=user).pk,
        actor_id=owner.user_id,
        commission_percent=D(3),
    )
    return user.pk


@pytest.fixture
def invoice(in_company_a, owner, seller):
    """A paid invoice of 10,000.00 net: 300.00 of commission."""
    return paid_invoice(owner, in_company_a.customer, [line("100", "100")], salesperson=seller)


def credit(owner, invoice, quantity):
    note = credited_one(owner, invoice, quantity)
    check_now()
    return note


def approve(owner):
    return snapshot_approve(snapshot_id=CommissionSnapshot.objects.get().pk, actor=owner)


def amounts():
    return [row.commission_amount for row in CommissionAdjustment.objects.order_by("id")]


def posted(source_kind):
    """Return (role, debit, credit) of the entries of a kind."""
    return sorted(
        JournalLine.objects.filter(entry__source_kind=source_kind).values_list(
            "account__role", "debit", "credit"
        )
    )


def pay(owner, seller, **fields):
    values = {
        "salesperson_id": seller,
        "until": local_today(),
        "date": local_today(),
        "payment_account_id": PaymentAccount.objects.get(code="BANK").pk,
        **fields,
    }
    payout = payout_create(actor=owner, **values)
    check_now()
    return payout


def test_credit_note_after_payment_takes_its_share_back(owner, invoice):
    credit(owner, invoice, 20)

    assert amounts() == [D("-60.00")]
    assert CommissionSnapshot.objects.get().commission_amount == D("300.00")
    assert posted("commissions.adjustment") == []


def test_several_credit_notes_add_up_exactly(in_company_a, owner, seller):
    invoice = paid_invoice(owner, in_company_a.customer, [line("3", "333.33")], salesperson=seller)
    for _ in range(3):
        credit(owner, invoice, 1)

    assert CommissionSnapshot.objects.get().commission_amount + sum(amounts()) == 0


def test_approval_books_expense_and_payable(owner, invoice):
    approve(owner)

    assert posted("commissions.snapshot") == [
        ("commission_expense", D("300"), D(0)),
        ("commission_payable", D(0), D("300")),
    ]
    row = JournalLine.objects.get(account__role="commission_payable")
    assert row.party_kind == "salesperson"


def test_claw_back_of_an_approved_commission_is_booked(owner, invoice):
    approve(owner)
    note = credit(owner, invoice, 10)

    assert posted("commissions.adjustment") == [
        ("commission_expense", D(0), D("30")),
        ("commission_payable", D("30"), D(0)),
    ]
    assert CommissionAdjustment.objects.get().date == note.issue_date


def test_tax_kept_back_follows(in_company_a, owner, seller):
    company_update(
        company=in_company_a.company,
        changes={"commission_tax_percent": D(15)},
        actor_id=owner.user_id,
    )
    invoice = paid_invoice(owner, in_company_a.customer, [line("1", "10000")], salesperson=seller)
    approve(owner)
    credit(owner, invoice, "1")

    row = CommissionAdjustment.objects.get()
    assert (row.commission_amount, row.tax_amount, row.net_amount) == (
        D("-300"),
        D("-45"),
        D("-255"),
    )
    assert ("commission_tax_withheld", D("45"), D(0)) in posted("commissions.adjustment")


def test_bounced_payment_takes_it_back_and_the_next_one_returns_it(in_company_a, owner, invoice):
    approve(owner)
    payment_void(payment_id=Payment.objects.get().pk, actor=owner)
    check_now()
    assert amounts() == [D("-300.00")]

    payment(owner, in_company_a.customer, invoice.total)
    check_now()

    assert amounts() == [D("-300.00"), D("300.00")]
    assert [row.cause for row in CommissionAdjustment.objects.order_by("id")] == [
        "reopened",
        "paid_again",
    ]
    assert CommissionSnapshot.objects.count() == 1


def test_credit_note_while_it_is_open_counts_when_it_is_paid_again(in_company_a, owner, invoice):
    payment_void(payment_id=Payment.objects.get().pk, actor=owner)
    credit(owner, invoice, 20)
    payment(owner, in_company_a.customer, "9200")
    check_now()

    assert amounts() == [D("-300.00"), D("240.00")]


def test_adjusting_again_adds_nothing(owner, invoice):
    credit(owner, invoice, 20)
    commissions_adjust(invoice_ids=[invoice.pk], cause="credited")

    assert amounts() == [D("-60.00")]


def test_approval_of_an_adjusted_commission_books_what_is_left(owner, invoice):
    credit(owner, invoice, 20)
    approve(owner)

    assert ("commission_expense", D("240"), D(0)) in posted("commissions.snapshot")


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE commissions_commissionadjustment SET net_amount = 1", "commission_frozen"),
        ("DELETE FROM commissions_commissionadjustment", "commission_frozen"),
        (
            "INSERT INTO commissions_commissionadjustment (id, company_id, snapshot_id, cause, date, "
            "commission_amount, tax_amount, net_amount, created_at) SELECT uuidv7(), company_id, id, "
            "'credited', '2026-01-01', -300, 0, -300, now() FROM commissions_commissionsnapshot",
            "commission_not_below_zero",
        ),
    ],
)
def test_database_keeps_adjustments(owner, invoice, statement, rule):
    credit(owner, invoice, 20)

    with nothing_changes(), refused(rule):
        run(statement)


def test_payout_pays_what_was_approved_less_what_was_taken_back(owner, seller, invoice):
    approve(owner)
    credit(owner, invoice, 10)
    payout = pay(owner, seller)

    assert (payout.amount, payout.row_count) == (D("270.00"), 2)
    assert CommissionSnapshot.objects.get().status == "paid"
    assert posted("commissions.payout") == [
        ("bank_main", D(0), D("270")),
        ("commission_payable", D("270"), D(0)),
    ]
    assert payable_by_salesperson() == []


def test_claw_back_after_the_payout_waits_for_the_next_one(in_company_a, owner, seller, invoice):
    approve(owner)
    pay(owner, seller)
    credit(owner, invoice, 10)
    assert [one.amount for one in payable_by_salesperson()] == [D("-30.00")]
    with nothing_changes(), refuses(NothingToPay):
        pay(owner, seller)

    paid_invoice(owner, in_company_a.customer, [line("1", "2000")], salesperson=seller)
    key = CommissionSnapshot.objects.get(status="pending").pk
    snapshot_approve(snapshot_id=key, actor=owner)

    assert pay(owner, seller).amount == D("30.00")


def test_pending_commissions_are_not_paid(owner, seller, invoice):
    with nothing_changes(), refuses(NothingToPay):
        pay(owner, seller)


def test_payout_names_what_is_wrong(company_a, owner, seller, invoice):
    approve(owner)
    with nothing_changes(), refuses(UnknownPaymentAccount):
        pay(owner, seller, payment_account_id=invoice.pk)
    with nothing_changes(), refuses(NothingToPay):
        pay(owner, seller, until=local_today() - dt.timedelta(days=40))
    with company_a.acting("accountant") as person, refuses(PermissionRefused):
        pay(person, seller)


def test_payout_is_the_sum_of_its_rows_in_the_database_too(owner, seller, invoice):
    approve(owner)
    pay(owner, seller)

    with nothing_changes(), refused("commission_frozen"):
        run("UPDATE commissions_commissionpayout SET amount = 1")
    with nothing_changes(), refused("commission_payout_adds_up"):
        run(
            "INSERT INTO commissions_commissionpayout (id, company_id, number, series, sequence_number, "
            "salesperson_id, date, until, payment_account_id, currency, amount, row_count, reference, "
            "created_at) SELECT uuidv7(), company_id, 'X', 'X', 1, salesperson_id, date, until, "
            "payment_account_id, currency, 5, 0, '', now() FROM commissions_commissionpayout"
        )


def test_approved_commission_does_not_go_back(owner, invoice):
    approve(owner)

    with nothing_changes(), refuses(SnapshotState):
        approve(owner)
    with nothing_changes(), refused("commission_frozen"):
        run("UPDATE commissions_commissionsnapshot SET status = 'pending'")


def test_statements_do_not_grow_with_the_commissions(in_company_a, owner, seller):
    counts = []
    for size in (1, 4):
        for _ in range(size):
            paid_invoice(owner, in_company_a.customer, [line("1", "100")], salesperson=seller)
        for snapshot in CommissionSnapshot.objects.filter(status="pending"):
            snapshot_approve(snapshot_id=snapshot.pk, actor=owner)
        with CaptureQueriesContext(connection) as statements:
            assert pay(owner, seller).row_count == size
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_posted_invoice_has_none_to_adjust(in_company_a, owner, seller):
    invoice = posted_invoice(owner, in_company_a.customer, salesperson=seller)
    credit(owner, invoice, 1)

    assert amounts() == []


def test_payout_through_the_api(client, company_a, owner, seller, invoice):
    client.force_login(company_a.users["owner"])
    key = CommissionSnapshot.objects.get().pk
    approved = client.post(
        f"/api/v1/commissions/{key}/approve", {"date": "2026-99-01"}, "application/json"
    )
    assert approved.status_code == 400
    assert approved.json()["errors"][0]["pointer"] == "/date"
    assert (
        client.post(f"/api/v1/commissions/{key}/approve", {}, "application/json").status_code == 200
    )

    wrong = client.post("/api/v1/commissions/pay", {"salesperson": "x"}, "application/json")
    assert {error["pointer"] for error in wrong.json()["errors"]} == {
        "/salesperson",
        "/payment_account",
    }
    account = str(PaymentAccount.objects.get(code="BANK").pk)
    body = {"salesperson": seller, "payment_account": account}
    paid = client.post("/api/v1/commissions/pay", body, "application/json")

    assert paid.status_code == 201, paid.content
    assert (paid.json()["amount"], paid.json()["row_count"]) == ("300.00", 1)
    listed = client.get("/api/v1/commissions").json()["results"][0]
    assert (listed["status"], listed["current_net"], listed["adjustments"]) == (
        "paid",
        "300.00",
        [],
    )
    assert client.get("/api/v1/commissions/payouts").json()["count"] == 1


def test_payout_on_the_page(client, company_a, owner, seller, invoice):
    approve(owner)
    client.force_login(company_a.users["owner"])
    form = {
        "salesperson": seller,
        "until": "",
        "date": "2026-13-01",
        "payment_account": str(PaymentAccount.objects.get(code="BANK").pk),
    }
    answer = client.post("/commissions/payouts/pay/", form)
    assert answer.status_code == 422
    assert CommissionPayout.objects.count() == 0

    form |= {"until": str(local_today()), "date": str(local_today())}
    answer = client.post("/commissions/payouts/pay/", form, follow=True)

    assert CommissionPayout.objects.get().number in answer.content.decode()
