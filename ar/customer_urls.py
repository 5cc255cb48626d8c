"""Addresses of customers, included by ar.urls under the name space `ar`."""

from django.urls import URLPattern, path

from ar.views import customers

urlpatterns: list[URLPattern] = [
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/new/", customers.customer_create_page, name="customer-create"),
    path("customers/<uuid:customer_id>/", customers.customer_detail, name="customer-detail"),
    path("customers/<uuid:customer_id>/edit/", customers.customer_edit_page, name="customer-edit"),
]
