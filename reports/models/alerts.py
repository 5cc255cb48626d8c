"""Alerts: what somebody should look at, found anew each day (SP-6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class Alert(CompanyOwned):
    """One state of affairs about one subject, open until it is no longer so. Amounts in the company's currency.

    `user` empty: for everybody who has the rule's permission; else for that person.
    """

    class Kind(models.TextChoices):
        INVOICES_OVERDUE = "invoices_overdue", _("Overdue invoices")
        BILLS_OVERDUE = "bills_overdue", _("Overdue bills")
        CREDIT_LIMIT = "credit_limit", _("Credit limit exceeded")
        VAT_RETURN_DUE = "vat_return_due", _("VAT return due")
        BANK_UNMATCHED = "bank_unmatched", _("Bank lines to match")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    name = models.CharField(_("subject"), max_length=200)
    name_arabic = models.CharField(max_length=200, blank=True)
    count = models.PositiveIntegerField(_("count"), default=0)
    amount = AmountField(_("amount"), null=True)
    since = models.DateField(_("since"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    found_at = models.DateTimeField(_("found"))
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["company", "kind", "subject_id", "user"],
                condition=models.Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="alert_open_once",
            ),
            SqlCheck("amount IS NULL OR amount <> 'NaN'", name="alert_amount_finite"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class AlertDismissal(CompanyOwned):
    """One person does not want to see an alert any more; it comes back when it was closed and found again."""

    alert = TenantForeignKey(Alert, related_name="dismissals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("dismissed alert")
        verbose_name_plural = _("dismissed alerts")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("alert_dismissal", "alert"),
            models.UniqueConstraint(
                fields=["company", "alert", "user"], name="alert_dismissed_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.alert_id} {self.user_id}"
