"""Disputed invoices and those on hold: no strategy settles them, no reminder names them (accounting.md section 6)."""

from __future__ import annotations

import uuid

from ar.document_types import INVOICE
from ar.models import Invoice
from core.errors import N_, DomainError
from core.transactions import write
from documents.errors import TransitionRefused
from documents.lifecycle import OPEN
from documents.models.abstract import HOLD_CHOICES
from documents.services.loading import document_for_update, require_editable
from tenancy.principal import Principal

HOLDS = frozenset({"", *(value for value, _ in HOLD_CHOICES)})


@write
def invoice_hold(*, invoice_id: uuid.UUID, hold: str, actor: Principal) -> Invoice:
    """Mark an open invoice as disputed or on hold; an empty text lifts it. The same twice changes nothing."""
    invoice = document_for_update(INVOICE, invoice_id)
    require_editable(INVOICE, invoice, actor)
    if hold not in HOLDS:
        raise DomainError(N_("Choose disputed or on hold."), code="invalid", field="hold")
    if hold and invoice.status not in OPEN:
        raise TransitionRefused(N_("Only an invoice with something open is held back."))
    if invoice.settlement_hold != hold:
        invoice.settlement_hold = hold
        invoice.version += 1
        invoice.save(update_fields=["settlement_hold", "version", "updated_at"])
    return invoice
