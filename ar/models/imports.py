"""One upload on its way into invoices and credit notes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models.import_job import ImportJobRow
from tenancy.constraints import finite


class ImportJob(ImportJobRow):
    """An upload of invoices. `tax_rate` counts for rows that name none."""

    tax_rate = models.PositiveSmallIntegerField(_("VAT rate"), default=15)

    class Meta(ImportJobRow.Meta):
        abstract = False
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            *ImportJobRow.Meta.constraints,
            finite("import_job", "net", "vat", minimum=None),
        )
        indexes = (models.Index(fields=["company", "-created_at"], name="import_job_by_date"),)
