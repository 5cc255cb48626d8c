"""Crediting part of an invoice from its page: what is left, the credit's sheet, posting (S3, S4)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ar.models import CreditNote, InvoiceLine
from tests.ar.signed_in import owner_client, signed_in
from tests.builders import draft_invoice, posted_invoice
from tests.cast import Cast

__all__ = ["owner_client"]
pytestmark = pytest.mark.django_db


def test_chosen_lines_are_shown_as_a_sheet_and_then_posted(
    owner_client: Client, company_a: Cast
) -> None:
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    with company_a.scope():
        line = InvoiceLine.objects.get(document_id=invoice.pk)
    address = reverse("ar:invoice-credit", args=[invoice.pk])
    assert (
        address
        in owner_client.get(reverse("ar:invoice-detail", args=[invoice.pk])).content.decode()
    )
    (row,) = owner_client.get(address).context["rows"]
    assert (row["row"].quantity_left, row["row"].amount_left) == (line.quantity, line.net_amount)

    form = {"line": [str(line.pk)], "quantity": [""], "amount": ["10"], "reason": "", "date": ""}
    preview = owner_client.post(f"{address}preview/", form).content.decode()
    assert "CREDIT NOTE" in preview
    assert "11.50" in preview
    assert owner_client.post(address, form).status_code == 422
    too_much = owner_client.post(address, form | {"reason": "Late", "amount": ["10000"]})
    assert too_much.status_code == 422
    assert too_much.context["rows"][0]["wrong"]
    with company_a.scope():
        assert not CreditNote.objects.exists()

    assert owner_client.post(address, form | {"reason": "Late"}).status_code == 303
    with company_a.scope():
        note = CreditNote.objects.get()
        assert (str(note.total), note.reason, note.invoice_id) == ("11.5000", "Late", invoice.pk)


def test_drafts_and_strangers_are_refused(company_a: Cast, company_b: Cast) -> None:
    with company_a.acting() as owner:
        posted = posted_invoice(owner, company_a.customer)
        draft = draft_invoice(owner, company_a.customer)
    address = reverse("ar:invoice-credit", args=[posted.pk])
    assert signed_in(company_b).get(address).status_code == 404
    assert signed_in(company_a, "sales").get(address).status_code == 403
    form = {"line": [], "quantity": [], "amount": [], "reason": "Late", "whole": "on"}
    refused = signed_in(company_a).post(reverse("ar:invoice-credit", args=[draft.pk]), form)
    assert refused.status_code == 422
    with company_a.scope():
        assert not CreditNote.objects.exists()
