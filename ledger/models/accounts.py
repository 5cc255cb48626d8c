"""Chart of accounts and VAT codes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import PercentField
from tenancy.constraints import SqlCheck, finite, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class Account(CompanyOwned):
    """A ledger account. Posting code names its role, never its code (accounting.md section 3)."""

    class Kind(models.TextChoices):
        HEADER = "header", _("Heading")
        ASSET = "asset", _("Asset")
        CONTRA_ASSET = "contra_asset", _("Deduction from assets")
        LIABILITY = "liability", _("Liability")
        EQUITY = "equity", _("Equity")
        REVENUE = "revenue", _("Revenue")
        CONTRA_REVENUE = "contra_revenue", _("Deduction from revenue")
        EXPENSE = "expense", _("Expense")
        CONTRA_EXPENSE = "contra_expense", _("Deduction from expenses")

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    name_arabic = models.CharField(_("name in Arabic"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    normal_side = models.CharField(_("normal side"), max_length=6, blank=True)
    role = models.CharField(_("role"), max_length=40, blank=True)
    subledger = models.CharField(_("subledger"), max_length=20, blank=True)
    parent = TenantForeignKey("self", null=True, blank=True, verbose_name=_("heading"))
    is_posting = models.BooleanField(_("accepts postings"), default=True)
    is_monetary = models.BooleanField(_("monetary item"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("code",)
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("account", "parent"),
            models.UniqueConstraint(fields=["company", "code"], name="account_code_once"),
            models.UniqueConstraint(
                fields=["company", "role"], condition=~models.Q(role=""), name="account_role_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class TaxCode(CompanyOwned):
    """A VAT code: direction, e-invoice category, rate, box of the return, accounts (accounting.md section 9)."""

    code = models.CharField(_("code"), max_length=12)
    direction = models.CharField(_("direction"), max_length=8)
    category = models.CharField(_("category"), max_length=1)
    rate = PercentField(_("rate"))
    box = models.CharField(_("box of the return"), max_length=4, blank=True)
    vat_account_role = models.CharField(max_length=40, blank=True)
    counter_account_role = models.CharField(max_length=40, blank=True)
    revenue_role = models.CharField(max_length=40, blank=True)
    reason_code = models.CharField(_("reason code"), max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=120)
    name_arabic = models.CharField(_("name in Arabic"), max_length=120)
    is_default = models.BooleanField(_("default of its rate"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("direction", "code")
        verbose_name = _("VAT code")
        verbose_name_plural = _("VAT codes")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "code"], name="tax_code_once"),
            models.UniqueConstraint(
                fields=["company", "direction", "category", "rate"],
                condition=models.Q(is_default=True),
                name="tax_code_one_default",
            ),
            finite("tax_code", "rate"),
            SqlCheck("category IN ('S', 'Z', 'E', 'O')", name="tax_code_category_known"),
            SqlCheck("direction IN ('sale', 'purchase')", name="tax_code_direction_known"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
