"""Crediting part or all of an invoice from its page (S3, S4)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from ar.document_pages import CREDIT_NOTE_PAGES, INVOICE_PAGES
from ar.models import CreditNote, CreditNoteLine, Invoice
from ar.selectors.crediting import creditable_lines
from ar.services.notes import credit_note_build, credit_note_create
from ar.typed_credit import parse_credit
from documents.page_parts import DATE_OF_CREDIT, REASON
from documents.views.crediting import CreditForm
from tenancy.principal import Principal


def _build(
    invoice: Invoice, payload: Mapping[str, Any], actor: Principal
) -> tuple[CreditNote, Sequence[CreditNoteLine]]:
    typed = parse_credit(payload, invoice_id=invoice.pk)
    return credit_note_build(invoice, typed, actor=actor)


def _create(invoice_id: uuid.UUID, payload: Mapping[str, Any], actor: Principal) -> CreditNote:
    typed = parse_credit(payload, invoice_id=invoice_id)
    return credit_note_create(typed=typed, actor=actor)


INVOICE_CREDIT = CreditForm(
    source=INVOICE_PAGES,
    target=CREDIT_NOTE_PAGES,
    name="ar:invoice-credit",
    title=_("Credit note"),
    fields=(DATE_OF_CREDIT, REASON),
    rows=creditable_lines,
    build=_build,
    create=_create,
    settles=_("Set it against the invoice, as far as that is open"),
)
