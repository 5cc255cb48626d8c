"""VAT returns: figures frozen when prepared, with the rows behind each box (accounting.md section 9)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, RateField
from tenancy.constraints import SqlCheck, SqlExclude, finite, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class VatReturn(CompanyOwned):
    """The return of a month or quarter. Amounts in base currency; `net_due` negative: a credit."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        FILED = "filed", _("Filed")
        PAID = "paid", _("Paid")

    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.PREPARED
    )
    figures = models.JSONField(_("boxes"))
    correction = AmountField(_("corrections of previous periods"), default=0)
    correction_reason = models.CharField(_("reason of the corrections"), max_length=300, blank=True)
    carried_forward = AmountField(_("credit carried forward"), default=0)
    net_due = AmountField(_("net VAT due"), default=0)
    filing_entry = TenantForeignKey("ledger.JournalEntry", null=True, blank=True)
    payment_entry = TenantForeignKey("ledger.JournalEntry", null=True, blank=True)
    prepared_at = models.DateTimeField(_("prepared at"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    unfile_reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(CompanyOwned.Meta):
        ordering = ("-start_date",)
        verbose_name = _("VAT return")
        verbose_name_plural = _("VAT returns")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("vat_return", "filing_entry", "payment_entry"),
            SqlCheck("end_date >= start_date", name="vat_return_dates_in_order"),
            SqlCheck("state IN ('prepared', 'filed', 'paid')", name="vat_return_state_known"),
            SqlCheck(
                "state = 'prepared' OR filed_at IS NOT NULL", name="vat_return_filed_complete"
            ),
            SqlCheck(
                "correction = 0 OR (correction_reason <> '' AND correction BETWEEN -5000 AND 5000)",
                name="vat_return_correction_bounds",
            ),
            finite("vat_return", "correction", "net_due", minimum=None),
            SqlCheck(
                "carried_forward <> 'NaN' AND carried_forward >= 0",
                name="vat_return_carried_finite",
            ),
            SqlExclude(
                "USING gist (company_id WITH =, daterange(start_date, end_date, '[]') WITH &&)",
                name="vat_return_no_overlap",
            ),
        )

    def __str__(self) -> str:
        return f"{self.start_date} - {self.end_date}"


class VatReturnRow(CompanyOwned):
    """What one journal entry brings into one box; box 14: movements of VAT accounts outside the boxes."""

    vat_return = TenantForeignKey(VatReturn, related_name="rows")
    box = models.PositiveSmallIntegerField(_("box"))
    is_adjustment = models.BooleanField(_("adjustment"), default=False)
    entry = TenantForeignKey("ledger.JournalEntry")
    date = models.DateField(_("tax date"))
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    source_number = models.CharField(_("number"), max_length=60, blank=True)
    party_kind = models.CharField(max_length=12, blank=True)
    party_id = models.UUIDField(null=True, blank=True)
    party_name = models.CharField(_("party"), max_length=300, blank=True)
    party_vat_number = models.CharField(_("VAT number"), max_length=30, blank=True)
    tax_code = models.CharField(_("VAT code"), max_length=12, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    rate = RateField(_("exchange rate"))
    net = AmountField(_("net"))
    output_vat = AmountField(_("output VAT"), default=0)
    input_vat = AmountField(_("input VAT"), default=0)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("row of a VAT return")
        verbose_name_plural = _("rows of VAT returns")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("vat_return_row", "vat_return", "entry"),
            SqlCheck("box BETWEEN 1 AND 14", name="vat_return_row_box_known"),
            finite("vat_return_row", "net", "output_vat", "input_vat", minimum=None),
            SqlCheck("rate <> 'NaN' AND rate > 0", name="vat_return_row_rate"),
        )
        indexes = (
            models.Index(
                fields=["company", "vat_return", "box", "date", "id"], name="vat_return_row_box"
            ),
        )

    def __str__(self) -> str:
        return f"{self.box} {self.source_number}"
