"""What happened to a commission after its snapshot: rows that name it, never a change of it (accounting.md section 7)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class CommissionAdjustment(CompanyOwned):
    """Adds to, or takes back from, one snapshot. Signed amounts in the company's currency; never changed."""

    class Cause(models.TextChoices):
        CREDITED = "credited", _("Credit note")
        REOPENED = "reopened", _("Payment reversed")
        PAID_AGAIN = "paid_again", _("Paid again")

    snapshot = TenantForeignKey("commissions.CommissionSnapshot", related_name="adjustments")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    date = models.DateField(_("date"))
    credit_note = TenantForeignKey("ar.CreditNote", null=True, blank=True)
    commission_amount = AmountField(_("commission"))
    tax_amount = AmountField(_("tax"))
    net_amount = AmountField(_("net"))
    payout = TenantForeignKey("commissions.CommissionPayout", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("date", "id")
        verbose_name = _("commission adjustment")
        verbose_name_plural = _("commission adjustments")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("commission_adjustment", "snapshot", "credit_note", "payout"),
            SqlCheck(
                "commission_amount <> 'NaN' AND tax_amount <> 'NaN' "
                "AND net_amount = commission_amount - tax_amount "
                "AND (commission_amount <> 0 OR tax_amount <> 0)",
                name="commission_adjustment_adds_up",
            ),
        )
        indexes = (
            models.Index(fields=["company", "snapshot"], name="adjustment_by_snapshot"),
            models.Index(
                fields=["company", "date"],
                condition=models.Q(payout__isnull=True),
                name="adjustment_not_paid_out",
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.net_amount}"
