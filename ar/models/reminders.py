"""Reminders: what each level says, and what was sent to whom about which invoice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, finite, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class ReminderLevel(CompanyOwned):
    """The company's own words and waiting times for one of the three levels."""

    level = models.PositiveSmallIntegerField(_("level"))
    days_overdue = models.PositiveSmallIntegerField(_("days after the due date"))
    days_since_last = models.PositiveSmallIntegerField(_("days after the last reminder"))
    subject = models.CharField(_("subject"), max_length=200)
    subject_arabic = models.CharField(_("subject in Arabic"), max_length=200)
    body = models.TextField(_("text"), max_length=4000)
    body_arabic = models.TextField(_("text in Arabic"), max_length=4000)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("level",)
        verbose_name = _("reminder level")
        verbose_name_plural = _("reminder levels")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "level"], name="reminder_level_once"),
            SqlCheck(
                "level BETWEEN 1 AND 3 AND days_overdue <= 365 AND days_since_last <= 365",
                name="reminder_level_bounds",
            ),
        )

    def __str__(self) -> str:
        return str(self.level)


class Reminder(CompanyOwned):
    """One e-mail to one customer about all that was due then. Written before it is sent; the row is the outbox."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")

    customer = TenantForeignKey("ar.Customer", verbose_name=_("customer"))
    level = models.PositiveSmallIntegerField(_("level"))
    date = models.DateField(_("date"))
    language = models.CharField(_("language"), max_length=2)
    email = models.EmailField(_("e-mail"))
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"), max_length=6000)
    amount = AmountField(_("overdue in base currency"))
    status = models.CharField(
        _("status"), max_length=6, choices=Status.choices, default=Status.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(_("answer"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("reminder", "customer"),
            finite("reminder", "amount"),
            SqlCheck("level BETWEEN 1 AND 3", name="reminder_level_known"),
            SqlCheck("status IN ('queued', 'sent', 'failed')", name="reminder_status_known"),
        )
        indexes = (
            models.Index(fields=["company", "customer", "-date"], name="reminder_by_customer"),
            models.Index(fields=["company", "-created_at"], name="reminder_by_date"),
        )

    def __str__(self) -> str:
        return self.subject


class ReminderItem(CompanyOwned):
    """An invoice a reminder named, at which level: never twice the same one."""

    reminder = TenantForeignKey(Reminder, related_name="items")
    invoice = TenantForeignKey("ar.Invoice", related_name="+")
    level = models.PositiveSmallIntegerField(_("level"))

    class Meta(CompanyOwned.Meta):
        verbose_name = _("invoice of a reminder")
        verbose_name_plural = _("invoices of a reminder")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("reminderitem", "reminder", "invoice"),
            models.UniqueConstraint(
                fields=["company", "invoice", "level"], name="reminder_level_once_for_invoice"
            ),
            SqlCheck("level BETWEEN 1 AND 3", name="reminder_item_level_known"),
        )
        indexes = (models.Index(fields=["company", "reminder"], name="reminder_item_of"),)

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.level}"
