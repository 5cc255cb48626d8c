"""Which money, or which credit note, settled which invoice. Append-only (P4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class Allocation(CompanyOwned):
    """An amount of a payment or of a credit note set against one invoice of the same customer and currency.

    Undone by a mirror row with a negative amount that names the original.
    """

    payment = TenantForeignKey(
        "payments.Payment", null=True, blank=True, related_name="allocations"
    )
    credit_note = TenantForeignKey("ar.CreditNote", null=True, blank=True)
    invoice = TenantForeignKey("ar.Invoice", related_name="allocations")
    customer = TenantForeignKey("ar.Customer")
    currency = models.CharField(_("currency"), max_length=3)
    date = models.DateField(_("date"))
    amount = AmountField(_("amount"))
    undoes = TenantForeignKey("self", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("allocation", "payment", "credit_note", "invoice", "customer", "undoes"),
            models.UniqueConstraint(
                fields=["company", "undoes"],
                condition=models.Q(undoes__isnull=False),
                name="allocation_undone_once",
            ),
            SqlCheck("num_nonnulls(payment_id, credit_note_id) = 1", name="allocation_one_source"),
            SqlCheck(
                "amount <> 'NaN' AND amount <> 0 AND (amount > 0) = (undoes_id IS NULL)",
                name="allocation_amount_sign",
            ),
            SqlCheck(
                "amount = round(amount, currency_digits(currency))", name="allocation_minor_units"
            ),
        )
        indexes = (
            models.Index(fields=["company", "invoice", "date"], name="allocation_by_invoice"),
            models.Index(fields=["company", "payment"], name="allocation_by_payment"),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
