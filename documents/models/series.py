"""Number series, kept counts by state, and rendered PDFs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class NumberSequence(CompanyOwned):
    """Last number given in a series of (branch, kind, year); locked by the posting transaction (PS-14, D1)."""

    branch = TenantForeignKey("tenancy.Branch", verbose_name=_("branch"))
    kind = models.CharField(_("kind"), max_length=30)
    year = models.PositiveSmallIntegerField(_("year"))
    series = models.CharField(_("series"), max_length=60)
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("number_sequence", "branch"),
            models.UniqueConstraint(
                fields=["company", "branch", "kind", "year"], name="number_sequence_once"
            ),
            models.UniqueConstraint(fields=["company", "series"], name="number_series_once"),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.last_number}"


class DocumentSummary(CompanyOwned):
    """Count and sums of a company's documents by kind and state, kept by triggers (RR-11)."""

    kind = models.CharField(max_length=30)
    status = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    document_count = models.BigIntegerField(default=0)
    total = AmountField(default=0)
    open_amount = AmountField(default=0)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("document summary")
        verbose_name_plural = _("document summaries")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["company", "kind", "status", "currency"], name="document_summary_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.status} {self.document_count}"


class RenderedPdf(CompanyOwned):
    """A rendered PDF by content hash; over the size limit it lies in file storage instead (IF-8)."""

    kind = models.CharField(max_length=30)
    document_id = models.UUIDField()
    content_hash = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True)
    storage_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("rendered PDF")
        verbose_name_plural = _("rendered PDFs")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["company", "kind", "document_id"], name="rendered_pdf_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.document_id}"
