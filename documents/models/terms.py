"""Payment terms: when a document is due, and what paying early is worth."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import PercentField
from documents.terms import DueRule, Terms
from tenancy.constraints import SqlCheck
from tenancy.models import CompanyOwned


class PaymentTerms(CompanyOwned):
    """Named terms of a company, for customers, suppliers and single documents."""

    class Rule(models.TextChoices):
        ON_RECEIPT = DueRule.ON_RECEIPT.value, _("Due on receipt")
        NET = DueRule.NET.value, _("Days after the date of the document")
        MONTH_END = DueRule.MONTH_END.value, _("Days after the end of the month")

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    name_arabic = models.CharField(_("name in Arabic"), max_length=120, blank=True)
    rule = models.CharField(_("due"), max_length=9, choices=Rule.choices, default=Rule.NET)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    discount_percent = PercentField(_("discount for paying early, percent"), default=Decimal(0))
    discount_days = models.PositiveSmallIntegerField(_("within days"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("code",)
        verbose_name = _("payment terms")
        verbose_name_plural = _("payment terms")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "code"], name="payment_terms_code_once"),
            SqlCheck(
                "days <= 365 AND discount_days <= 365 AND discount_percent <> 'NaN' "
                "AND discount_percent >= 0 AND discount_percent < 100 "
                "AND (rule <> 'receipt' OR days = 0)",
                name="payment_terms_bounds",
            ),
            SqlCheck("rule IN ('receipt', 'net', 'month_end')", name="payment_terms_rule_known"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def rules(self) -> Terms:
        """What the date arithmetic needs."""
        return Terms(DueRule(self.rule), self.days, self.discount_percent, self.discount_days)
