"""One upload on its way into bills and supplier credits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models.import_job import ImportJobRow
from tenancy.constraints import finite


class BillImportJob(ImportJobRow):
    """An upload of bills. `tax_code` and `account` (its code) count for all rows; `warned` rows came in all the same."""

    tax_code = models.CharField(_("VAT code"), max_length=12, default="P15")
    account = models.CharField(_("account"), max_length=20, blank=True)
    warned = models.PositiveIntegerField(_("rows with a warning"), default=0)

    class Meta(ImportJobRow.Meta):
        abstract = False
        verbose_name = _("import of bills")
        verbose_name_plural = _("imports of bills")
        constraints = (
            *ImportJobRow.Meta.constraints,
            finite("bill_import_job", "net", "vat", minimum=None),
        )
        indexes = (models.Index(fields=["company", "-created_at"], name="bill_import_job_by_date"),)
