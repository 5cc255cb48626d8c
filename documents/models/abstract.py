"""Abstract header and line of every document: plain columns and constraints, no behaviour."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, PercentField, QuantityField, RateField, UnitPriceField
from documents.lifecycle import Status
from tenancy.constraints import SqlCheck, TenantKey
from tenancy.context import current_company_id
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned

STATUS_CHOICES = (
    (Status.DRAFT, _("Draft")),
    (Status.POSTED, _("Posted")),
    (Status.PARTIALLY_PAID, _("Partially paid")),
    (Status.PAID, _("Paid")),
    (Status.VOID, _("Void")),
)

#: Why no strategy proposes the document for settlement; naming it by hand still settles it (accounting.md 6).
HOLD_CHOICES = (("disputed", _("Disputed")), ("on_hold", _("On hold")))


class DocumentHeader(CompanyOwned):
    """One document: who, when, the stored totals (FT-1), its state and version. Amounts in `currency`."""

    branch = TenantForeignKey("tenancy.Branch", verbose_name=_("branch"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    series = models.CharField(max_length=60, blank=True, editable=False)
    sequence_number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    external_id = models.CharField(_("reference of the source"), max_length=120, blank=True)
    status = models.CharField(
        _("status"), max_length=16, choices=STATUS_CHOICES, default=Status.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    issue_date = models.DateField(_("date"))
    due_date = models.DateField(_("due date"), null=True, blank=True)
    supply_date = models.DateField(_("supply date"), null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="SAR")
    exchange_rate = RateField(_("exchange rate"), default=Decimal(1))
    # where the rate is from and of which day; of a typed one the reason instead
    rate_source = models.CharField(_("source"), max_length=60, blank=True, db_default="")
    rate_date = models.DateField(_("day of the rate"), null=True, blank=True)
    rate_reason = models.CharField(
        _("why the rate was typed"), max_length=200, blank=True, db_default=""
    )
    prices_include_tax = models.BooleanField(_("prices include VAT"), default=False)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    notes_arabic = models.TextField(_("notes in Arabic"), max_length=2000, blank=True)
    document_discount = AmountField(_("discount"), default=Decimal(0))
    subtotal = AmountField(_("net"), null=True, default=Decimal(0))
    tax_amount = AmountField(_("VAT"), null=True, default=Decimal(0))
    total = AmountField(_("total"), null=True, default=Decimal(0))
    tax_breakdown = models.JSONField(_("VAT by category and rate"), default=list)
    line_count = models.PositiveIntegerField(default=0)
    base_total = AmountField(_("total in base currency"), default=Decimal(0))
    base_tax_amount = AmountField(_("VAT in base currency"), default=Decimal(0))
    allocated_amount = AmountField(_("settled"), default=Decimal(0))
    settlement_hold = models.CharField(
        _("held back"), max_length=8, choices=HOLD_CHOICES, blank=True, default="", db_default=""
    )
    #: Base currency relieved by the allocations; what is left of base_total is the carrying amount of the open rest.
    allocated_base = AmountField(
        _("settled in base currency"), default=Decimal(0), db_default=Decimal(0)
    )
    open_amount = models.GeneratedField(
        expression=models.F("total") - models.F("allocated_amount"),
        output_field=AmountField(),
        db_persist=True,
        verbose_name=_("open"),
    )
    is_posted = models.GeneratedField(
        expression=models.Case(
            models.When(status="draft", then=models.Value(False)), default=models.Value(True)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_locked = models.BooleanField(_("locked"), default=False)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    seller = models.JSONField(default=dict, blank=True)
    buyer = models.JSONField(default=dict, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *CompanyOwned.Meta.constraints,
            TenantKey("branch", name="%(app_label)s_%(class)s_branch_tenant_fk"),
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=~models.Q(number=""),
                name="%(app_label)s_%(class)s_number_once",
            ),
            models.UniqueConstraint(
                fields=["company", "series", "sequence_number"],
                condition=models.Q(sequence_number__isnull=False),
                name="%(app_label)s_%(class)s_sequence_once",
            ),
            models.UniqueConstraint(
                fields=["company", "external_id"],
                condition=~models.Q(external_id=""),
                name="%(app_label)s_%(class)s_external_once",
            ),
            SqlCheck(
                "status IN ('draft', 'posted', 'partially_paid', 'paid', 'void')",
                name="%(app_label)s_%(class)s_status_known",
            ),
            SqlCheck(
                "status = 'draft' OR (number <> '' AND posted_at IS NOT NULL AND total IS NOT NULL)",
                name="%(app_label)s_%(class)s_number_when_posted",
            ),
            SqlCheck(
                "subtotal <> 'NaN' AND tax_amount <> 'NaN' AND total <> 'NaN' AND total >= 0 "
                "AND document_discount <> 'NaN' AND document_discount >= 0 "
                "AND allocated_amount <> 'NaN' AND base_total <> 'NaN' AND base_tax_amount <> 'NaN' "
                "AND exchange_rate <> 'NaN' AND exchange_rate > 0",
                name="%(app_label)s_%(class)s_amounts_finite",
            ),
            SqlCheck(
                "total = round(total, currency_digits(currency)) "
                "AND tax_amount = round(tax_amount, currency_digits(currency)) "
                "AND subtotal = round(subtotal, currency_digits(currency))",
                name="%(app_label)s_%(class)s_minor_units",
            ),
            SqlCheck(
                "abs(total - subtotal - tax_amount) <= 0.05",
                name="%(app_label)s_%(class)s_total_adds_up",
            ),
            SqlCheck(
                "allocated_amount >= 0 AND allocated_amount <= total",
                name="%(app_label)s_%(class)s_allocation_bounds",
            ),
            SqlCheck(
                "allocated_base <> 'NaN' AND allocated_base >= 0 AND allocated_base <= base_total",
                name="%(app_label)s_%(class)s_allocated_base_bounds",
            ),
            SqlCheck(
                "settlement_hold IN ('', 'disputed', 'on_hold')",
                name="%(app_label)s_%(class)s_hold_known",
            ),
        )


class DocumentLine(CompanyOwned):
    """One line of a document. The concrete model adds `document` and `item`. Amounts in the header's currency."""

    document_id: uuid.UUID
    item_id: uuid.UUID | None

    # the key of the document holds the company already: a second check of half a million imported lines buys nothing
    company = models.ForeignKey(
        "tenancy.Company",
        on_delete=models.PROTECT,
        default=current_company_id,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    position = models.PositiveIntegerField(_("position"))
    item_code = models.CharField(_("code"), max_length=60, blank=True)
    description = models.CharField(_("description"), max_length=500)
    description_arabic = models.CharField(_("description in Arabic"), max_length=500, blank=True)
    quantity = QuantityField(_("quantity"))
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    unit_price = UnitPriceField(_("unit price"))
    discount_percent = PercentField(_("discount percent"), default=Decimal(0))
    discount_amount = AmountField(_("discount"), default=Decimal(0))
    tax_category = models.CharField(_("VAT category"), max_length=1, default="S")
    tax_rate = PercentField(_("VAT rate"), default=Decimal(15))
    tax_code = models.CharField(_("VAT code"), max_length=12, blank=True)
    net_amount = AmountField(_("net"), default=Decimal(0))
    tax_amount = AmountField(_("VAT"), default=Decimal(0))
    gross_amount = AmountField(_("total"), default=Decimal(0))

    class Meta:
        abstract = True
        ordering = ("position",)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *CompanyOwned.Meta.constraints,
            TenantKey("document", name="%(app_label)s_%(class)s_document_tenant_fk"),
            TenantKey("item", name="%(app_label)s_%(class)s_item_tenant_fk"),
            models.UniqueConstraint(
                fields=["company", "document", "position"],
                name="%(app_label)s_%(class)s_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            SqlCheck(
                "quantity <> 'NaN' AND quantity > 0 AND unit_price <> 'NaN' AND unit_price >= 0",
                name="%(app_label)s_%(class)s_quantity_price",
            ),
            SqlCheck(
                "discount_percent <> 'NaN' AND discount_percent BETWEEN 0 AND 100 "
                "AND discount_amount <> 'NaN' AND discount_amount >= 0 "
                "AND net_amount <> 'NaN' AND net_amount >= 0 AND tax_amount <> 'NaN' "
                "AND gross_amount <> 'NaN'",
                name="%(app_label)s_%(class)s_amounts_finite",
            ),
            SqlCheck(
                "tax_category IN ('S', 'Z', 'E', 'O') AND tax_rate IN (0, 5, 15)",
                name="%(app_label)s_%(class)s_tax_known",
            ),
            SqlCheck("description <> ''", name="%(app_label)s_%(class)s_described"),
        )
