"""Credit limit and payment terms of a customer, looked at while an invoice is posted (SP-3)."""

import datetime as dt
from decimal import Decimal

import pytest

from ar.errors import CreditLimitExceeded
from ar.models import Customer
from ar.selectors.receivables import receivable_of
from core.errors import DomainError
from documents.models import PaymentTerms
from documents.terms import DueRule, Terms, discount_until, due_date
from tests.builders import draft_invoice, line, payment, post, posted_invoice
from tests.database import refuses

pytestmark = pytest.mark.django_db


def limited(customer, limit="1000", control="block"):
    Customer.objects.filter(pk=customer.pk).update(credit_limit=limit, credit_control=control)
    return customer


def test_what_does_not_fit_is_not_posted(in_company_a, accountant):
    customer = limited(in_company_a.customer)
    posted_invoice(accountant, customer, [line("1", "800")])

    with refuses(CreditLimitExceeded, field="customer"):
        posted_invoice(accountant, customer, [line("1", "100")])
    with refuses(CreditLimitExceeded):
        post(accountant, draft_invoice(accountant, customer, [line("1", "100")]))
    payment(accountant, customer, "920")

    assert posted_invoice(accountant, customer, [line("1", "100")]).status == "posted"


def test_exactly_the_limit_fits(in_company_a, accountant):
    customer = limited(in_company_a.customer, "115")

    assert posted_invoice(accountant, customer).status == "posted"


@pytest.mark.parametrize("control", ["warn", "off"])
def test_a_warning_does_not_stop(in_company_a, accountant, control):
    customer = limited(in_company_a.customer, "1", control)

    invoice = posted_invoice(accountant, customer)

    assert invoice.status == "posted"
    assert invoice.over_credit_limit == (control == "warn")
    assert receivable_of(invoice).over_limit == (control == "warn")


def test_who_may_override_posts(in_company_a, owner):
    customer = limited(in_company_a.customer, "1")

    assert posted_invoice(owner, customer).status == "posted"


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        (Terms(DueRule.ON_RECEIPT), dt.date(2026, 1, 30)),
        (Terms(DueRule.NET, 30), dt.date(2026, 3, 1)),
        (Terms(DueRule.MONTH_END, 0), dt.date(2026, 1, 31)),
        (Terms(DueRule.MONTH_END, 10), dt.date(2026, 2, 10)),
    ],
)
def test_due_dates(terms, due):
    assert due_date(dt.date(2026, 1, 30), terms) == due
    assert discount_until(dt.date(2026, 1, 30), terms) is None


def test_terms_of_the_customer_and_of_one_invoice(in_company_a, owner):
    early = PaymentTerms.objects.create(
        code="2-10",
        name="2 % within 10 days",
        rule="net",
        days=30,
        discount_percent=Decimal(2),
        discount_days=10,
    )
    end = PaymentTerms.objects.create(code="EOM", name="End of month", rule="month_end")
    customer = in_company_a.customer
    Customer.objects.filter(pk=customer.pk).update(terms=early)

    by_customer = draft_invoice(owner, customer, issue_date="2026-01-30")
    by_hand = draft_invoice(owner, customer, issue_date="2026-01-30", terms=str(end.pk))

    assert (by_customer.terms_id, by_customer.due_date) == (early.pk, dt.date(2026, 3, 1))
    assert (by_customer.early_discount_percent, by_customer.early_discount_until) == (
        2,
        dt.date(2026, 2, 9),
    )
    assert (by_hand.terms_id, by_hand.due_date) == (end.pk, dt.date(2026, 1, 31))
    assert (by_hand.early_discount_percent, by_hand.early_discount_until) == (0, None)
    with refuses(DomainError, field="terms"):
        draft_invoice(owner, customer, terms=str(customer.pk))
