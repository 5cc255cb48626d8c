"""Settings of the company, for owners (SP-8)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError
from tenancy.context import current_company_id
from tenancy.forms.company import CompanySettingsForm
from tenancy.models import Company
from tenancy.permissions import page, principal_of
from tenancy.services.companies import company_update


@page("tenancy.company.edit")
def company_settings(request: HttpRequest) -> HttpResponse:
    """What stands on documents, terms, commission rules. Posted documents keep what they were issued with."""
    principal = principal_of(request)
    company = Company.objects.get(pk=current_company_id())
    names = list(CompanySettingsForm.base_fields)
    form = CompanySettingsForm(
        request.POST or None, initial={name: getattr(company, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            company_update(
                company=company,
                changes={name: form.cleaned_data[name] for name in names},
                actor_id=principal.user_id,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("tenancy:company-settings")
    return render(
        request,
        "tenancy/company_settings.html",
        {"form": form, "settings": company},
        status=form.status,
    )
