"""Supplier credits: lower a bill, or stand on account, in their own number series, with positive amounts."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from ap.models.bills import PURCHASE_LINE_RULES
from audit.history import History
from core.fields import AmountField
from core.ids import uuid7
from documents.models import DocumentHeader, DocumentLine
from tenancy.constraints import SqlCheck, TenantKey, finite, tenant_keys
from tenancy.fields import TenantForeignKey


class SupplierCredit(DocumentHeader):
    """A supplier's credit note (P9). `bill` is empty for credits that name none."""

    supplier = TenantForeignKey("ap.Supplier", verbose_name=_("supplier"))
    bill = TenantForeignKey(
        "ap.Bill", null=True, blank=True, related_name="credits", verbose_name=_("bill")
    )
    supplier_number = models.CharField(_("supplier's number"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    history = History(
        history_id_field=models.UUIDField(default=uuid7),
        excluded_fields=["open_amount", "is_posted"],
    )

    class Meta(DocumentHeader.Meta):
        abstract = False
        verbose_name = _("supplier credit")
        verbose_name_plural = _("supplier credits")
        constraints = (
            *DocumentHeader.Meta.constraints,
            TenantKey("supplier", name="supplier_credit_supplier_tenant_fk"),
            TenantKey("bill", name="supplier_credit_bill_tenant_fk"),
            SqlCheck("status <> 'void'", name="supplier_credit_never_void"),
        )
        indexes = (
            models.Index(fields=["company", "-issue_date", "-id"], name="supplier_credit_by_date"),
            models.Index(
                fields=["company", "supplier", "-issue_date"], name="supplier_credit_by_supplier"
            ),
            models.Index(fields=["company", "bill"], name="supplier_credit_by_bill"),
        )

    def __str__(self) -> str:
        return self.number or str(_("Draft supplier credit"))


class SupplierCreditLine(DocumentLine):
    """One line of a supplier credit. `source_line`: the line of the bill that it takes back (never more than billed)."""

    document = TenantForeignKey(SupplierCredit, on_delete=models.CASCADE, related_name="lines")
    item = TenantForeignKey("inventory.Item", null=True, blank=True, verbose_name=_("item"))
    source_line = TenantForeignKey(
        "ap.BillLine", null=True, blank=True, verbose_name=_("line of the bill")
    )
    price_only = models.BooleanField(_("price only"), default=False, db_default=False)
    #: What of the billed line's amount, as it was priced (with VAT where prices include it), this line takes back.
    priced_amount = AmountField(default=Decimal(0), db_default=Decimal(0))
    account = TenantForeignKey("ledger.Account", null=True, blank=True, verbose_name=_("account"))
    prepaid_months = models.PositiveSmallIntegerField(_("months paid for"), null=True, blank=True)
    prepaid_start = models.DateField(_("first month"), null=True, blank=True)
    prepaid_account = TenantForeignKey(
        "ledger.Account", null=True, blank=True, verbose_name=_("prepaid account")
    )
    customs_value = AmountField(_("customs value"), null=True, blank=True)

    class Meta(DocumentLine.Meta):
        abstract = False
        verbose_name = _("supplier credit line")
        verbose_name_plural = _("supplier credit lines")
        constraints = (
            *DocumentLine.Meta.constraints,
            *tenant_keys("supplier_credit_line", "source_line", "account", "prepaid_account"),
            finite("supplier_credit_line", "priced_amount"),
            SqlCheck(PURCHASE_LINE_RULES[0], name="supplier_credit_line_customs_value_finite"),
            SqlCheck(PURCHASE_LINE_RULES[1], name="supplier_credit_line_prepaid_complete"),
        )
        indexes = (
            models.Index(fields=["company", "item"], name="supplier_credit_line_item"),
            models.Index(fields=["company", "source_line"], name="supplier_credit_line_source"),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"
