"""The alerts centre: what is found, whom it concerns, when it goes away (SP-6)."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from ar.models import Customer
from core.dates import local_today
from reports.models import Alert
from reports.selectors.alerts import shown, visible_alerts
from reports.services.alerts import AlertNotFound, alert_dismiss, alerts_refresh
from reports.tasks import find_alerts
from tests.builders import days_ago, line, payment, posted_invoice
from tests.database import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(in_company_a, owner):
    """An invoice of 115.00 that was due ten days ago, sold by the salesperson."""
    return posted_invoice(
        owner,
        in_company_a.customer,
        salesperson=in_company_a.users["sales"].pk,
        issue_date=days_ago(40),
        due_date=days_ago(10),
    )


def kinds(person):
    return [row.kind for row in visible_alerts(person)]


def test_overdue_invoices_of_a_customer_are_one_alert(in_company_a, owner, late):
    posted_invoice(owner, in_company_a.customer, issue_date=days_ago(50), due_date=days_ago(20))
    alerts_refresh()

    alert = Alert.objects.get(kind="invoices_overdue", user=None)
    assert (alert.subject_id, alert.count, alert.amount) == (
        in_company_a.customer.pk,
        2,
        Decimal("230"),
    )
    assert alert.since == dt.date.fromisoformat(days_ago(20))


def test_what_is_not_due_yet_is_no_alert(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer, due_date=str(local_today()))
    alerts_refresh()

    assert not Alert.objects.exists()


def test_salesperson_sees_the_own_ones_only(company_a, in_company_a, owner, late):
    posted_invoice(
        owner, in_company_a.other_customer, issue_date=days_ago(40), due_date=days_ago(10)
    )
    alerts_refresh()

    assert kinds(owner) == ["invoices_overdue", "invoices_overdue"]
    with company_a.acting("sales") as person:
        (row,) = visible_alerts(person)
        assert row.subject_id == in_company_a.customer.pk
    with company_a.acting("cashier") as person:
        assert kinds(person) == []


def test_alert_is_closed_when_it_is_paid(in_company_a, owner, late):
    alerts_refresh()
    payment(owner, in_company_a.customer, "115")

    assert alerts_refresh() == (0, 2)
    assert kinds(owner) == []
    assert Alert.objects.filter(closed_at=None).count() == 0


def test_looking_twice_finds_the_same_alert(owner, late):
    alerts_refresh()
    before = set(Alert.objects.values_list("pk", flat=True))
    alerts_refresh()

    assert set(Alert.objects.values_list("pk", flat=True)) == before


def test_put_away_for_oneself_only(company_a, owner, late):
    alerts_refresh()
    alert = Alert.objects.get(user=None)
    alert_dismiss(alert_id=alert.pk, actor=owner)
    alert_dismiss(alert_id=alert.pk, actor=owner) if kinds(owner) else None

    assert kinds(owner) == []
    with company_a.acting("accountant") as person:
        assert kinds(person) == ["invoices_overdue"]
    with company_a.acting("cashier") as person, refuses(AlertNotFound):
        alert_dismiss(alert_id=alert.pk, actor=person)


def test_exceeded_credit_limit(in_company_a, owner):
    Customer.objects.filter(pk=in_company_a.customer.pk).update(credit_limit=Decimal(200))
    posted_invoice(owner, in_company_a.customer, [line("1", "150")])
    alerts_refresh()
    assert kinds(owner) == []

    posted_invoice(owner, in_company_a.customer, [line("1", "50")])
    alerts_refresh()

    assert Alert.objects.get(kind="credit_limit").amount == Decimal("230")


def test_vat_return_is_announced_before_its_day(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)
    today = local_today()
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    next_quarter = (first + dt.timedelta(days=95)).replace(day=1)
    alerts_refresh(today=next_quarter)
    assert "vat_return_due" not in kinds(owner)

    alerts_refresh(today=next_quarter + dt.timedelta(days=25))

    assert "vat_return_due" in kinds(owner)
    (alert,) = shown(Alert.objects.filter(kind="vat_return_due"))
    assert alert.url == reverse("reports:vat-list")


def test_statements_do_not_grow_with_the_subjects(
    in_company_a, owner, late, django_assert_max_num_queries
):
    for customer in (in_company_a.other_customer, in_company_a.customer):
        posted_invoice(owner, customer, issue_date=days_ago(40), due_date=days_ago(10))
    with django_assert_max_num_queries(12):
        alerts_refresh()


def test_command_and_task_look_in_every_company(in_company_a, owner, late):
    out = io.StringIO()
    call_command("detect_overdue", "--on", str(local_today()), stdout=out)

    assert f"company {in_company_a.company.pk}: 2 open, 0 closed" in out.getvalue()
    find_alerts(in_company_a.company.pk, None)
    assert Alert.objects.count() == 2


def test_page_bell_and_api(client, company_a, owner, late):
    client.force_login(company_a.users["owner"])
    found = client.post("/api/v1/alerts/refresh", {}, "application/json").json()
    assert found == {"open": 2, "closed": 0}
    assert ">1<" in client.get("/alerts/bell/").content.decode().replace(" ", "")
    page = client.get("/alerts/").content.decode()
    assert company_a.customer.name in page
    (row,) = client.get("/api/v1/alerts").json()["results"]
    assert (row["kind"], row["amount"], row["count"]) == ("invoices_overdue", "115.00", 1)

    assert client.post(f"/alerts/{row['id']}/put-away/").status_code == 302

    assert client.get("/api/v1/alerts").json()["count"] == 0
    again = client.post(f"/api/v1/alerts/{row['id']}/dismiss", {}, "application/json")
    assert again.status_code == 404
