"""Payment accounts and payments (SP-5)."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import History
from core.fields import AmountField, RateField
from core.ids import uuid7
from tenancy.constraints import SqlCheck, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class PaymentAccount(CompanyOwned):
    """Where money is: a till, a bank account, card clearing. Each has its ledger account."""

    class Kind(models.TextChoices):
        CASH = "cash", _("Cash")
        BANK = "bank", _("Bank")
        CARD = "card", _("Card")

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    name_arabic = models.CharField(_("name in Arabic"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    account = TenantForeignKey("ledger.Account", verbose_name=_("ledger account"))
    currency = models.CharField(_("currency"), max_length=3, default="SAR")
    bank_name = models.CharField(_("bank"), max_length=120, blank=True, db_default="")
    iban = models.CharField("IBAN", max_length=34, blank=True, db_default="")
    account_number = models.CharField(_("account number"), max_length=40, blank=True, db_default="")
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta(CompanyOwned.Meta):
        ordering = ("code",)
        verbose_name = _("payment account")
        verbose_name_plural = _("payment accounts")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("payment_account", "account"),
            models.UniqueConstraint(fields=["company", "code"], name="payment_account_code_once"),
            models.UniqueConstraint(
                fields=["company", "iban"],
                condition=~models.Q(iban=""),
                name="payment_account_iban_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Payment(CompanyOwned):
    """Money received or paid. Its party is a customer or a supplier, never both.

    Received from a customer, or paid to a supplier: it settles their documents, the rest stays on account. Paid to a
    customer, or received from a supplier: a refund, itself settled by the credits it pays back (R5).
    """

    class Direction(models.TextChoices):
        IN = "in", _("Received")
        OUT = "out", _("Paid")

    class Status(models.TextChoices):
        POSTED = "posted", _("Posted")
        VOID = "void", _("Void")

    branch = TenantForeignKey("tenancy.Branch", verbose_name=_("branch"))
    number = models.CharField(_("number"), max_length=60)
    series = models.CharField(max_length=60, blank=True)
    sequence_number = models.PositiveIntegerField(null=True, blank=True)
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.IN
    )
    customer = TenantForeignKey(
        "ar.Customer", null=True, blank=True, verbose_name=_("customer"), related_name="payments"
    )
    supplier = TenantForeignKey(
        "ap.Supplier", null=True, blank=True, verbose_name=_("supplier"), related_name="payments"
    )
    payment_account = TenantForeignKey(PaymentAccount, verbose_name=_("payment account"))
    date = models.DateField(_("date"))
    currency = models.CharField(_("currency"), max_length=3)
    exchange_rate = RateField(_("exchange rate"), default=Decimal(1))
    amount = AmountField(_("amount"))
    withholding_tax = AmountField(_("withholding tax"), default=Decimal(0), db_default=Decimal(0))
    allocated_amount = AmountField(_("allocated"), default=Decimal(0))
    #: Base currency used up by the allocations.
    allocated_base = AmountField(default=Decimal(0), db_default=Decimal(0), editable=False)
    open_amount = models.GeneratedField(
        expression=models.F("amount") + models.F("withholding_tax") - models.F("allocated_amount"),
        output_field=AmountField(),
        db_persist=True,
        verbose_name=_("on account"),
    )
    base_amount = AmountField(_("amount in base currency"))
    base_withholding = AmountField(default=Decimal(0), db_default=Decimal(0), editable=False)
    #: The rest on account stands on the advances account until it is used (P13).
    is_advance = models.BooleanField(_("advance"), default=False, db_default=False)
    status = models.CharField(
        _("status"), max_length=6, choices=Status.choices, default=Status.POSTED
    )
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    void_date = models.DateField(_("reversed on"), null=True, blank=True)
    void_reason = models.CharField(
        _("reason of the reversal"), max_length=300, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    history = History(
        history_id_field=models.UUIDField(default=uuid7), excluded_fields=["open_amount"]
    )

    class Meta(CompanyOwned.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("payment", "branch", "customer", "supplier", "payment_account"),
            models.UniqueConstraint(fields=["company", "number"], name="payment_number_once"),
            models.UniqueConstraint(
                fields=["company", "series", "sequence_number"],
                condition=models.Q(sequence_number__isnull=False),
                name="payment_sequence_once",
            ),
            SqlCheck("num_nonnulls(customer_id, supplier_id) = 1", name="payment_one_party"),
            SqlCheck("direction IN ('in', 'out')", name="payment_direction_known"),
            SqlCheck(
                "withholding_tax <> 'NaN' AND base_withholding <> 'NaN' AND withholding_tax >= 0 "
                "AND base_withholding >= 0 AND (withholding_tax > 0) = (base_withholding > 0) "
                "AND (withholding_tax = 0 OR (direction = 'out' AND supplier_id IS NOT NULL))",
                name="payment_withholding",
            ),
            SqlCheck(
                "NOT is_advance OR (direction = 'out' AND supplier_id IS NOT NULL)",
                name="payment_advance_to_supplier",
            ),
            SqlCheck("(status = 'void') = (void_date IS NOT NULL)", name="payment_void_has_date"),
            SqlCheck(
                "amount <> 'NaN' AND amount > 0 AND allocated_amount <> 'NaN' "
                "AND allocated_amount >= 0 AND allocated_amount <= amount + withholding_tax "
                "AND allocated_base <> 'NaN' AND allocated_base >= 0 "
                "AND allocated_base <= base_amount + base_withholding "
                "AND base_amount <> 'NaN' AND base_amount >= 0 "
                "AND exchange_rate <> 'NaN' AND exchange_rate > 0",
                name="payment_allocation_bounds",
            ),
            SqlCheck(
                "amount = round(amount, currency_digits(currency)) "
                "AND withholding_tax = round(withholding_tax, currency_digits(currency)) "
                "AND allocated_amount = round(allocated_amount, currency_digits(currency))",
                name="payment_minor_units",
            ),
        )
        indexes = (
            models.Index(fields=["company", "-date", "-id"], name="payment_by_date"),
            models.Index(fields=["company", "customer", "-date"], name="payment_by_customer"),
            models.Index(
                fields=["company", "supplier", "-date"],
                condition=models.Q(supplier__isnull=False),
                name="payment_by_supplier",
            ),
        )

    def __str__(self) -> str:
        return self.number
