"""Payment accounts and open items on screen (SP-5)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ledger.models import Account
from payments.models import PaymentAccount
from tests.ar.signed_in import signed_in
from tests.builders import credited_one, days_ago, paid_invoice, payment, posted_invoice
from tests.buying import posted_bill, supplier

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

LIST, NEW = "payments:account-list", "payments:account-create"


@pytest.fixture
def typed(company_a):
    """A second bank account as it is typed."""
    with company_a.acting():
        bank = PaymentAccount.objects.select_related("account").get(code="BANK")
    return {
        "code": "RAJHI",
        "kind": "bank",
        "name": "Rajhi",
        "name_arabic": "الراجحي",
        "account": str(bank.account_id),
        "currency": "sar",
        "bank_name": "Al Rajhi Bank",
        "iban": "SA03 8000 0000 6080 1016 7519",
        "account_number": "",
        "is_active": "on",
    }


def codes(cast):
    with cast.acting():
        return sorted(PaymentAccount.objects.values_list("code", flat=True))


def test_account_is_opened_and_listed(company_a, typed):
    client = signed_in(company_a, "accountant")

    answer = client.post(reverse(NEW), typed)

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse(LIST))
    with company_a.acting():
        made = PaymentAccount.objects.get(code="RAJHI")
    assert (made.currency, made.iban, made.kind) == ("SAR", "SA0380000000608010167519", "bank")
    listed = client.get(reverse(LIST)).content.decode()
    assert "Rajhi" in listed
    assert reverse("payments:account-edit", args=[made.pk]) in listed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""),
        ("code", "CASH"),
        ("code", "x" * 21),
        ("kind", "purse"),
        ("name", ""),
        ("name", "a\u202eb"),
        ("account", ""),
        ("account", "x"),
        ("currency", ""),
    ],
)
def test_wrong_input_is_shown_at_its_field_and_opens_nothing(company_a, typed, field, value):
    before = codes(company_a)

    answer = signed_in(company_a).post(reverse(NEW), typed | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert codes(company_a) == before


def test_money_does_not_stand_on_what_customers_owe(company_a, typed):
    with company_a.acting():
        owed = Account.objects.get(role="ar_control").pk

    answer = signed_in(company_a).post(reverse(NEW), typed | {"account": str(owed)})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["account"]


def test_account_with_money_keeps_its_ledger_account(company_a, typed):
    with company_a.acting() as owner:
        payment(owner, company_a.customer, "5")
    address = reverse("payments:account-edit", args=[company_a.till.pk])
    client = signed_in(company_a)
    shown = client.get(address).context["form"].initial
    change = typed | {"code": "CASH", "kind": "cash", "iban": "", "version": shown["version"]}

    refused = client.post(address, change)
    closed = client.post(address, change | {"account": shown["account"], "is_active": ""})

    assert list(refused.context["form"].errors) == ["account"]
    assert closed.status_code == 302
    with company_a.acting():
        assert not PaymentAccount.objects.get(code="CASH").is_active
    assert "Rajhi" in client.get(reverse(LIST)).content.decode()


def test_change_over_a_newer_one_is_refused(company_a, typed):
    address = reverse("payments:account-edit", args=[company_a.till.pk])
    client = signed_in(company_a)
    change = typed | {"code": "CASH", "kind": "cash", "version": "1"}
    change["account"] = client.get(address).context["form"].initial["account"]
    client.post(address, change)

    again = client.post(address, change | {"name": "Late"})

    assert again.status_code in (409, 422)
    with company_a.acting():
        assert PaymentAccount.objects.get(code="CASH").name == "Rajhi"


def test_accounts_are_edited_by_those_who_keep_books(company_a, company_b, typed):
    edit = reverse("payments:account-edit", args=[company_a.till.pk])
    for role in ("sales", "cashier", "auditor"):
        client = signed_in(company_a, role)
        assert client.get(reverse(LIST)).status_code == 200
        assert client.post(reverse(NEW), typed).status_code == 403
        assert client.get(edit).status_code == 403
    foreign = reverse("payments:account-edit", args=[company_b.till.pk])
    assert signed_in(company_a).get(foreign).status_code == 404


def test_open_items_of_a_customer_are_invoices_less_credits(company_a):
    with company_a.acting() as owner:
        note = credited_one(owner, paid_invoice(owner, company_a.customer))
        posted_invoice(owner, company_a.customer, issue_date=days_ago(40), due_date=days_ago(9))
        posted_invoice(owner, company_a.customer)
    address = reverse("payments:open-items", args=["customer", company_a.customer.pk])

    page = signed_in(company_a, "auditor").get(address)

    assert [str(item.open_amount) for item in page.context["documents"]] == ["115.0000"] * 2
    assert [item.number for item in page.context["credits"]] == [note.number]
    assert [(code, f"{amount:.2f}") for code, amount in page.context["sums"]] == [("SAR", "115.00")]
    assert reverse("payments:payment-create") not in page.content.decode()


def test_open_items_of_a_supplier_lead_to_paying(company_a):
    with company_a.acting() as owner:
        party = supplier(owner)
        bill = posted_bill(owner, party)
    address = reverse("payments:open-items", args=["supplier", party.pk])
    pay = f"{reverse('payments:payment-create')}?supplier={party.pk}"

    shown = signed_in(company_a, "accountant").get(address).content.decode()

    assert bill.number in shown
    assert pay in shown
    assert pay not in signed_in(company_a, "cashier").get(address).content.decode()


def test_open_items_of_strangers_are_not_found(company_a, company_b):
    client = signed_in(company_a)

    for party, key in (
        ("customer", company_b.customer.pk),
        ("supplier", company_a.customer.pk),
        ("staff", company_a.customer.pk),
    ):
        assert client.get(reverse("payments:open-items", args=[party, key])).status_code == 404
