"""An invoice that becomes PAID stores one commission, whatever set the state (RR-5 to RR-8)."""

from decimal import Decimal

import pytest

from ar.models import Invoice
from commissions.errors import SnapshotState
from commissions.models import CommissionSnapshot
from commissions.services.snapshots import (
    snapshot_approve,
    snapshots_store,
    summary_of,
)
from payments.models import Payment
from payments.services.reversing import payment_void
from tenancy.errors import PermissionRefused
from tenancy.models import Membership
from tenancy.services.companies import company_update
from tenancy.services.members import member_change
from tests.builders import draft_invoice, fresh, line, paid_invoice, payment, posted_invoice
from tests.database import check_now, nothing_changes, refused, refuses, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(company_a):
    return company_a.users["sales"].pk


def percent(cast, owner, value):
    member_change(
        membership_id=Membership.objects.get(user=cast.users["sales"]).pk,
        actor_id=owner.user_id,
        commission_percent=value,
    )


def test_paid_invoice_stores_the_commission(in_company_a, owner, seller):
    invoice = paid_invoice(owner, in_company_a.customer, [line("1", "1234.55")], salesperson=seller)
    check_now()

    snapshot = CommissionSnapshot.objects.get()
    assert (snapshot.invoice_id, snapshot.salesperson_id) == (invoice.pk, seller)
    assert (snapshot.base_amount, snapshot.percent, snapshot.commission_amount) == (
        Decimal("1234.55"),
        Decimal("7.5"),
        Decimal("92.59"),
    )
    assert (snapshot.tax_amount, snapshot.net_amount) == (Decimal(0), Decimal("92.59"))
    assert (snapshot.status, snapshot.source, snapshot.currency) == ("pending", "app", "SAR")


def test_partly_paid_invoice_earns_nothing_yet(in_company_a, owner, seller):
    invoice = posted_invoice(owner, in_company_a.customer, salesperson=seller)
    payment(owner, in_company_a.customer, "100")
    check_now()
    assert not CommissionSnapshot.objects.exists()

    payment(owner, in_company_a.customer, "15")
    assert CommissionSnapshot.objects.get().invoice_id == invoice.pk


def test_without_a_salesperson_there_is_no_commission(in_company_a, owner):
    paid_invoice(owner, in_company_a.customer)
    run("UPDATE ar_invoice SET status = 'paid'")
    check_now()

    assert not CommissionSnapshot.objects.exists()


def test_twenty_percent_where_none_is_set(in_company_a, owner, seller):
    percent(in_company_a, owner, None)
    paid_invoice(owner, in_company_a.customer, salesperson=seller)

    assert CommissionSnapshot.objects.get().commission_amount == Decimal(20)


@pytest.mark.parametrize(("rule", "base"), [("net", "100"), ("gross", "115"), ("margin", "100")])
def test_base_follows_the_company_setting(in_company_a, owner, seller, rule, base):
    company_update(
        company=in_company_a.company, changes={"commission_base": rule}, actor_id=owner.user_id
    )
    actor = in_company_a.principal("owner")
    paid_invoice(actor, in_company_a.customer, salesperson=seller)

    assert CommissionSnapshot.objects.get().base_amount == Decimal(base)


def test_tax_is_kept_back(in_company_a, owner, seller):
    company_update(
        company=in_company_a.company,
        changes={"commission_tax_percent": Decimal(15)},
        actor_id=owner.user_id,
    )
    percent(in_company_a, owner, Decimal(20))
    paid_invoice(owner, in_company_a.customer, [line("1", "10000")], salesperson=seller)

    snapshot = CommissionSnapshot.objects.get()
    assert (snapshot.commission_amount, snapshot.tax_amount, snapshot.net_amount) == (
        2000,
        300,
        1700,
    )


def test_raw_sql_that_sets_paid_stores_exactly_one(in_company_a, owner, seller):
    posted_invoice(owner, in_company_a.customer, [line("1", "1234.55")], salesperson=seller)
    posted_invoice(owner, in_company_a.customer)

    run("UPDATE ar_invoice SET status = 'paid'")
    check_now()

    snapshot = CommissionSnapshot.objects.get()
    assert (
        snapshot.base_amount,
        snapshot.percent,
        snapshot.commission_amount,
        snapshot.net_amount,
    ) == (
        Decimal("1234.55"),
        Decimal("7.5"),
        Decimal("92.59"),
        Decimal("92.59"),
    )
    assert (snapshot.source, snapshot.status, snapshot.rule) == ("sql", "pending", "net")


