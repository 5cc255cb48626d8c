"""What settled what: money, a credit or a journal entry against a document or a refund. Append-only (P4)."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, tenant_keys
from tenancy.context import current_company_id
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned

_AMOUNTS = (
    "amount",
    "source_amount",
    "base_amount",
    "source_base_amount",
    "discount_amount",
    "discount_base",
    "write_off_amount",
    "write_off_base",
)


class Allocation(CompanyOwned):
    """Joins one negative open item to one positive open item of the same party (accounting.md section 6).

    `amount` is what the target loses, in `currency`, the target's. It is paid by `source_amount` of the source, in
    the source's currency, by an early-payment discount (S11) and by a small difference written off (R4), both in the
    target's. The `_base` columns are their values in base currency: `base_amount` the carrying amount relieved on the
    target, `source_base_amount` the one used on the source; what differs is the realised exchange difference.
    Undone by a mirror row with negative amounts that names the original.
    """

    # the keys of both items hold the company already
    company = models.ForeignKey(
        "tenancy.Company",
        on_delete=models.PROTECT,
        default=current_company_id,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    payment = TenantForeignKey(
        "payments.Payment", null=True, blank=True, related_name="allocations"
    )
    credit_note = TenantForeignKey("ar.CreditNote", null=True, blank=True, related_name="+")
    supplier_credit = TenantForeignKey("ap.SupplierCredit", null=True, blank=True, related_name="+")
    entry = TenantForeignKey("ledger.JournalEntry", null=True, blank=True, related_name="+")
    invoice = TenantForeignKey("ar.Invoice", null=True, blank=True, related_name="allocations")
    bill = TenantForeignKey("ap.Bill", null=True, blank=True, related_name="allocations")
    refund = TenantForeignKey("payments.Payment", null=True, blank=True, related_name="refunded")
    customer = TenantForeignKey("ar.Customer", null=True, blank=True, related_name="+")
    supplier = TenantForeignKey("ap.Supplier", null=True, blank=True, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    date = models.DateField(_("date"))
    amount = AmountField(_("amount"))
    source_amount = AmountField(default=Decimal(0), db_default=Decimal(0))
    base_amount = AmountField(default=Decimal(0), db_default=Decimal(0))
    source_base_amount = AmountField(default=Decimal(0), db_default=Decimal(0))
    discount_amount = AmountField(_("discount"), default=Decimal(0), db_default=Decimal(0))
    discount_base = AmountField(default=Decimal(0), db_default=Decimal(0))
    write_off_amount = AmountField(_("written off"), default=Decimal(0), db_default=Decimal(0))
    write_off_base = AmountField(default=Decimal(0), db_default=Decimal(0))
    #: Its differences are part of the journal entry of its payment, not of an entry of their own.
    with_payment = models.BooleanField(default=False, db_default=False)
    undoes = TenantForeignKey("self", null=True, blank=True, related_name="undone_by")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys(
                "allocation",
                "payment",
                "credit_note",
                "supplier_credit",
                "entry",
                "invoice",
                "bill",
                "refund",
                "customer",
                "supplier",
                "undoes",
            ),
            models.UniqueConstraint(
                fields=["company", "undoes"],
                condition=models.Q(undoes__isnull=False),
                name="allocation_undone_once",
            ),
            SqlCheck(
                "num_nonnulls(payment_id, credit_note_id, supplier_credit_id, entry_id) = 1",
                name="allocation_one_source",
            ),
            SqlCheck(
                "num_nonnulls(invoice_id, bill_id, refund_id) = 1", name="allocation_one_target"
            ),
            # receivables or payables, never both
            SqlCheck(
                "num_nonnulls(customer_id, supplier_id) = 1 "
                "AND (invoice_id IS NULL OR customer_id IS NOT NULL) "
                "AND (bill_id IS NULL OR supplier_id IS NOT NULL) "
                "AND (credit_note_id IS NULL OR customer_id IS NOT NULL) "
                "AND (supplier_credit_id IS NULL OR supplier_id IS NOT NULL)",
                name="allocation_one_side",
            ),
            SqlCheck(
                "amount <> 'NaN' AND amount <> 0 AND (amount > 0) = (undoes_id IS NULL)",
                name="allocation_amount_sign",
            ),
            SqlCheck(
                " AND ".join(
                    f"{name} <> 'NaN' AND {name} * sign(amount) >= 0" for name in _AMOUNTS[1:]
                )
                + " AND abs(discount_amount + write_off_amount) <= abs(amount)",
                name="allocation_parts_bounds",
            ),
            SqlCheck(
                "amount = round(amount, currency_digits(currency)) "
                "AND discount_amount = round(discount_amount, currency_digits(currency)) "
                "AND write_off_amount = round(write_off_amount, currency_digits(currency))",
                name="allocation_minor_units",
            ),
        )
        indexes = (
            models.Index(fields=["company", "invoice", "date"], name="allocation_by_invoice"),
            models.Index(fields=["company", "payment"], name="allocation_by_payment"),
            models.Index(
                fields=["company", "bill", "date"],
                condition=models.Q(bill__isnull=False),
                name="allocation_by_bill",
            ),
            models.Index(
                fields=["company", "refund"],
                condition=models.Q(refund__isnull=False),
                name="allocation_by_refund",
            ),
            models.Index(
                fields=["company", "supplier_credit"],
                condition=models.Q(supplier_credit__isnull=False),
                name="allocation_by_supplier_credit",
            ),
            models.Index(
                fields=["company", "entry"],
                condition=models.Q(entry__isnull=False),
                name="allocation_by_entry",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
