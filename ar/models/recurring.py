"""Invoices that repeat: what they say, when they are due, what came of each date."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.constraints import SqlCheck, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class RecurringInvoice(CompanyOwned):
    """A template and its schedule. `content` is a typed invoice without dates, as the API takes it."""

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")
        QUARTERLY = "quarterly", _("Every quarter")

    name = models.CharField(_("name"), max_length=120)
    customer = TenantForeignKey("ar.Customer", verbose_name=_("customer"))
    branch = TenantForeignKey("tenancy.Branch", verbose_name=_("branch"))
    source = TenantForeignKey("ar.Invoice", null=True, blank=True, verbose_name=_("made from"))
    content = models.JSONField()
    frequency = models.CharField(
        _("how often"), max_length=9, choices=Frequency.choices, default=Frequency.MONTHLY
    )
    start_date = models.DateField(_("first date"))
    end_date = models.DateField(_("last date"), null=True, blank=True)
    next_date = models.DateField(_("next date"), null=True, blank=True)
    post = models.BooleanField(_("post it at once"), default=False)
    is_active = models.BooleanField(_("running"), default=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("name",)
        verbose_name = _("recurring invoice")
        verbose_name_plural = _("recurring invoices")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("recurringinvoice", "customer", "branch", "source"),
            SqlCheck(
                "frequency IN ('weekly', 'monthly', 'quarterly')",
                name="recurring_invoice_frequency_known",
            ),
            SqlCheck(
                "end_date IS NULL OR end_date >= start_date",
                name="recurring_invoice_dates_in_order",
            ),
        )
        indexes = (
            models.Index(
                fields=["company", "next_date"],
                condition=models.Q(is_active=True),
                name="recurring_invoice_due",
            ),
        )

    def __str__(self) -> str:
        return self.name


class RecurringRun(CompanyOwned):
    """What came of one date of a recurring invoice: its invoice, or why there is none. One row for each date."""

    recurring = TenantForeignKey(RecurringInvoice, related_name="runs")
    date = models.DateField(_("date"))
    invoice = TenantForeignKey("ar.Invoice", null=True, blank=True)
    error = models.CharField(_("why it failed"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("run of a recurring invoice")
        verbose_name_plural = _("runs of recurring invoices")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("recurringrun", "recurring", "invoice"),
            models.UniqueConstraint(
                fields=["company", "recurring", "date"], name="recurring_run_once_a_date"
            ),
            SqlCheck("(invoice_id IS NULL) = (error <> '')", name="recurring_run_has_a_result"),
        )

    def __str__(self) -> str:
        return str(self.date)
