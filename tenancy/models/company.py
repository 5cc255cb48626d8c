"""Companies (the tenants) and their branches."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, PercentField
from tenancy.constraints import SqlCheck, finite
from tenancy.models.owned import CompanyOwned

vat_number_format = RegexValidator(
    r"^3[0-9]{13}3\Z", _("A VAT number has 15 digits and starts and ends with 3.")
)


class Company(models.Model):
    """A tenant. Its row is visible only while it is the current company."""

    class CommissionBase(models.TextChoices):
        NET = "net", _("Net without VAT")
        GROSS = "gross", _("Total with VAT")
        MARGIN = "margin", _("Margin")

    class InventoryMethod(models.TextChoices):
        MANUAL = "manual", _("By hand, in journals")
        PERPETUAL = "perpetual", _("With every movement of stock")

    class VatPeriod(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_arabic = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    vat_number = models.CharField(
        _("VAT number"), max_length=15, blank=True, validators=[vat_number_format]
    )
    cr_number = models.CharField(_("commercial registration"), max_length=20, blank=True)
    currency = models.CharField(_("base currency"), max_length=3, default="SAR")
    country = models.CharField(_("country"), max_length=2, default="SA")
    street = models.CharField(_("street"), max_length=200, blank=True)
    street_arabic = models.CharField(_("street in Arabic"), max_length=200, blank=True)
    building_number = models.CharField(_("building number"), max_length=10, blank=True)
    district = models.CharField(_("district"), max_length=120, blank=True)
    district_arabic = models.CharField(_("district in Arabic"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    city_arabic = models.CharField(_("city in Arabic"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Riyadh")
    payment_terms_days = models.PositiveSmallIntegerField(_("payment terms in days"), default=30)
    commission_base = models.CharField(
        _("commission base"),
        max_length=6,
        choices=CommissionBase.choices,
        default=CommissionBase.NET,
    )
    commission_tax_percent = PercentField(
        _("tax kept from commissions, percent"), default=Decimal(0)
    )
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"), default=1
    )
    prices_include_tax = models.BooleanField(_("prices include VAT"), default=False)
    inventory_method = models.CharField(
        _("how goods are kept in the books"),
        max_length=9,
        choices=InventoryMethod.choices,
        default=InventoryMethod.MANUAL,
    )
    rate_max_age_days = models.PositiveSmallIntegerField(
        _("longest age of an exchange rate, in days"), default=7, db_default=7
    )
    number_backdating_days = models.PositiveSmallIntegerField(
        _("days a document may be dated before its predecessor in number"), null=True, blank=True
    )
    vat_period = models.CharField(
        _("VAT period"),
        max_length=7,
        choices=VatPeriod.choices,
        default=VatPeriod.QUARTER,
        db_default=VatPeriod.QUARTER,
    )
    vat_reverse_charge_in_box_1 = models.BooleanField(
        _("reverse charge also in box 1"), default=False, db_default=False
    )
    small_difference_limit = AmountField(
        _("largest difference written off on a document"), default=Decimal(1), db_default=Decimal(1)
    )
    small_difference_day_limit = AmountField(
        _("largest sum of differences written off in a day"),
        default=Decimal(10),
        db_default=Decimal(10),
    )
    supplier_advances = models.BooleanField(
        _("money paid ahead to suppliers stands on the advances account"),
        default=False,
        db_default=False,
    )
    settle_by_issue_date = models.BooleanField(
        _("settle by date of the document, not by due date"), default=False, db_default=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        permissions = (
            ("sell_below_minimum_margin", "Sell below the minimum margin"),
            ("override_credit_limit", "Override the credit limit"),
            ("ar.invoice.lock", "Lock and unlock invoices"),
            ("ar.invoice.post", "Post invoices"),
            ("payments.payment.create", "Register payments"),
            ("ledger.period.post_closing", "Post into a closing period"),
        )
        constraints = (
            SqlCheck(
                "vat_number = '' OR vat_number ~ '^3[0-9]{13}3$'", name="company_vat_number_format"
            ),
            finite("company", "commission_tax_percent"),
            SqlCheck("commission_tax_percent <= 100", name="company_commission_tax_at_most_100"),
            SqlCheck("fiscal_year_start_month BETWEEN 1 AND 12", name="company_fiscal_month"),
            SqlCheck("rate_max_age_days BETWEEN 0 AND 366", name="company_rate_max_age"),
            finite("company", "small_difference_limit", "small_difference_day_limit"),
            SqlCheck("vat_period IN ('month', 'quarter')", name="company_vat_period_known"),
        )

    def __str__(self) -> str:
        return self.name


class Branch(CompanyOwned):
    """A place of business of a company; documents and number series belong to one."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    name_arabic = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "code"], name="branch_code_once"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(is_default=True), name="branch_one_default"
            ),
        )

    def __str__(self) -> str:
        return self.name
