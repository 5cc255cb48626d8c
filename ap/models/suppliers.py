"""Suppliers (SP-3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import History
from core.fields import PercentField
from core.ids import uuid7
from tenancy.constraints import SqlCheck, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class Supplier(CompanyOwned):
    """A party bought from. `account` and `tax_code` are what its bill lines begin with."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    name_arabic = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
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
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(
        _("payment terms in days"), null=True, blank=True
    )
    account = TenantForeignKey(
        "ledger.Account", null=True, blank=True, verbose_name=_("usual account")
    )
    tax_code = models.CharField(_("usual VAT code"), max_length=12, blank=True)
    withholding_percent = PercentField(_("withholding tax, percent"), null=True, blank=True)
    bank_name = models.CharField(_("bank"), max_length=120, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    bank_account = models.CharField(_("account number"), max_length=40, blank=True)
    swift = models.CharField(_("SWIFT code"), max_length=11, blank=True)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
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
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("supplier", "account"),
            models.UniqueConstraint(fields=["company", "code"], name="supplier_code_once"),
            SqlCheck(
                "vat_number = '' OR (country = 'SA' AND vat_number ~ '^3[0-9]{13}3$') "
                "OR (country <> 'SA' AND vat_number ~ '^[A-Z0-9]{5,20}$')",
                name="supplier_vat_number_format",
            ),
            SqlCheck(
                "iban = '' OR iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'",
                name="supplier_iban_format",
            ),
            SqlCheck(
                "withholding_percent IS NULL OR (withholding_percent <> 'NaN' "
                "AND withholding_percent BETWEEN 0 AND 100)",
                name="supplier_withholding_bounds",
            ),
        )

    def __str__(self) -> str:
        return self.name
