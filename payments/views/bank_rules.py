"""Rules for bank lines: list, add, change, put out of use."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.errors import DomainError
from payments.forms.bank import RuleForm
from payments.models import MatchRule
from payments.services.bank_rules import TypedRule, rule_delete, rule_get, rule_save
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import paginate


@page("payments.bank.view")
@require_GET
def rule_list(request: HtmxHttpRequest) -> HttpResponse:
    """Rules in the order they are tried."""
    rows = MatchRule.objects.select_related("account", "payment_account").order_by(
        "-is_active", "position", "name"
    )
    return render(request, "payments/bank/rules.html", {"page": paginate(request, rows)})


@page("payments.bank.rules")
def rule_edit(request: HtmxHttpRequest, rule_id: uuid.UUID | None = None) -> HttpResponse:
    """Add a rule, or change one."""
    rule = rule_get(rule_id) if rule_id else None
    if request.method == "POST" and rule is not None and "delete" in request.POST:
        rule_delete(rule_id=rule.pk, actor=principal_of(request))
        messages.success(request, _("The rule is out of use."))
        return redirect("payments:bank-rules")
    form = RuleForm(request.POST if request.method == "POST" else None, initial=_initial(rule))
    if form.is_bound and form.is_valid():
        data = dict(form.cleaned_data)
        version = data.pop("version")
        account, own = data.pop("account"), data.pop("payment_account")
        data["position"] = data["position"] or 0
        try:
            rule_save(
                typed=TypedRule(
                    account_id=uuid.UUID(account),
                    payment_account_id=uuid.UUID(own) if own else None,
                    **data,
                ),
                rule_id=rule_id,
                version=version,
                actor=principal_of(request),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("payments:bank-rules")
    return render(
        request, "payments/bank/rule.html", {"form": form, "rule": rule}, status=form.status
    )


def _initial(rule: MatchRule | None) -> dict[str, Any]:
    if rule is None:
        return {"position": 100, "is_active": True, "sign": "any"}
    names = (
        "name",
        "position",
        "text",
        "sign",
        "amount_from",
        "amount_to",
        "tax_code",
        "description",
        "is_active",
        "version",
    )
    return {name: getattr(rule, name) for name in names} | {
        "account": str(rule.account_id),
        "payment_account": str(rule.payment_account_id or ""),
    }
