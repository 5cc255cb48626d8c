"""Addresses of payments."""

from django.urls import path

from payments.views import payments, revaluation, take

app_name = "payments"
urlpatterns = [
    path("payments/", payments.payment_list, name="payment-list"),
    path("payments/new/", take.payment_create, name="payment-create"),
    path("payments/proposal/", take.payment_proposal, name="payment-proposal"),
    path(
        "payments/of-invoice/<uuid:invoice_id>/", payments.invoice_section, name="invoice-section"
    ),
    path("payments/<uuid:payment_id>/", payments.payment_detail, name="payment-detail"),
    path("payments/<uuid:payment_id>/rest/", payments.payment_use_rest, name="payment-use-rest"),
    path("payments/<uuid:payment_id>/reverse/", payments.payment_reverse, name="payment-reverse"),
    path("revaluation/", revaluation.revaluation_last, name="revaluation-last"),
    path("revaluation/<uuid:period_id>/", revaluation.revaluation, name="revaluation"),
    path("revaluation/<uuid:period_id>/post/", revaluation.revaluation_do, name="revaluation-post"),
    path(
        "revaluation/<uuid:period_id>/undo/", revaluation.revaluation_back, name="revaluation-undo"
    ),
]
