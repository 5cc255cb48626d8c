"""The commission of one salesperson on one invoice, frozen when the invoice became PAID (RR-5, RR-6)."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, PercentField
from tenancy.constraints import SqlCheck, TenantKey, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class CommissionSnapshot(CompanyOwned):
    """Amounts in the company's currency. Only its state ever changes, and the payout that paid it is set once."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        PAID = "paid", _("Paid")
        CANCELLED = "cancelled", _("Cancelled")

    invoice = TenantForeignKey("ar.Invoice", verbose_name=_("invoice"))
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("salesperson"),
    )
    base_amount = AmountField(_("base"))
    percent = PercentField(_("percent"))
    commission_amount = AmountField(_("commission"))
    tax_percent = PercentField(_("tax percent"), default=Decimal(0))
    tax_amount = AmountField(_("tax"), default=Decimal(0))
    net_amount = AmountField(_("net"))
    currency = models.CharField(_("currency"), max_length=3)
    rule = models.CharField(_("rule"), max_length=20)
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.PENDING
    )
    source = models.CharField(_("source"), max_length=12, default="app")
    paid_at = models.DateTimeField(_("paid at"))
    payout = TenantForeignKey("commissions.CommissionPayout", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("commission_snapshot", "invoice", "payout"),
            TenantKey(
                "salesperson",
                name="commission_snapshot_salesperson_tenant_fk",
                to="tenancy_membership",
                to_field="user_id",
            ),
            models.UniqueConstraint(
                fields=["company", "invoice", "salesperson"], name="commission_once"
            ),
            SqlCheck(
                "base_amount <> 'NaN' AND base_amount >= 0 AND percent <> 'NaN' "
                "AND percent BETWEEN 0 AND 100 AND tax_percent <> 'NaN' "
                "AND tax_percent BETWEEN 0 AND 100 AND commission_amount <> 'NaN' "
                "AND tax_amount <> 'NaN' AND net_amount = commission_amount - tax_amount",
                name="commission_bounds",
            ),
        )
        indexes = (
            models.Index(fields=["company", "salesperson", "status"], name="commission_by_person"),
            models.Index(fields=["company", "-paid_at"], name="commission_by_date"),
        )

    def __str__(self) -> str:
        return f"{self.salesperson_id} {self.commission_amount}"
