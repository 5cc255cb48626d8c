"""Bills of suppliers and their lines (SP-4, PS-1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import History
from core.fields import AmountField
from core.ids import uuid7
from documents.lifecycle import Status
from documents.models import DocumentHeader, DocumentLine
from tenancy.constraints import SqlCheck, TenantKey, tenant_keys
from tenancy.fields import TenantForeignKey

#: A line goes to its own account, and prepaid months are complete or absent.
PURCHASE_LINE_RULES = (
    "customs_value IS NULL OR (customs_value <> 'NaN' AND customs_value >= 0)",
    "(prepaid_months IS NULL) = (prepaid_start IS NULL) AND "
    "(prepaid_months IS NULL OR prepaid_months BETWEEN 1 AND 120)",
)


class Bill(DocumentHeader):
    """A supplier's invoice as we book it. `number` is ours, `supplier_number` the one printed on it."""

    class Kind(models.TextChoices):
        BILL = "bill", _("Bill")
        OPENING = "opening", _("Opening balance")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.BILL)
    supplier = TenantForeignKey("ap.Supplier", verbose_name=_("supplier"))
    supplier_number = models.CharField(_("supplier's number"), max_length=60, blank=True)
    duplicate_reason = models.CharField(
        _("reason for the repeated number"), max_length=300, blank=True
    )
    paid_at = models.DateTimeField(null=True, blank=True)

    history = History(
        history_id_field=models.UUIDField(default=uuid7),
        excluded_fields=["open_amount", "is_posted"],
    )

    class Meta(DocumentHeader.Meta):
        abstract = False
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        constraints = (
            *DocumentHeader.Meta.constraints,
            TenantKey("supplier", name="bill_supplier_tenant_fk"),
            models.UniqueConstraint(
                fields=["company", "supplier", "supplier_number"],
                condition=models.Q(duplicate_reason="")
                & ~models.Q(supplier_number="")
                & ~models.Q(status=Status.VOID),
                name="bill_supplier_number_once",
            ),
            SqlCheck("kind IN ('bill', 'opening')", name="bill_kind_known"),
        )
        indexes = (
            models.Index(fields=["company", "-issue_date", "-id"], name="bill_by_date"),
            models.Index(fields=["company", "status", "-issue_date", "-id"], name="bill_by_status"),
            models.Index(fields=["company", "supplier", "-issue_date"], name="bill_by_supplier"),
            models.Index(
                fields=["company", "supplier", "supplier_number"], name="bill_by_supplier_number"
            ),
            # read by open items, ageing and FIFO proposals
            models.Index(
                fields=["company", "supplier", "due_date", "issue_date", "number"],
                include=["base_total", "allocated_base"],
                condition=models.Q(status__in=[Status.POSTED, Status.PARTIALLY_PAID]),
                name="bill_open_items",
            ),
        )

    def __str__(self) -> str:
        return self.number or str(_("Draft bill"))


class BillLine(DocumentLine):
    """One line of a bill. `account` empty: the item or the VAT code decides where it goes.

    `prepaid_months`: the line pays for so many months from `prepaid_start`; it waits on `prepaid_account` and moves
    to `account` month by month (G1). `customs_value`: what the VAT of a customs line was computed on (P7).
    """

    document = TenantForeignKey(Bill, on_delete=models.CASCADE, related_name="lines")
    item = TenantForeignKey("inventory.Item", null=True, blank=True, verbose_name=_("item"))
    account = TenantForeignKey("ledger.Account", null=True, blank=True, verbose_name=_("account"))
    prepaid_months = models.PositiveSmallIntegerField(_("months paid for"), null=True, blank=True)
    prepaid_start = models.DateField(_("first month"), null=True, blank=True)
    prepaid_account = TenantForeignKey(
        "ledger.Account", null=True, blank=True, verbose_name=_("prepaid account")
    )
    customs_value = AmountField(_("customs value"), null=True, blank=True)

    class Meta(DocumentLine.Meta):
        abstract = False
        verbose_name = _("bill line")
        verbose_name_plural = _("bill lines")
        constraints = (
            *DocumentLine.Meta.constraints,
            *tenant_keys("bill_line", "account", "prepaid_account"),
            SqlCheck(PURCHASE_LINE_RULES[0], name="bill_line_customs_value_finite"),
            SqlCheck(PURCHASE_LINE_RULES[1], name="bill_line_prepaid_complete"),
        )
        indexes = (models.Index(fields=["company", "item"], name="bill_line_item"),)

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"
