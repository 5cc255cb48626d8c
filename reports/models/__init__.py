"""Tables of the reports: VAT returns."""

from reports.models.vat import VatReturn, VatReturnRow

__all__ = ["VatReturn", "VatReturnRow"]
