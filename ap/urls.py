"""Addresses of payables: bills, supplier credits, suppliers, what is paid in advance."""

from django.urls import URLPattern, URLResolver, path

from ap.crediting import BILL_CREDIT
from ap.document_pages import BILL_PAGES, SUPPLIER_CREDIT_PAGES
from ap.import_urls import urlpatterns as import_urls
from ap.views import lookups, prepaid, suppliers
from documents.page_urls import document_urls
from documents.views.crediting import credit_urls

app_name = "ap"
urlpatterns: list[URLPattern | URLResolver] = [
    path("bills/find/items/", lookups.item_lookup, name="item-lookup"),
    path("bills/find/suppliers/", lookups.supplier_lookup, name="supplier-lookup"),
    path("bills/find/accounts/", lookups.account_lookup, name="account-lookup"),
    path("bills/find/rows/", lookups.rows_lookup, name="rows-lookup"),
    path("bills/find/number/", lookups.bill_duplicate, name="bill-duplicate"),
    path("bills/<uuid:bill_id>/prepaid/", lookups.bill_prepaid, name="bill-prepaid"),
    *import_urls,
    *document_urls(BILL_PAGES, "bills/"),
    *credit_urls(BILL_CREDIT, "bills/"),
    *document_urls(SUPPLIER_CREDIT_PAGES, "supplier-credits/"),
    path("prepaid/", prepaid.prepaid_list, name="prepaid-list"),
    path("prepaid/run/", prepaid.prepaid_run_page, name="prepaid-run"),
    path("suppliers/", suppliers.supplier_list, name="supplier-list"),
    path("suppliers/new/", suppliers.supplier_create_page, name="supplier-create"),
    path("suppliers/<uuid:supplier_id>/", suppliers.supplier_detail, name="supplier-detail"),
    path("suppliers/<uuid:supplier_id>/edit/", suppliers.supplier_edit_page, name="supplier-edit"),
    path(
        "suppliers/<uuid:supplier_id>/activity/",
        suppliers.supplier_activity,
        name="supplier-activity",
    ),
]
