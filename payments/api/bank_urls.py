"""Addresses of bank statements and their matching."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from payments.api.bank import (
    BankAccountList,
    BankFileDetail,
    BankStatementDetail,
    BankStatementList,
)
from payments.api.bank_matching import (
    BankLineList,
    BankLineMatch,
    BankLineProposals,
    BankLinesMatchSure,
    BankMatchUndo,
)
from payments.api.bank_rules import BankRuleDetail, BankRuleList

urlpatterns: list[URLPattern] = [
    *both("bank-accounts", BankAccountList, "bank-account-list"),
    *both("bank-files/<uuid:file_id>", BankFileDetail, "bank-file-detail"),
    *both("bank-statements", BankStatementList, "bank-statement-list"),
    *both("bank-statements/<uuid:statement_id>", BankStatementDetail, "bank-statement-detail"),
    *both("bank-lines", BankLineList, "bank-line-list"),
    *both("bank-lines/match-sure", BankLinesMatchSure, "bank-lines-match-sure"),
    *both("bank-lines/<uuid:line_id>/proposals", BankLineProposals, "bank-line-proposals"),
    *both("bank-lines/<uuid:line_id>/match", BankLineMatch, "bank-line-match"),
    *both("bank-matches/<uuid:match_id>/undo", BankMatchUndo, "bank-match-undo"),
    *both("bank-rules", BankRuleList, "bank-rule-list"),
    *both("bank-rules/<uuid:rule_id>", BankRuleDetail, "bank-rule-detail"),
]
