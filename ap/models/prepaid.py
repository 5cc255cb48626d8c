"""Months of a prepaid bill line: one row for each month, booked by the monthly run (G1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import finite, in_minor_units, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class PrepaidPart(CompanyOwned):
    """What one month of a prepaid line costs, in base currency. Written by posting the bill; the last takes the residue.

    `entry` is set by the run that books it. A supplier credit lowers `amount` of rows not booked yet, to 0 at most.
    """

    bill = TenantForeignKey("ap.Bill", related_name="prepaid_parts", verbose_name=_("bill"))
    line = TenantForeignKey("ap.BillLine", verbose_name=_("bill line"))
    position = models.PositiveSmallIntegerField(_("month"))
    date = models.DateField(_("date"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = AmountField(_("amount"))
    prepaid_account = TenantForeignKey("ledger.Account", verbose_name=_("prepaid account"))
    expense_account = TenantForeignKey("ledger.Account", verbose_name=_("expense account"))
    entry = TenantForeignKey(
        "ledger.JournalEntry", null=True, blank=True, verbose_name=_("journal entry")
    )

    class Meta(CompanyOwned.Meta):
        ordering = ("date", "position")
        verbose_name = _("prepaid month")
        verbose_name_plural = _("prepaid months")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys(
                "prepaid_part", "bill", "line", "prepaid_account", "expense_account", "entry"
            ),
            models.UniqueConstraint(
                fields=["company", "line", "position"], name="prepaid_part_once"
            ),
            finite("prepaid_part", "amount"),
            in_minor_units("prepaid_part", "amount"),
        )
        indexes = (
            models.Index(fields=["company", "bill"], name="prepaid_part_by_bill"),
            models.Index(
                fields=["company", "date"],
                condition=models.Q(entry__isnull=True),
                name="prepaid_part_to_book",
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.amount}"
