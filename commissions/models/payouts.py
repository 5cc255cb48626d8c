"""Commission paid out to a salesperson (accounting.md section 4: C2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, TenantKey, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class CommissionPayout(CompanyOwned):
    """One payment to one salesperson over approved commissions and their adjustments. Never changed."""

    number = models.CharField(_("number"), max_length=60)
    series = models.CharField(max_length=60, editable=False)
    sequence_number = models.PositiveIntegerField(editable=False)
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("salesperson"),
    )
    date = models.DateField(_("date"))
    until = models.DateField(_("commissions until"))
    payment_account = TenantForeignKey("payments.PaymentAccount", verbose_name=_("payment account"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = AmountField(_("amount"))
    row_count = models.PositiveIntegerField(_("rows"))
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("-date", "-id")
        verbose_name = _("commission payout")
        verbose_name_plural = _("commission payouts")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("commission_payout", "payment_account"),
            TenantKey(
                "salesperson",
                name="commission_payout_salesperson_tenant_fk",
                to="tenancy_membership",
                to_field="user_id",
            ),
            models.UniqueConstraint(
                fields=["company", "number"], name="commission_payout_number_once"
            ),
            models.UniqueConstraint(
                fields=["company", "series", "sequence_number"],
                name="commission_payout_sequence_once",
            ),
            SqlCheck("amount <> 'NaN' AND amount > 0", name="commission_payout_positive"),
        )
        indexes = (
            models.Index(fields=["company", "salesperson", "-date"], name="payout_by_person"),
        )

    def __str__(self) -> str:
        return self.number
