"""Addresses of receivables: invoices, credit notes, customers."""

from django.urls import URLPattern, URLResolver, path

from ar.crediting import INVOICE_CREDIT
from ar.customer_urls import urlpatterns as customer_urls
from ar.document_pages import CREDIT_NOTE_PAGES, INVOICE_PAGES
from ar.import_urls import urlpatterns as import_urls
from ar.receivable_urls import urlpatterns as receivable_urls
from ar.views import lookups
from documents.page_urls import document_urls
from documents.views.crediting import credit_urls

app_name = "ar"
urlpatterns: list[URLPattern | URLResolver] = [
    path("invoices/find/items/", lookups.item_lookup, name="item-lookup"),
    path("invoices/find/customers/", lookups.customer_lookup, name="customer-lookup"),
    path("invoices/find/rows/", lookups.rows_lookup, name="rows-lookup"),
    *document_urls(INVOICE_PAGES, "invoices/"),
    *credit_urls(INVOICE_CREDIT, "invoices/"),
    *document_urls(CREDIT_NOTE_PAGES, "credit-notes/"),
    *customer_urls,
    *import_urls,
    *receivable_urls,
]
