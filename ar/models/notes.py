"""Credit notes: lower an invoice, in their own number series, with positive amounts (accounting.md section 1)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import History
from core.fields import AmountField
from core.ids import uuid7
from documents.models import DocumentHeader, DocumentLine
from tenancy.constraints import TenantKey, finite
from tenancy.fields import TenantForeignKey


class CreditNote(DocumentHeader):
    """A tax document that lowers an invoice. `invoice` is empty for credits imported without their original."""

    customer = TenantForeignKey("ar.Customer", verbose_name=_("customer"))
    invoice = TenantForeignKey(
        "ar.Invoice", null=True, blank=True, related_name="credit_notes", verbose_name=_("invoice")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    history = History(
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
    #: The line sold that this one takes back; `price_only` lowers its price and brings no goods (S4).
    invoice_line = TenantForeignKey("ar.InvoiceLine", null=True, blank=True)
    price_only = models.BooleanField(_("price only"), default=False, db_default=False)
    #: What of the sold line's amount, as it was priced (with VAT where prices include it), this line takes back.
    priced_amount = AmountField(default=Decimal(0), db_default=Decimal(0))

    class Meta(DocumentLine.Meta):
        abstract = False
        verbose_name = _("credit note line")
        verbose_name_plural = _("credit note lines")
        constraints = (
            *DocumentLine.Meta.constraints,
            TenantKey("invoice_line", name="credit_note_line_invoice_line_tenant_fk"),
            finite("credit_note_line", "priced_amount"),
        )
        indexes = (
            models.Index(fields=["company", "item"], name="credit_note_line_item"),
            models.Index(
                fields=["company", "invoice_line"],
                condition=models.Q(invoice_line__isnull=False),
                name="credit_note_line_sold",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"
