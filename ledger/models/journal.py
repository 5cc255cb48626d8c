"""Journal entries, their lines, and the balances kept with them. Append-only in the database (L3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, RateField
from tenancy.constraints import SqlCheck, finite, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class JournalEntry(CompanyOwned):
    """One balanced set of lines, caused by one document or person. Never changed; corrected by a reversal."""

    class Kind(models.TextChoices):
        NORMAL = "normal", _("Normal")
        OPENING = "opening", _("Opening")
        ACCRUAL = "accrual", _("Accrual")
        REVALUATION = "revaluation", _("Revaluation")
        TAX = "tax", _("Tax")
        CLOSING = "closing", _("Closing")
        REVERSAL = "reversal", _("Reversal")

    date = models.DateField(_("date"))
    period = TenantForeignKey("ledger.Period", verbose_name=_("period"))
    book = models.CharField(_("book"), max_length=3)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NORMAL)
    source_kind = models.CharField(_("source"), max_length=40)
    source_id = models.UUIDField()
    source_number = models.CharField(_("source number"), max_length=60, blank=True)
    purpose = models.CharField(_("purpose"), max_length=30, default="post")
    description = models.CharField(_("description"), max_length=300, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    rate = RateField(_("rate"), default=1)
    line_count = models.PositiveIntegerField()
    total = AmountField(_("total"))
    reverses = TenantForeignKey("self", null=True, blank=True)
    # set by the database: posted while the period was closing; belongs to a year end (also its reversal)
    is_adjustment = models.BooleanField(
        _("adjustment"), default=False, db_default=False, editable=False
    )
    is_closing = models.BooleanField(_("year end"), default=False, db_default=False, editable=False)
    posted_at = models.DateTimeField(_("posted at"), auto_now_add=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta(CompanyOwned.Meta):
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("journal_entry", "period", "reverses"),
            models.UniqueConstraint(
                fields=["company", "source_kind", "source_id", "purpose"], name="journal_entry_once"
            ),
            models.UniqueConstraint(
                fields=["company", "reverses"],
                condition=models.Q(reverses__isnull=False),
                name="journal_entry_reversed_once",
            ),
            finite("journal_entry", "total", "rate"),
            SqlCheck("line_count >= 2", name="journal_entry_two_lines"),
            SqlCheck(
                "kind IN ('normal', 'opening', 'accrual', 'revaluation', 'tax', 'closing', 'reversal')",
                name="journal_entry_kind_known",
            ),
        )
        indexes = (
            models.Index(fields=["company", "date", "id"], name="journal_entry_date"),
            models.Index(
                fields=["company", "date"],
                condition=models.Q(is_closing=True),
                name="journal_entry_closing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.book} {self.date} {self.source_number}"


class JournalLine(CompanyOwned):
    """One side of an entry in base currency; debit xor credit (L2)."""

    entry = TenantForeignKey(JournalEntry, related_name="lines")
    position = models.PositiveIntegerField()
    account = TenantForeignKey("ledger.Account", verbose_name=_("account"))
    date = models.DateField(_("date"))
    debit = AmountField(_("debit"), default=0)
    credit = AmountField(_("credit"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    amount_currency = AmountField(_("amount in its currency"), default=0)
    party_kind = models.CharField(max_length=12, blank=True)
    party_id = models.UUIDField(null=True, blank=True)
    tax_code = models.CharField(max_length=12, blank=True)
    taxable_amount = AmountField(null=True, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("journal_line", "entry", "account"),
            finite("journal_line", "debit", "credit"),
            SqlCheck("(debit = 0) <> (credit = 0)", name="journal_line_one_side"),
            SqlCheck(
                "amount_currency <> 'NaN' AND (taxable_amount IS NULL OR taxable_amount <> 'NaN')",
                name="journal_line_finite",
            ),
            SqlCheck("(party_kind = '') = (party_id IS NULL)", name="journal_line_party_complete"),
        )
        indexes = (
            models.Index(fields=["company", "entry", "position"], name="journal_line_entry"),
            models.Index(fields=["company", "account", "date", "id"], name="journal_line_account"),
            models.Index(
                fields=["company", "party_id", "date"],
                condition=models.Q(party_id__isnull=False),
                name="journal_line_party",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit} {self.credit}"


class AccountBalance(CompanyOwned):
    """Sums of an account in a period, kept by the journal's trigger in the same statement (FT-5).

    What year ends booked has rows of its own (`is_closing`): profit and loss leaves them out.
    """

    account = TenantForeignKey("ledger.Account")
    period = TenantForeignKey("ledger.Period")
    currency = models.CharField(max_length=3)
    is_closing = models.BooleanField(default=False, db_default=False)
    debit = AmountField(default=0)
    credit = AmountField(default=0)
    amount_currency = AmountField(default=0)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("account balance")
        verbose_name_plural = _("account balances")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("account_balance", "account", "period"),
            models.UniqueConstraint(
                fields=["company", "account", "period", "currency", "is_closing"],
                name="account_balance_once",
            ),
            finite("account_balance", "debit", "credit"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.period_id}"
