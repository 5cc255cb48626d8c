"""Addresses of payments."""

from django.urls import path

from payments.views import accounts, bank, bank_rules, bank_work, payments, revaluation, take

app_name = "payments"
urlpatterns = [
    path("payments/", payments.payment_list, name="payment-list"),
    path("payments/new/", take.payment_create, name="payment-create"),
    path("payments/proposal/", take.payment_proposal, name="payment-proposal"),
    path(
        "payments/of-invoice/<uuid:invoice_id>/", payments.invoice_section, name="invoice-section"
    ),
    path("payments/of-bill/<uuid:bill_id>/", payments.bill_section, name="bill-section"),
    path(
        "payments/of-credit-note/<uuid:credit_id>/",
        payments.credit_note_section,
        name="credit-note-section",
    ),
    path(
        "payments/of-supplier-credit/<uuid:credit_id>/",
        payments.supplier_credit_section,
        name="supplier-credit-section",
    ),
    path("payments/allocate/<slug:kind>/<uuid:credit_id>/", payments.credit_use, name="credit-use"),
    path(
        "payments/allocations/<uuid:allocation_id>/undo/",
        payments.allocation_back,
        name="allocation-undo",
    ),
    path(
        "payments/allocations/<uuid:allocation_id>/again/",
        payments.allocation_again,
        name="allocation-again",
    ),
    path(
        "payments/open-items/<slug:party>/<uuid:party_id>/", payments.open_items, name="open-items"
    ),
    path("payment-accounts/", accounts.account_list, name="account-list"),
    path("payment-accounts/new/", accounts.account_create, name="account-create"),
    path("payment-accounts/<uuid:account_id>/", accounts.account_edit, name="account-edit"),
    path("payments/<uuid:payment_id>/", payments.payment_detail, name="payment-detail"),
    path("payments/<uuid:payment_id>/rest/", payments.payment_use_rest, name="payment-use-rest"),
    path("payments/<uuid:payment_id>/reverse/", payments.payment_reverse, name="payment-reverse"),
    path("revaluation/", revaluation.revaluation_last, name="revaluation-last"),
    path("revaluation/<uuid:period_id>/", revaluation.revaluation, name="revaluation"),
    path("revaluation/<uuid:period_id>/post/", revaluation.revaluation_do, name="revaluation-post"),
    path(
        "revaluation/<uuid:period_id>/undo/", revaluation.revaluation_back, name="revaluation-undo"
    ),
    path("bank/", bank.bank_home, name="bank-home"),
    path("bank/import/", bank.bank_upload, name="bank-upload"),
    path("bank/import/<uuid:token>/", bank.bank_columns, name="bank-columns"),
    path("bank/files/<uuid:file_id>/", bank.bank_file, name="bank-file"),
    path("bank/accounts/<uuid:account_id>/", bank_work.bank_account, name="bank-account"),
    path(
        "bank/accounts/<uuid:account_id>/sure/",
        bank_work.bank_confirm_sure,
        name="bank-confirm-sure",
    ),
    path(
        "bank/accounts/<uuid:account_id>/statements/", bank.bank_statements, name="bank-statements"
    ),
    path("bank/accounts/<uuid:account_id>/details/", bank.bank_details, name="bank-details"),
    path(
        "bank/statements/<uuid:statement_id>/remove/",
        bank.bank_statement_remove,
        name="bank-statement-remove",
    ),
    path("bank/matches/<uuid:match_id>/", bank_work.bank_match, name="bank-match"),
    path("bank/matches/<uuid:match_id>/undo/", bank_work.bank_undo, name="bank-undo"),
    path("bank/rules/", bank_rules.rule_list, name="bank-rules"),
    path("bank/rules/new/", bank_rules.rule_edit, name="bank-rule-create"),
    path("bank/rules/<uuid:rule_id>/", bank_rules.rule_edit, name="bank-rule"),
]
