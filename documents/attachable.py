"""Which records take files, and who may see and add them. By name, so that this package knows no upper one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from core.errors import N_
from documents.errors import DocumentNotFound


@dataclass(frozen=True, slots=True)
class Attachable:
    """A kind of record with files. A record without a state, such as a customer, lets go of its files any day."""

    model: str
    view: str
    edit: str


ATTACHABLE: dict[str, Attachable] = {
    "ar.invoice": Attachable("ar.Invoice", "ar.invoice.view", "ar.invoice.edit"),
    "ar.credit_note": Attachable("ar.CreditNote", "ar.credit_note.view", "ar.credit_note.create"),
    "ar.customer": Attachable("ar.Customer", "ar.customer.view", "ar.customer.edit"),
    "ap.bill": Attachable("ap.Bill", "ap.bill.view", "ap.bill.edit"),
    "ap.supplier_credit": Attachable(
        "ap.SupplierCredit", "ap.supplier_credit.view", "ap.supplier_credit.create"
    ),
    "ap.supplier": Attachable("ap.Supplier", "ap.supplier.view", "ap.supplier.edit"),
    "payments.payment": Attachable(
        "payments.Payment", "payments.payment.view", "payments.payment.create"
    ),
    "ledger.manual_journal": Attachable(
        "ledger.ManualJournal", "ledger.journal.view", "ledger.journal.post"
    ),
}


def attachable(kind: str) -> Attachable:
    """Return how files of a kind are kept; raises DocumentNotFound for a kind without files."""
    if kind not in ATTACHABLE:
        raise DocumentNotFound(N_("There is no such kind of document."), field="entity_kind")
    return ATTACHABLE[kind]


def record_of(kind: str, entity_id: uuid.UUID, *, lock: bool = False) -> Any:
    """Return the record of the company; raises DocumentNotFound. `lock`: it cannot be posted meanwhile."""
    model = apps.get_model(attachable(kind).model)
    rows = model._default_manager.filter(pk=entity_id)
    record = (rows.select_for_update() if lock else rows).first()
    if record is None:
        raise DocumentNotFound(N_("There is no such document."), field="entity_id")
    return record


def lets_go(kind: str, record: Any) -> bool:
    """Return whether files may be taken off: what is posted keeps its evidence."""
    if kind == "payments.payment":
        return False
    return getattr(record, "status", "draft") == "draft"
