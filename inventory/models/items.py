"""Items and their categories (PS-5; stock has its own issue)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import History
from core.fields import PercentField, UnitPriceField
from core.ids import uuid7
from tenancy.constraints import SqlCheck, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class ItemCategory(CompanyOwned):
    """A group of items."""

    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=200)
    name_arabic = models.CharField(_("name in Arabic"), max_length=200, blank=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("code",)
        verbose_name = _("item category")
        verbose_name_plural = _("item categories")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "code"], name="item_category_code_once"),
        )

    def __str__(self) -> str:
        return self.name


class Item(CompanyOwned):
    """Goods or a service, with its price without VAT in the company's currency."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("Goods")
        SERVICE = "service", _("Service")

    code = models.CharField(_("code"), max_length=60)
    barcode = models.CharField(_("barcode"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=300)
    name_arabic = models.CharField(_("name in Arabic"), max_length=300, blank=True)
    category = TenantForeignKey(ItemCategory, null=True, blank=True, verbose_name=_("category"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.GOODS)
    unit = models.CharField(_("unit"), max_length=20, default="pcs")
    price = UnitPriceField(_("price"), default=Decimal(0))
    tax_category = models.CharField(_("VAT category"), max_length=1, default="S")
    tax_rate = PercentField(_("VAT rate"), default=Decimal(15))
    tax_code = models.CharField(_("VAT code"), max_length=12, default="S15")
    is_controlled_drug = models.BooleanField(_("controlled drug"), default=False)
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
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("item", "category"),
            models.UniqueConstraint(fields=["company", "code"], name="item_code_once"),
            models.UniqueConstraint(
                fields=["company", "barcode"],
                condition=~models.Q(barcode=""),
                name="item_barcode_once",
            ),
            SqlCheck("price <> 'NaN' AND price >= 0", name="item_price_bounds"),
            SqlCheck(
                "tax_category IN ('S', 'Z', 'E', 'O') AND tax_rate IN (0, 5, 15)",
                name="item_tax_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
