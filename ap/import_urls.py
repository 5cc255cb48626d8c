"""Import of bills and supplier credits from a file: its pages and their addresses."""

from __future__ import annotations

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from ap.imports.columns import FIELD_LABELS, LAYOUT_LABELS
from ap.imports.rows import NEEDED
from ap.selectors.editing import purchase_vat_choices
from ap.selectors.suppliers import account_codes
from ap.services.import_jobs import BILL_IMPORT
from documents.views.imports import ImportPages, Setting, import_urls

PAGES = ImportPages(
    kind=BILL_IMPORT,
    prefix="ap:bill-import",
    start="ap:bill-import",
    title=_("Import bills"),
    labels=FIELD_LABELS,
    required=NEEDED,
    layouts=LAYOUT_LABELS,
    settings=(
        Setting(
            "tax_code",
            _("VAT code"),
            _("For all rows; amounts hold their VAT."),
            lambda actor: [(one.code, one.label) for one in purchase_vat_choices()],
            width="w-4",
        ),
        Setting(
            "account",
            _("Account"),
            _("For all rows."),
            lambda actor: [("", _("Other expenses")), *account_codes()],
            width="w-4",
        ),
    ),
    targets=(
        (_("To the bills"), "ap:bill-list"),
        (_("To the supplier credits"), "ap:supplier-credit-list"),
    ),
)

urlpatterns: list[URLPattern] = import_urls(PAGES, "bills/import/")
