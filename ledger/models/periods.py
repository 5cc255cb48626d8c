"""Accounting periods, lock dates and exchange rates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import RateField
from tenancy.constraints import SqlCheck, SqlExclude
from tenancy.models import CompanyOwned


class Period(CompanyOwned):
    """A month of the books. Nothing is posted into a closed one (L6).

    Into a closing one posts only who may, and those entries are marked as adjustments.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSING = "closing", _("Closing")
        CLOSED = "closed", _("Closed")

    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopen_reason = models.CharField(
        _("why it was reopened"), max_length=300, blank=True, db_default=""
    )
    version = models.PositiveIntegerField(default=1)

    class Meta(CompanyOwned.Meta):
        ordering = ("start_date",)
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "start_date"], name="period_start_once"),
            SqlCheck("end_date >= start_date", name="period_dates_in_order"),
            SqlCheck("state IN ('open', 'closing', 'closed')", name="period_state_known"),
            SqlExclude(
                "USING gist (company_id WITH =, daterange(start_date, end_date, '[]') WITH &&)",
                name="period_no_overlap",
            ),
        )

    def __str__(self) -> str:
        return f"{self.start_date:%Y-%m}"


class LockDate(CompanyOwned):
    """Up to and including this day nothing more is posted in an area, whatever the period's state.

    `general` looks after every book; `tax` is set by filing a VAT return and looks after the lines of the return.
    """

    class Area(models.TextChoices):
        SALES = "sales", _("Sales")
        PURCHASES = "purchases", _("Purchases")
        MONEY = "money", _("Money")
        STOCK = "stock", _("Stock")
        GENERAL = "general", _("All books")
        TAX = "tax", _("VAT")

    area = models.CharField(_("area"), max_length=10, choices=Area.choices)
    until = models.DateField(_("locked until"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(CompanyOwned.Meta):
        verbose_name = _("lock date")
        verbose_name_plural = _("lock dates")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "area"], name="lock_date_once"),
            SqlCheck(
                "area IN ('sales', 'purchases', 'money', 'stock', 'general', 'tax')",
                name="lock_date_area_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area} {self.until}"


class ExchangeRate(CompanyOwned):
    """Base units for one foreign unit on a day, with its source (accounting.md section 5)."""

    currency = models.CharField(_("currency"), max_length=3)
    date = models.DateField(_("date"))
    rate = RateField(_("rate"))
    source = models.CharField(_("source"), max_length=60, blank=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("currency", "-date")
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "currency", "date"], name="rate_once_a_day"),
            SqlCheck("rate <> 'NaN' AND rate > 0", name="rate_positive"),
        )

    def __str__(self) -> str:
        return f"{self.currency} {self.date} {self.rate}"
