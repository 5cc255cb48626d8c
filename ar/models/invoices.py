"""Sales invoices and their lines (SP-4, PS-1)."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import History
from core.fields import AmountField, PercentField
from core.ids import uuid7
from documents.lifecycle import Status
from documents.models import DocumentHeader, DocumentLine
from tenancy.constraints import SqlCheck, TenantKey
from tenancy.fields import TenantForeignKey


class InvoiceKind(models.TextChoices):
    """What raises a customer's debt: all are kept, settled and printed as invoices are."""

    INVOICE = "invoice", _("Invoice")
    DEBIT_NOTE = "debit_note", _("Debit note")
    PREPAYMENT = "prepayment", _("Prepayment invoice")
    OPENING = "opening", _("Opening balance")


class Invoice(DocumentHeader):
    """A tax document we issue. The commission columns are what a snapshot copies when it becomes PAID (RR-5).

    A debit note names the invoice it `corrects`. `commission_base` is what commission is earned on now: posting writes
    it, credit notes and write-offs lower it.
    """

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=InvoiceKind.choices,
        default=InvoiceKind.INVOICE,
        db_default=InvoiceKind.INVOICE.value,
    )
    corrects = TenantForeignKey(
        "self", null=True, blank=True, related_name="debit_notes", verbose_name=_("corrects")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="", db_default="")
    customer = TenantForeignKey("ar.Customer", verbose_name=_("customer"))
    terms = TenantForeignKey(
        "documents.PaymentTerms", null=True, blank=True, verbose_name=_("payment terms")
    )
    #: Early-payment discount the terms grant: this percent of the total, when paid until that day.
    early_discount_percent = PercentField(
        _("early payment discount, percent"), default=Decimal(0), db_default=Decimal(0)
    )
    early_discount_until = models.DateField(_("discount until"), null=True, blank=True)
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("salesperson"),
    )
    commission_base = AmountField(default=Decimal(0))
    #: The base at posting, kept from the first credit note or write-off that lowers it; empty until then.
    commission_base_posted = AmountField(null=True, blank=True)
    commission_percent = PercentField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    #: Said by posting, kept nowhere: this invoice took its customer over the credit limit.
    over_credit_limit: bool = False

    history = History(
        history_id_field=models.UUIDField(default=uuid7),
        excluded_fields=["open_amount", "is_posted"],
    )

    class Meta(DocumentHeader.Meta):
        abstract = False
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = (
            *DocumentHeader.Meta.constraints,
            TenantKey("customer", name="invoice_customer_tenant_fk"),
            TenantKey("corrects", name="invoice_corrects_tenant_fk"),
            TenantKey("terms", name="invoice_terms_tenant_fk"),
            SqlCheck(
                "kind IN ('invoice', 'debit_note', 'prepayment', 'opening')",
                name="invoice_kind_known",
            ),
            SqlCheck(
                "(kind = 'debit_note') = (corrects_id IS NOT NULL) AND corrects_id IS DISTINCT FROM id",
                name="invoice_debit_note_corrects",
            ),
            SqlCheck(
                "commission_base_posted IS NULL OR commission_base_posted <> 'NaN'",
                name="invoice_commission_posted_finite",
            ),
            SqlCheck(
                "early_discount_percent <> 'NaN' AND early_discount_percent >= 0 "
                "AND early_discount_percent < 100 "
                "AND (early_discount_percent = 0 OR early_discount_until IS NOT NULL)",
                name="invoice_early_discount_bounds",
            ),
            TenantKey(
                "salesperson",
                name="invoice_salesperson_tenant_fk",
                to="tenancy_membership",
                to_field="user_id",
            ),
            SqlCheck(
                "commission_base <> 'NaN' AND (commission_percent IS NULL OR "
                "(commission_percent <> 'NaN' AND commission_percent BETWEEN 0 AND 100))",
                name="invoice_commission_bounds",
            ),
        )
        indexes = (
            models.Index(fields=["company", "-issue_date", "-id"], name="invoice_by_date"),
            models.Index(
                fields=["company", "status", "-issue_date", "-id"], name="invoice_by_status"
            ),
            models.Index(fields=["company", "customer", "-issue_date"], name="invoice_by_customer"),
            models.Index(
                fields=["company", "corrects"],
                condition=models.Q(corrects__isnull=False),
                name="invoice_by_corrected",
            ),
            # read by open items, ageing and FIFO proposals
            models.Index(
                fields=["company", "customer", "due_date", "issue_date", "number"],
                include=["base_total", "allocated_base"],
                condition=models.Q(status__in=[Status.POSTED, Status.PARTIALLY_PAID]),
                name="invoice_open_items",
            ),
        )

    def __str__(self) -> str:
        return self.number or str(_("Draft invoice"))


class InvoiceLine(DocumentLine):
    """One line of an invoice."""

    document = TenantForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    item = TenantForeignKey("inventory.Item", null=True, blank=True, verbose_name=_("item"))

    class Meta(DocumentLine.Meta):
        abstract = False
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        indexes = (models.Index(fields=["company", "item"], name="invoice_line_item"),)

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"
