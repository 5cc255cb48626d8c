"""Journals by hand: drafts with lines, templates to start from, and schedules that make them (accounting.md section 4)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, PercentField, RateField
from tenancy.constraints import SqlCheck, finite, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned

KINDS = (("normal", _("Normal")), ("accrual", _("Accrual, reverses itself")))


class JournalTemplate(CompanyOwned):
    """Lines to start a journal from; their amounts are fixed, a percent of one amount, or left to be typed."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default="normal")
    currency = models.CharField(_("currency"), max_length=3)
    description = models.CharField(_("description"), max_length=300, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("name",)
        verbose_name = _("journal template")
        verbose_name_plural = _("journal templates")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "name"], name="journal_template_name_once"),
            SqlCheck("kind IN ('normal', 'accrual')", name="journal_template_kind_known"),
        )

    def __str__(self) -> str:
        return self.name


class JournalTemplateLine(CompanyOwned):
    """One line of a template. `amount` is in the template's currency, `percent` of the amount asked for."""

    class Mode(models.TextChoices):
        FIXED = "fixed", _("Fixed amount")
        PERCENT = "percent", _("Percent of the amount")
        EMPTY = "empty", _("Typed each time")

    # the audit of lines knows their record by this column
    template = TenantForeignKey(
        JournalTemplate,
        related_name="lines",
        on_delete=models.CASCADE,
        db_column="document_id",
    )
    position = models.PositiveIntegerField()
    account = TenantForeignKey("ledger.Account", verbose_name=_("account"))
    side = models.CharField(_("side"), max_length=6)
    mode = models.CharField(_("amount"), max_length=7, choices=Mode.choices, default=Mode.FIXED)
    amount = AmountField(_("amount"), default=0)
    percent = PercentField(_("percent"), default=0)
    party_kind = models.CharField(max_length=12, blank=True)
    party_id = models.UUIDField(null=True, blank=True)
    tax_code = models.CharField(_("VAT code"), max_length=12, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("position",)
        verbose_name = _("line of a journal template")
        verbose_name_plural = _("lines of journal templates")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("journal_template_line", "template", "account"),
            finite("journal_template_line", "amount", "percent"),
            SqlCheck("side IN ('debit', 'credit')", name="journal_template_line_side_known"),
            SqlCheck(
                "mode IN ('fixed', 'percent', 'empty')", name="journal_template_line_mode_known"
            ),
            SqlCheck(
                "(party_kind = '') = (party_id IS NULL)",
                name="journal_template_line_party_complete",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.account_id}"


class RecurringJournal(CompanyOwned):
    """A template used by the calendar. Each due date makes one journal, whoever or whatever runs it."""

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", _("Monthly")
        QUARTERLY = "quarterly", _("Quarterly")

    class Result(models.TextChoices):
        NONE = "", _("Not run yet")
        DRAFT = "draft", _("Draft made")
        POSTED = "posted", _("Posted")
        FAILED = "failed", _("Failed")

    template = TenantForeignKey(JournalTemplate, verbose_name=_("template"))
    frequency = models.CharField(_("frequency"), max_length=9, choices=Frequency.choices)
    start_date = models.DateField(_("first date"))
    end_date = models.DateField(_("last date"), null=True, blank=True)
    runs = models.PositiveIntegerField(_("dates done"), default=0)
    next_date = models.DateField(_("next date"), null=True, blank=True)
    amount = AmountField(_("amount"), null=True, blank=True)
    post = models.BooleanField(_("post at once"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    last_date = models.DateField(_("last date run"), null=True, blank=True)
    last_result = models.CharField(
        _("last result"), max_length=6, choices=Result.choices, blank=True, default=""
    )
    last_message = models.CharField(_("message"), max_length=500, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("next_date",)
        verbose_name = _("recurring journal")
        verbose_name_plural = _("recurring journals")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("recurring_journal", "template"),
            SqlCheck(
                "amount IS NULL OR (amount <> 'NaN' AND amount > 0)",
                name="recurring_journal_amount_bounds",
            ),
            SqlCheck(
                "frequency IN ('monthly', 'quarterly')", name="recurring_journal_frequency_known"
            ),
            SqlCheck(
                "end_date IS NULL OR end_date >= start_date",
                name="recurring_journal_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.template_id} {self.frequency}"


class ManualJournal(CompanyOwned):
    """A journal made by a person. A draft may be out of balance; posted, it stands beside its journal entry for good.

    Amounts of its lines are in `currency`; `total` is the sum of the debits.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        POSTED = "posted", _("Posted")
        REVERSED = "reversed", _("Reversed")

    branch = TenantForeignKey("tenancy.Branch", verbose_name=_("branch"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    series = models.CharField(max_length=60, blank=True, editable=False)
    sequence_number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    external_id = models.CharField(_("reference of the source"), max_length=120, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=Status.DRAFT
    )
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default="normal")
    date = models.DateField(_("date"))
    currency = models.CharField(_("currency"), max_length=3)
    rate = RateField(_("exchange rate"), default=1)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    total = AmountField(_("total"), default=0)
    line_count = models.PositiveIntegerField(default=0)
    reverse_reason = models.CharField(_("reason of the reversal"), max_length=300, blank=True)
    recurring = TenantForeignKey(
        RecurringJournal, null=True, blank=True, related_name="journals", verbose_name=_("schedule")
    )
    recurring_date = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    posted_at = models.DateTimeField(_("posted at"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("manual journal")
        verbose_name_plural = _("manual journals")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("manual_journal", "branch", "recurring"),
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=~models.Q(number=""),
                name="manual_journal_number_once",
            ),
            models.UniqueConstraint(
                fields=["company", "series", "sequence_number"],
                condition=models.Q(sequence_number__isnull=False),
                name="manual_journal_sequence_once",
            ),
            models.UniqueConstraint(
                fields=["company", "external_id"],
                condition=~models.Q(external_id=""),
                name="manual_journal_external_once",
            ),
            models.UniqueConstraint(
                fields=["company", "recurring", "recurring_date"],
                condition=models.Q(recurring__isnull=False),
                name="manual_journal_recurring_once",
            ),
            finite("manual_journal", "total"),
            SqlCheck("rate <> 'NaN' AND rate > 0", name="manual_journal_rate_positive"),
            SqlCheck("kind IN ('normal', 'accrual')", name="manual_journal_kind_known"),
            SqlCheck(
                "status IN ('draft', 'posted', 'reversed')", name="manual_journal_status_known"
            ),
            SqlCheck(
                "status = 'draft' OR (number <> '' AND posted_at IS NOT NULL AND line_count >= 2)",
                name="manual_journal_number_when_posted",
            ),
            SqlCheck(
                "(recurring_id IS NULL) = (recurring_date IS NULL)",
                name="manual_journal_recurring_complete",
            ),
        )
        indexes = (models.Index(fields=["company", "-date", "-id"], name="manual_journal_date"),)

    def __str__(self) -> str:
        return self.number or str(self.pk)


class ManualJournalLine(CompanyOwned):
    """One side of a manual journal in its currency. While it is a draft both sides may be zero still."""

    # the audit of lines knows their record by this column
    journal = TenantForeignKey(
        ManualJournal, related_name="lines", on_delete=models.CASCADE, db_column="document_id"
    )
    position = models.PositiveIntegerField()
    account = TenantForeignKey("ledger.Account", verbose_name=_("account"))
    debit = AmountField(_("debit"), default=0)
    credit = AmountField(_("credit"), default=0)
    party_kind = models.CharField(max_length=12, blank=True)
    party_id = models.UUIDField(null=True, blank=True)
    tax_code = models.CharField(_("VAT code"), max_length=12, blank=True)
    taxable_amount = AmountField(_("taxable amount"), null=True, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("position",)
        verbose_name = _("line of a manual journal")
        verbose_name_plural = _("lines of manual journals")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("manual_journal_line", "journal", "account"),
            models.UniqueConstraint(
                fields=["company", "journal", "position"],
                name="manual_journal_line_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            finite("manual_journal_line", "debit", "credit"),
            SqlCheck("debit = 0 OR credit = 0", name="manual_journal_line_one_side"),
            SqlCheck(
                "taxable_amount IS NULL OR taxable_amount <> 'NaN'",
                name="manual_journal_line_taxable_finite",
            ),
            SqlCheck(
                "(party_kind = '') = (party_id IS NULL)", name="manual_journal_line_party_complete"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit} {self.credit}"
