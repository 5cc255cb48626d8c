"""Payment accounts: list, create, edit, deactivate."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError
from payments.forms.payments import PaymentAccountForm
from payments.models import PaymentAccount
from payments.services.accounts import payment_account_create, payment_account_update
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest


@page("payments.account.view")
def account_list(request: HtmxHttpRequest) -> HttpResponse:
    """Tills, bank accounts and card clearing with their ledger accounts."""
    rows = PaymentAccount.objects.select_related("account").order_by("-is_active", "code")
    return render(request, "payments/account_list.html", {"rows": rows})


@page("payments.account.edit")
def account_create(request: HtmxHttpRequest) -> HttpResponse:
    """Open a payment account."""
    principal = principal_of(request)
    form = PaymentAccountForm(
        request.POST or None,
        initial={"currency": principal.currency, "kind": "bank", "is_active": True},
    )
    if request.method == "POST" and form.is_valid():
        try:
            account = payment_account_create(values=form.values(), actor=principal)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s takes payments now.") % {"name": account.name})
            return redirect("payments:account-list")
    return render(request, "payments/account_form.html", {"form": form}, status=form.status)


@page("payments.account.edit")
def account_edit(request: HtmxHttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Change a payment account; without the tick it takes no more payments."""
    principal = principal_of(request)
    account = PaymentAccount.objects.filter(pk=account_id).first()
    if account is None:
        raise Http404
    names = ("code", "kind", "name", "name_arabic", "currency", "is_active", "version")
    at_bank = ("bank_name", "iban", "account_number")
    form = PaymentAccountForm(
        request.POST or None,
        initial={
            **{name: getattr(account, name) for name in (*names, *at_bank)},
            "account": str(account.account_id),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            payment_account_update(
                account_id=account_id,
                values=form.values(),
                version=form.cleaned_data["version"],
                actor=principal,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The payment account was saved."))
            return redirect("payments:account-list")
    return render(
        request,
        "payments/account_form.html",
        {"form": form, "account": account},
        status=form.status,
    )
