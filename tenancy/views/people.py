"""Own profile, and the members of the company."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenancy.forms.people import MemberAddForm, MemberChangeForm, PasswordForm, ProfileForm
from tenancy.models import CompanyUserGrant, Membership, User
from tenancy.permissions import page, principal_of, signed_in
from tenancy.principal import forget
from tenancy.roles import GRANTABLE, ROLE_PERMISSIONS
from tenancy.services.members import grant_set, member_add, member_change

#: What a right that an owner may hand out is called.
RIGHTS = {
    "sell_below_minimum_margin": gettext_lazy("Sell below the minimum margin"),
    "override_credit_limit": gettext_lazy("Override the credit limit"),
    "ar.invoice.post": gettext_lazy("Post invoices"),
    "payments.payment.create": gettext_lazy("Register payments"),
    "ledger.period.post_closing": gettext_lazy("Post into periods being closed"),
}


def own(request: HttpRequest) -> User:
    """Return the signed-in user."""
    return User.objects.get(pk=principal_of(request).user_id)


def _profile_page(
    request: HttpRequest, profile: ProfileForm, password: PasswordForm
) -> HttpResponse:
    status = max(profile.status, password.status)
    return render(
        request,
        "tenancy/profile.html",
        {"form": profile, "password_form": password},
        status=status,
    )


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language of oneself."""
    user = own(request)
    form = ProfileForm(
        request.POST or None, initial={"full_name": user.full_name, "language": user.language}
    )
    if request.method == "POST" and form.is_valid():
        user.full_name = form.cleaned_data["full_name"]
        user.language = form.cleaned_data["language"]
        user.save(update_fields=["full_name", "language"])
        forget(user.pk)
        messages.success(request, _("Saved."))
        response = redirect("tenancy:profile")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
        return response
    return _profile_page(request, form, PasswordForm(user=user, prefix="password"))


@signed_in
@require_POST
@sensitive_post_parameters()
def password_change(request: HttpRequest) -> HttpResponse:
    """Change the own password; other sessions end."""
    user = own(request)
    form = PasswordForm(request.POST, user=user, prefix="password")
    if form.is_valid():
        user.set_password(form.cleaned_data["new"])
        user.save(update_fields=["password"])
        forget(user.pk)
        # the session's person is read when first asked for: from now on with the new password's hash
        request.user = user
        update_session_auth_hash(request, user)
        messages.success(request, _("The password was changed. Other devices are signed out."))
        return redirect("tenancy:profile")
    initial = {"full_name": user.full_name, "language": user.language}
    return _profile_page(request, ProfileForm(initial=initial), form)


@page("tenancy.member.view")
def member_list(request: HttpRequest) -> HttpResponse:
    """Everybody who works or worked for the company."""
    members = list(
        Membership.objects.select_related("user").order_by("-is_active", "role", "user__full_name")
    )
    rights: dict[int, list[Any]] = {}
    for user_id, code in CompanyUserGrant.objects.values_list("user_id", "permission__codename"):
        rights.setdefault(user_id, []).append(RIGHTS.get(code, code))
    rows = [{"member": one, "rights": rights.get(one.user_id, [])} for one in members]
    return render(request, "tenancy/member_list.html", {"rows": rows})


@page("tenancy.member.manage")
@sensitive_post_parameters("password")
def member_create(request: HttpRequest) -> HttpResponse:
    """Add a person to the company."""
    form = MemberAddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            member_add(
                email=data["email"],
                full_name=data["full_name"],
                role=data["role"],
                password=data["password"] or None,
                commission_percent=data["commission_percent"],
                language=data["language"],
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request, _("%(name)s works for the company now.") % {"name": data["full_name"]}
            )
            return redirect("tenancy:member-list")
    return render(request, "tenancy/member_create.html", {"form": form}, status=form.status)


def _member(membership_id: uuid.UUID) -> Membership:
    member = Membership.objects.select_related("user").filter(pk=membership_id).first()
    if member is None:
        raise Http404
    return member


@page("tenancy.member.manage")
def member_edit(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Role, commission percent and extra rights of one person."""
    member = _member(membership_id)
    actor = principal_of(request)
    form = MemberChangeForm(
        request.POST or None,
        initial={
            "role": member.role,
            "commission_percent": member.commission_percent,
            "is_active": member.is_active,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            member_change(
                membership_id=member.pk,
                actor_id=actor.user_id,
                role=form.cleaned_data["role"],
                commission_percent=form.cleaned_data["commission_percent"],
                is_active=form.cleaned_data["is_active"],
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("tenancy:member-list")
    granted = set(
        CompanyUserGrant.objects.filter(user_id=member.user_id).values_list(
            "permission__codename", flat=True
        )
    )
    by_role = ROLE_PERMISSIONS.get(member.role, frozenset())
    rights = [
        {
            "code": code,
            "label": RIGHTS[code],
            "granted": code in granted,
            "by_role": code in by_role,
        }
        for code in GRANTABLE
    ]
    return render(
        request,
        "tenancy/member_edit.html",
        {
            "form": form,
            "member": member,
            "rights": rights,
            "is_self": member.user_id == actor.user_id,
        },
        status=form.status,
    )


@page("tenancy.member.manage")
@require_POST
def member_grant(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Give one more right, or take it back (`permission`, `granted` 1 or 0)."""
    member = _member(membership_id)
    grant_set(
        user_id=member.user_id,
        permission=request.POST.get("permission", ""),
        granted=request.POST.get("granted") == "1",
        actor_id=principal_of(request).user_id,
    )
    messages.success(request, _("Saved. It counts from the next page on."))
    return redirect("tenancy:member-edit", membership_id=member.pk)
