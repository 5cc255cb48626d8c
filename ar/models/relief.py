"""What settles part of an invoice without money or a credit note: bad debts and prepayments that are used up."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, finite, in_minor_units, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class Relief(CompanyOwned):
    """An amount of one invoice that a journal entry of our own relieves. Amounts in the invoice's currency.

    `base_amount` is the carrying amount relieved, in base currency. Undone by the mirror of its journal.
    """

    class Status(models.TextChoices):
        POSTED = "posted", _("Posted")
        VOID = "void", _("Undone")

    invoice = TenantForeignKey("ar.Invoice", related_name="+", verbose_name=_("invoice"))
    date = models.DateField(_("date"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = AmountField(_("amount"))
    tax_amount = AmountField(_("VAT"), default=Decimal(0))
    base_amount = AmountField(_("amount in base currency"))
    #: Amounts taken off so far of each VAT code: [{"code", "net", "tax", "base_net", "base_tax"}].
    shares = models.JSONField(default=list)
    entry = TenantForeignKey("ledger.JournalEntry")
    status = models.CharField(
        _("status"), max_length=6, choices=Status.choices, default=Status.POSTED
    )
    undone_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        abstract = True
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("%(class)s", "invoice", "entry"),
            finite("%(class)s", "amount", "tax_amount", "base_amount"),
            in_minor_units("%(class)s", "amount", "tax_amount"),
            SqlCheck("amount > 0", name="%(class)s_takes_something"),
            SqlCheck("status IN ('posted', 'void')", name="%(class)s_status_known"),
        )


class WriteOff(Relief):
    """The rest of an invoice given up as a bad debt (S12), with its reason and what is claimed back of its VAT."""

    branch = TenantForeignKey("tenancy.Branch", verbose_name=_("branch"))
    number = models.CharField(_("number"), max_length=60)
    series = models.CharField(max_length=60, blank=True, editable=False)
    sequence_number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    against_allowance = models.BooleanField(_("against the allowance"), default=False)
    vat_relief = models.BooleanField(_("VAT is claimed back"), default=False)
    reason = models.CharField(_("reason"), max_length=300)
    vat_reason = models.CharField(_("why VAT is claimed back"), max_length=300, blank=True)

    class Meta(Relief.Meta):
        abstract = False
        verbose_name = _("write-off")
        verbose_name_plural = _("write-offs")
        constraints = (
            *Relief.Meta.constraints,
            *tenant_keys("writeoff", "branch"),
            models.UniqueConstraint(fields=["company", "number"], name="write_off_number_once"),
            models.UniqueConstraint(
                fields=["company", "series", "sequence_number"], name="write_off_sequence_once"
            ),
            SqlCheck("reason <> ''", name="write_off_has_reason"),
            SqlCheck(
                "vat_relief = (vat_reason <> '') AND (vat_relief OR tax_amount = 0)",
                name="write_off_vat_relief_has_reason",
            ),
        )
        indexes = (
            models.Index(fields=["company", "invoice"], name="write_off_by_invoice"),
            models.Index(fields=["company", "-date", "-id"], name="write_off_by_date"),
        )

    def __str__(self) -> str:
        return self.number


class PrepaymentUse(Relief):
    """A part of a paid prepayment invoice used on a final invoice (S10)."""

    prepayment = TenantForeignKey(
        "ar.Invoice", related_name="uses", verbose_name=_("prepayment invoice")
    )

    class Meta(Relief.Meta):
        abstract = False
        verbose_name = _("prepayment used")
        verbose_name_plural = _("prepayments used")
        constraints = (
            *Relief.Meta.constraints,
            *tenant_keys("prepaymentuse", "prepayment"),
            SqlCheck("invoice_id <> prepayment_id", name="prepayment_use_of_another"),
        )
        indexes = (
            models.Index(fields=["company", "invoice"], name="prepayment_use_by_invoice"),
            models.Index(fields=["company", "prepayment"], name="prepayment_use_by_source"),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
