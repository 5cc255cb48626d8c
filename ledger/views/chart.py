"""Changing the chart of accounts, and which account carries which role."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.inputs import parse_uuid
from ledger.forms.accounts import AccountForm
from ledger.models import Account
from ledger.services.accounts import (
    PERMISSION,
    account_create,
    account_delete,
    account_update,
    has_postings,
    role_assign,
)
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest


@page(PERMISSION)
def account_new(request: HtmxHttpRequest) -> HttpResponse:
    """A new account."""
    form = AccountForm(request.POST or None, initial={"is_active": True, "kind": "expense"})
    if request.method == "POST" and form.is_valid():
        try:
            account = account_create(values=form.values(), actor=principal_of(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": account})
            return redirect("ledger:chart")
    return render(request, "ledger/account_form.html", {"form": form}, status=form.status)


@page(PERMISSION)
def account_edit(request: HtmxHttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """An account: names, heading, whether it accepts postings."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise Http404
    initial = {name: getattr(account, name) for name in AccountForm.base_fields if name != "parent"}
    form = AccountForm(
        request.POST or None, initial={**initial, "parent": str(account.parent_id or "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            account_update(account_id=account_id, values=form.values(), actor=principal_of(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ledger:chart")
    return render(
        request,
        "ledger/account_form.html",
        {
            "form": form,
            "account": account,
            "may_delete": not account.role and not has_postings(account.pk),
        },
        status=form.status,
    )


@require_POST
@page(PERMISSION)
def account_remove(request: HtmxHttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Delete an account that was never used."""
    try:
        account_delete(account_id=account_id, actor=principal_of(request))
    except DomainError as error:
        if error.code == "not_found":
            raise Http404 from error
        messages.error(request, error.message)
        return redirect("ledger:account-edit", account_id=account_id)
    messages.success(request, _("The account was deleted."))
    return redirect("ledger:chart")


@page(PERMISSION)
def role_map(request: HtmxHttpRequest) -> HttpResponse:
    """Each role with its account; POST (`role`, `account`) gives a role to another account."""
    refused = ""
    if request.method == "POST":
        try:
            account = role_assign(
                role=request.POST.get("role", ""),
                account_id=parse_uuid(request.POST.get("account"), field="account"),
                actor=principal_of(request),
            )
        except DomainError as error:
            refused = error.message
        else:
            messages.success(
                request,
                _("%(account)s carries %(role)s now.") % {"account": account, "role": account.role},
            )
            return redirect("ledger:roles")
    accounts = list(Account.objects.filter(is_posting=True, is_active=True).order_by("code"))
    return render(
        request,
        "ledger/roles.html",
        {
            "rows": [account for account in accounts if account.role],
            "free": [account for account in accounts if not account.role],
            "refusals": [refused] if refused else [],
            "role": request.POST.get("role", ""),
        },
        status=422 if refused else 200,
    )
