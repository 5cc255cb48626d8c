"""Taking and reversing a payment on screen (SP-5)."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from core.dates import local_today
from payments.models import Allocation, Payment
from tests.ar.signed_in import signed_in
from tests.builders import days_ago, fresh, line, locked_invoice, payment, posted_invoice

REVERSAL = {"date": local_today().isoformat(), "reason": "Cheque returned"}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]


def form_of(cast, amount, **fields):
    return {
        "customer": str(cast.customer.pk),
        "currency": "SAR",
        "form_key": str(uuid.uuid4()),
        "amount": amount,
        "payment_account": str(cast.till.pk),
        "date": local_today().isoformat(),
        "strategy": "fifo",
        **fields,
    }


def count_payments(cast):
    with cast.acting():
        return Payment.objects.count(), Allocation.objects.count()


@pytest.fixture
def two_invoices(company_a):
    with company_a.acting() as actor:
        old = posted_invoice(
            actor, company_a.customer, issue_date=days_ago(40), due_date=days_ago(10)
        )
        new = posted_invoice(actor, company_a.customer)
    return old, new


def test_amount_proposed_is_what_is_open(company_a, two_invoices):
    page = signed_in(company_a, "cashier").get(
        reverse("payments:payment-create"), {"customer": company_a.customer.pk}
    )

    assert page.context["form"].initial["amount"] == "230.00"
    assert page.context["form"].initial["payment_account"] == str(company_a.till.pk)
    assert [row.amount for row in page.context["rows"]] == [Decimal("115"), Decimal("115")]


def test_payment_of_one_invoice_starts_with_that_invoice(company_a, two_invoices):
    _old, new = two_invoices

    page = signed_in(company_a).get(reverse("payments:payment-create"), {"invoice": new.pk})

    assert page.context["strategy"] == "manual"
    assert {row.item.id: row.amount for row in page.context["rows"]}[new.pk] == Decimal("115")


def test_saved_payment_settles_the_oldest_due_and_keeps_the_rest(company_a, two_invoices):
    old, new = two_invoices

    answer = signed_in(company_a).post(
        reverse("payments:payment-create"), form_of(company_a, "٢٠٠")
    )

    assert answer.status_code == 302
    with company_a.acting():
        assert fresh(old).status == "paid"
        assert fresh(new).open_amount == Decimal("30")


def test_typed_allocation_is_taken_as_typed(company_a, two_invoices):
    old, new = two_invoices

    answer = signed_in(company_a).post(
        reverse("payments:payment-create"),
        form_of(company_a, "100", strategy="manual", **{f"allocation-{new.pk}": "60"}),
    )

    assert answer.status_code == 302
    with company_a.acting():
        assert fresh(old).open_amount == Decimal("115")
        assert fresh(new).open_amount == Decimal("55")
        assert Payment.objects.get().open_amount == Decimal("40")


def test_too_large_allocation_is_refused_at_its_document(company_a, two_invoices):
    _old, new = two_invoices

    answer = signed_in(company_a).post(
        reverse("payments:payment-create"),
        form_of(company_a, "500", strategy="manual", **{f"allocation-{new.pk}": "115.01"}),
    )

    assert answer.status_code == 422
    assert {row.item.id for row in answer.context["rows"] if row.error} == {new.pk}
    assert count_payments(company_a) == (0, 0)


@pytest.mark.parametrize("amount", ["", "0", "-5", "NaN", "1e400", "12,50", "10.001"])
def test_wrong_amount_is_refused_at_its_field_and_nothing_is_written(
    company_a, two_invoices, amount
):
    answer = signed_in(company_a).post(
        reverse("payments:payment-create"), form_of(company_a, amount)
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["amount"]
    assert count_payments(company_a) == (0, 0)


def test_form_sent_twice_is_one_payment(company_a, two_invoices):
    client, typed = signed_in(company_a), form_of(company_a, "50")

    first = client.post(reverse("payments:payment-create"), typed)
    second = client.post(reverse("payments:payment-create"), typed)

    assert (first.status_code, second.status_code) == (302, 302)
    assert count_payments(company_a) == (1, 1)


def test_proposal_follows_the_amount_and_typing_makes_it_manual(company_a, two_invoices):
    old, new = two_invoices
    client, address = signed_in(company_a), reverse("payments:payment-proposal")

    fifo = client.post(address, form_of(company_a, "150"), headers={"HX-Request": "true"})
    typed = client.post(
        address,
        form_of(company_a, "150", **{f"allocation-{new.pk}": "20"}),
        headers={"HX-Request": "true", "HX-Trigger-Name": f"allocation-{new.pk}"},
    )

    assert [row.amount for row in fifo.context["rows"]] == [Decimal("115"), Decimal("35")]
    assert typed.context["strategy"] == "manual"
    assert {row.item.id: row.amount for row in typed.context["rows"]} == {old.pk: 0, new.pk: 20}
    assert typed.context["rest"] == Decimal("130")


def test_locked_invoice_is_not_proposed(company_a):
    with company_a.acting() as actor:
        locked_invoice(actor, company_a.customer)

    page = signed_in(company_a).get(
        reverse("payments:payment-create"), {"customer": company_a.customer.pk}
    )

    assert page.context["rows"] == []


def test_reversed_payment_opens_its_invoices_again(company_a, two_invoices):
    old, _new = two_invoices
    with company_a.acting() as actor:
        made = payment(actor, company_a.customer, "115")
    client = signed_in(company_a)

    answer = client.post(reverse("payments:payment-reverse", args=[made.pk]), REVERSAL)

    assert answer.status_code == 302
    with company_a.acting():
        assert fresh(old).status == "posted"
        assert Payment.objects.get().status == "void"
    again = client.post(reverse("payments:payment-reverse", args=[made.pk]), REVERSAL)
    assert again.status_code == 409


def test_cashier_reverses_no_payment(company_a, two_invoices):
    with company_a.acting() as actor:
        made = payment(actor, company_a.customer, "115")

    answer = signed_in(company_a, "cashier").post(
        reverse("payments:payment-reverse", args=[made.pk]), REVERSAL
    )

    assert answer.status_code == 403
    with company_a.acting():
        assert Payment.objects.get().status == "posted"


def test_rest_goes_to_a_later_invoice(company_a):
    with company_a.acting() as actor:
        made = payment(actor, company_a.customer, "100")
        invoice = posted_invoice(actor, company_a.customer, [line("1", "100")])

    answer = signed_in(company_a).post(reverse("payments:payment-use-rest", args=[made.pk]))

    assert answer.status_code == 302
    with company_a.acting():
        assert fresh(invoice).open_amount == Decimal("15")
