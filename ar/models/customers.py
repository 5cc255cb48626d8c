"""Customers (SP-3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import History
from core.fields import AmountField
from core.ids import uuid7
from tenancy.constraints import SqlCheck, TenantKey
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned
from tenancy.models.company import vat_number_format


class CreditControl(models.TextChoices):
    """What posting does when an invoice takes the customer over the credit limit."""

    OFF = "off", _("Nothing")
    WARN = "warn", _("Warn")
    BLOCK = "block", _("Block")


class Customer(CompanyOwned):
    """A party sold to. `is_cash` marks the one that walk-in sales go to."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    name_arabic = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    vat_number = models.CharField(
        _("VAT number"), max_length=15, blank=True, validators=[vat_number_format]
    )
    cr_number = models.CharField(_("commercial registration"), max_length=20, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    building_number = models.CharField(_("building number"), max_length=10, blank=True)
    district = models.CharField(_("district"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    city_arabic = models.CharField(_("city in Arabic"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    country = models.CharField(_("country"), max_length=2, default="SA")
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, default="ar")
    payment_terms_days = models.PositiveSmallIntegerField(
        _("payment terms in days"), null=True, blank=True
    )
    terms = TenantForeignKey(
        "documents.PaymentTerms", null=True, blank=True, verbose_name=_("payment terms")
    )
    credit_limit = AmountField(_("credit limit"), null=True, blank=True)
    credit_control = models.CharField(
        _("when the limit is exceeded"),
        max_length=5,
        choices=CreditControl.choices,
        default=CreditControl.WARN,
        db_default=CreditControl.WARN.value,
    )
    reminders_stopped = models.BooleanField(_("no reminders"), default=False, db_default=False)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    is_cash = models.BooleanField(_("cash customer"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    search_text = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    history = History(
        history_id_field=models.UUIDField(default=uuid7), excluded_fields=["search_text"]
    )

    class Meta(CompanyOwned.Meta):
        ordering = ("code",)
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = (
            *CompanyOwned.Meta.constraints,
            TenantKey("terms", name="customer_terms_tenant_fk"),
            SqlCheck("credit_control IN ('off', 'warn', 'block')", name="customer_credit_control"),
            models.UniqueConstraint(fields=["company", "code"], name="customer_code_once"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(is_cash=True), name="customer_one_cash"
            ),
            SqlCheck(
                "vat_number = '' OR vat_number ~ '^3[0-9]{13}3$'", name="customer_vat_number_format"
            ),
            SqlCheck(
                "credit_limit IS NULL OR (credit_limit <> 'NaN' AND credit_limit >= 0)",
                name="customer_credit_limit_bounds",
            ),
        )

    def __str__(self) -> str:
        return self.name
