"""Deleting: a draft only (IF-4)."""

import pytest

from ar.models import Invoice, InvoiceLine
from ar.services.invoices import invoice_delete
from documents.errors import DocumentNotFound, NotADraft
from documents.models import DocumentSummary
from documents.versions import Conflict
from tenancy.errors import PermissionRefused
from tests.builders import draft_invoice, posted_invoice
from tests.database import refuses

pytestmark = pytest.mark.django_db


def test_draft_goes_with_its_lines(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)

    invoice_delete(invoice_id=invoice.pk, actor=owner)

    assert (Invoice.objects.count(), InvoiceLine.objects.count()) == (0, 0)
    assert DocumentSummary.objects.get(kind="ar.invoice", status="draft").document_count == 0


def test_posted_invoice_stays(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    with refuses(NotADraft):
        invoice_delete(invoice_id=invoice.pk, actor=owner)


def test_outdated_version_is_refused(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)

    with refuses(Conflict):
        invoice_delete(invoice_id=invoice.pk, actor=owner, version=7)


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_roles_that_do_not_delete_are_refused(company_a, role):
    with company_a.acting() as owner:
        invoice = draft_invoice(owner, company_a.customer)
    with company_a.acting(role) as person, refuses(PermissionRefused):
        invoice_delete(invoice_id=invoice.pk, actor=person)


def test_draft_of_another_company_is_unknown(company_a, company_b):
    with company_b.acting() as owner_b:
        foreign = draft_invoice(owner_b, company_b.customer)
    with company_a.acting() as owner, refuses(DocumentNotFound):
        invoice_delete(invoice_id=foreign.pk, actor=owner)
