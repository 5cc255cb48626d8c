"""Hourly work of receivables: each company alone, with the rights of who asked for it."""

import pytest

from ar.models import Invoice, RecurringInvoice
from ar.services.recurring import TypedRecurring, recurring_create
from ar.tasks import hourly
from core.dates import local_today
from tenancy.models import Membership
from tenancy.principal import forget
from tests.builders import posted_invoice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def repeated(company_a):
    with company_a.acting("accountant") as accountant:
        invoice = posted_invoice(accountant, company_a.customer)
        return recurring_create(
            invoice_id=invoice.pk,
            typed=TypedRecurring(
                name="Rent", frequency="monthly", start_date=local_today(), post=True
            ),
            actor=accountant,
        )


def made(company):
    with company.acting():
        return list(Invoice.objects.filter(external_id__startswith="recurring:"))


def test_due_invoices_are_made_once_by_their_author(company_a, company_b, repeated):
    hourly(company_a.id, None)
    hourly(company_a.id, None)
    hourly(company_b.id, None)

    (invoice,) = made(company_a)
    assert (invoice.status, invoice.posted_by_id) == ("posted", company_a.users["accountant"].pk)
    assert made(company_b) == []


def test_nothing_is_made_for_somebody_who_left(company_a, repeated):
    with company_a.acting():
        accountant = company_a.users["accountant"]
        Membership.objects.filter(user=accountant).update(is_active=False)
        forget(accountant.pk)

    hourly(company_a.id, None)

    assert made(company_a) == []
    with company_a.acting():
        assert RecurringInvoice.objects.get().next_date == local_today()
