"""Sign-in, sign-out, sign-up and the company switch."""

from __future__ import annotations

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from tenancy.forms.people import CompanyForm, SignInForm, SignUpForm
from tenancy.idleness import to_sign_in
from tenancy.middleware import SESSION_COMPANY
from tenancy.models import User
from tenancy.services.signup import company_sign_up, user_sign_up

BACKEND = "django.contrib.auth.backends.ModelBackend"
UNPROCESSABLE, TOO_MANY = 422, 429


def _target(request: HttpRequest) -> str:
    """Return the page asked for before signing in, when it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return settings.LOGIN_REDIRECT_URL


def _sign_in_page(request: HttpRequest, form: SignInForm, *, status: int = 200) -> HttpResponse:
    return render(
        request,
        "tenancy/sign_in.html",
        {
            "form": form,
            "next": request.POST.get("next") or request.GET.get("next", ""),
            "ended": "ended" in request.GET,
        },
        status=status,
    )


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by e-mail and password. Five failures in a row close the account for some minutes (axes)."""
    if request.method != "POST":
        if getattr(request, "principal", None) is not None:
            return redirect(_target(request))
        return _sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, status=UNPROCESSABLE)
    credentials = {"username": form.cleaned_data["email"].strip().lower()}
    user = None
    if AxesProxyHandler.is_allowed(request, credentials):
        user = authenticate(request, **credentials, password=form.cleaned_data["password"])
    if user is None:
        if not AxesProxyHandler.is_allowed(request, credentials):
            return locked_out(request, credentials)
        # the same words for unknown people and wrong passwords
        form.add_error(None, _("E-mail address or password is wrong."))
        return _sign_in_page(request, form, status=UNPROCESSABLE)
    login(request, user)
    return HttpResponseRedirect(_target(request))


def locked_out(
    request: HttpRequest, credentials: dict[str, str] | None = None, *args: object, **kwargs: object
) -> HttpResponse:
    """Say that the account is closed for some minutes; also called by axes."""
    form = SignInForm(request.POST or None)
    form.is_valid()
    form.add_error(None, _("Too many failed attempts. Wait five minutes and try again."))
    return _sign_in_page(request, form, status=TOO_MANY)


@never_cache
@require_GET
def session_state(request: HttpRequest) -> HttpResponse:
    """Tell a page that was open while its session ended who is signed in now, and the token for its forms."""
    principal = getattr(request, "principal", None)
    return JsonResponse({"who": principal.key if principal else "", "token": get_token(request)})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("tenancy:sign-in")


@never_cache
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    """Create a company with chart of accounts, VAT codes and periods; a new person too when nobody is signed in."""
    principal = getattr(request, "principal", None)
    form = (CompanyForm if principal else SignUpForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            owner = (
                User.objects.get(pk=principal.user_id)
                if principal
                else user_sign_up(
                    email=data["email"],
                    full_name=data["full_name"],
                    password=data["password"],
                    language=(get_language() or "en")[:2],
                )
            )
            company = company_sign_up(
                owner=owner,
                name=data["name"],
                name_arabic=data["name_arabic"],
                vat_number=data["vat_number"],
                currency=data["currency"],
            )
        except DomainError as error:
            form.refuse(error)
        else:
            if principal is None:
                login(request, owner, backend=BACKEND)
            request.session[SESSION_COMPANY] = company.pk
            messages.success(request, _("The books of %(name)s are open.") % {"name": company.name})
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "tenancy/sign_up.html", {"form": form}, status=form.status)


@require_POST
def company_switch(request: HttpRequest) -> HttpResponse:
    """Work for another of the own companies from now on."""
    principal = getattr(request, "principal", None)
    if principal is None:
        return to_sign_in(request)
    wanted = request.POST.get("company", "")
    if wanted in {str(one.id) for one in principal.companies}:
        request.session[SESSION_COMPANY] = int(wanted)
    return redirect(settings.LOGIN_REDIRECT_URL)
