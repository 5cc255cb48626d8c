"""Tables of the reports: alerts, VAT returns and files being made."""

from reports.models.alerts import Alert, AlertDismissal
from reports.models.exports import ExportJob
from reports.models.vat import VatReturn, VatReturnRow

__all__ = ["Alert", "AlertDismissal", "ExportJob", "VatReturn", "VatReturnRow"]
