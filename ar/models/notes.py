"""Credit notes: lower an invoice, in their own number series, with positive amounts (accounting.md section 1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.ids import uuid7
from documents.models import DocumentHeader, DocumentLine
from tenancy.constraints import TenantKey
from tenancy.fields import TenantForeignKey


class CreditNote(DocumentHeader):
    """A tax document that lowers an invoice. `invoice` is empty for credits imported without their original."""

    customer = TenantForeignKey("ar.Customer", verbose_name=_("customer"))
    invoice = TenantForeignKey(
        "ar.Invoice", null=True, blank=True, related_name="credit_notes", verbose_name=_("invoice")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    history = HistoricalRecords(
        history_id_field=models.UUIDField(default=uuid7),
        excluded_fields=["open_amount", "is_posted"],
    )

    class Meta(DocumentHeader.Meta):
        abstract = False
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        constraints = (
            *DocumentHeader.Meta.constraints,
            TenantKey("customer", name="credit_note_customer_tenant_fk"),
            TenantKey("invoice", name="credit_note_invoice_tenant_fk"),
        )
        indexes = (
            models.Index(fields=["company", "-issue_date", "-id"], name="credit_note_by_date"),
            models.Index(
                fields=["company", "customer", "-issue_date"], name="credit_note_by_customer"
            ),
            models.Index(fields=["company", "invoice"], name="credit_note_by_invoice"),
        )

    def __str__(self) -> str:
        return self.number or str(_("Draft credit note"))


class CreditNoteLine(DocumentLine):
    """One line of a credit note."""

    document = TenantForeignKey(CreditNote, on_delete=models.CASCADE, related_name="lines")
    item = TenantForeignKey("inventory.Item", null=True, blank=True, verbose_name=_("item"))

    class Meta(DocumentLine.Meta):
        abstract = False
        verbose_name = _("credit note line")
        verbose_name_plural = _("credit note lines")
        indexes = (models.Index(fields=["company", "item"], name="credit_note_line_item"),)

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"
