"""Import of invoices and credit notes from a file: its pages and their addresses."""

from __future__ import annotations

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from ar.imports.layouts import FIELD_LABELS, FIELDS, LAYOUTS, REQUIRED_FIELDS
from ar.services.import_jobs import INVOICE_IMPORT
from documents.views.imports import ImportPages, Setting, import_urls

PAGES = ImportPages(
    kind=INVOICE_IMPORT,
    prefix="ar:import",
    start="ar:invoice-import",
    title=_("Import invoices"),
    labels={name: FIELD_LABELS[name] for name in FIELDS},
    required=REQUIRED_FIELDS,
    layouts={layout.name: layout.label for layout in LAYOUTS.values()},
    settings=(
        Setting(
            "tax_rate",
            _("VAT rate"),
            _("For rows that name none."),
            lambda actor: [("15", "15 %"), ("5", "5 %"), ("0", "0 %")],
        ),
    ),
    targets=(
        (_("To the invoices"), "ar:invoice-list"),
        (_("To the credit notes"), "ar:credit-note-list"),
    ),
)

urlpatterns: list[URLPattern] = import_urls(PAGES, "invoices/import/")