def test_trigger_computes_like_the_service(in_company_a, owner, seller):
    company_update(
        company=in_company_a.company,
        changes={"commission_tax_percent": Decimal(5)},
        actor_id=owner.user_id,
    )
    for net in ("0.01", "0.07", "33.33", "1234.55", "99999.99"):
        paid_invoice(owner, in_company_a.customer, [line("1", net)], salesperson=seller)
        posted_invoice(owner, in_company_a.customer, [line("1", net)], salesperson=seller)
    run("UPDATE ar_invoice SET status = 'paid' WHERE status = 'posted'")
    check_now()

    def amounts(source):
        return sorted(
            CommissionSnapshot.objects.filter(source=source).values_list(
                "base_amount", "percent", "commission_amount", "tax_amount", "net_amount"
            )
        )

    assert len(amounts("sql")) == 5
    assert amounts("sql") == amounts("app")


def test_state_set_twice_stores_one(in_company_a, owner, seller):
    invoice = posted_invoice(owner, in_company_a.customer, salesperson=seller)
    for status in ("paid", "posted", "paid", "paid"):
        run("UPDATE ar_invoice SET status = %s", [status])
        check_now()
    snapshots_store([invoice.pk])

    assert CommissionSnapshot.objects.count() == 1


def test_invoice_that_reopens_and_is_paid_again_keeps_the_one(in_company_a, owner, seller):
    invoice = paid_invoice(owner, in_company_a.customer, salesperson=seller)
    first = CommissionSnapshot.objects.get().pk
    payment_void(payment_id=Payment.objects.get().pk, actor=owner)
    assert fresh(invoice).status == "posted"
    payment(owner, in_company_a.customer, invoice.total)
    check_now()

    assert fresh(invoice).status == "paid"
    assert CommissionSnapshot.objects.get().pk == first


def test_later_percent_changes_nothing(in_company_a, owner, seller):
    invoice = posted_invoice(owner, in_company_a.customer, salesperson=seller)
    percent(in_company_a, owner, Decimal(50))
    payment(owner, in_company_a.customer, invoice.total)
    before = CommissionSnapshot.objects.values().get()
    percent(in_company_a, owner, Decimal(90))

    assert before["percent"] == Decimal("7.5")
    assert CommissionSnapshot.objects.values().get() == before


def test_salesperson_who_left_still_earned_it(in_company_a, owner, seller):
    invoice = posted_invoice(owner, in_company_a.customer, salesperson=seller)
    member_change(
        membership_id=Membership.objects.get(user_id=seller).pk,
        actor_id=owner.user_id,
        is_active=False,
    )
    payment(owner, in_company_a.customer, invoice.total)
    check_now()

    assert CommissionSnapshot.objects.get().percent == Decimal("7.5")


def test_transaction_that_fails_leaves_no_commission(in_company_a, owner, seller):
    posted_invoice(owner, in_company_a.customer, salesperson=seller)
    draft_invoice(owner, in_company_a.customer, salesperson=seller)

    with nothing_changes(), refused("ar_invoice_number_when_posted"):
        run("UPDATE ar_invoice SET status = 'paid' WHERE status = 'posted'")
        run("UPDATE ar_invoice SET status = 'posted' WHERE status = 'draft'")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE commissions_commissionsnapshot SET commission_amount = 1",
        "UPDATE commissions_commissionsnapshot SET percent = 99",
        "UPDATE commissions_commissionsnapshot SET salesperson_id = NULL",
        "DELETE FROM commissions_commissionsnapshot",
    ],
)
def test_snapshot_never_changes(in_company_a, owner, seller, statement):
    paid_invoice(owner, in_company_a.customer, salesperson=seller)

    with nothing_changes(), refused("commission_frozen"):
        run(statement)


def test_owner_approves_once(company_a, seller):
    with company_a.acting() as owner:
        paid_invoice(owner, company_a.customer, salesperson=seller)
        key = CommissionSnapshot.objects.get().pk
        assert snapshot_approve(snapshot_id=key, actor=owner).status == "approved"
        with refuses(SnapshotState):
            snapshot_approve(snapshot_id=key, actor=owner)
    for role in ("accountant", "sales", "cashier", "auditor"):
        with company_a.acting(role) as person, refuses(PermissionRefused):
            snapshot_approve(snapshot_id=key, actor=person)


def test_batch_summary_adds_up(in_company_a, owner, seller):
    for net in ("100", "33.33"):
        paid_invoice(owner, in_company_a.customer, [line("1", net)], salesperson=seller)

    summary = summary_of(list(CommissionSnapshot.objects.all()))

    assert (summary.count, summary.base, summary.commission, summary.net) == (
        2,
        Decimal("133.33"),
        Decimal("10.00"),
        Decimal("10.00"),
    )
    assert summary.average_percent == Decimal("7.5002")


def test_salesperson_is_a_member_in_the_database_too(in_company_a, company_b, owner):
    posted_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("invoice_salesperson_tenant_fk"):
        run("UPDATE ar_invoice SET salesperson_id = %s", [company_b.users["sales"].pk])
    assert Invoice.objects.get().salesperson_id is None
