"""Sign-in, sign-up, renewal, and who one is (SP-10)."""

from __future__ import annotations

import re
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import body_of, parse_choice
from api.people import serializers
from api.people.tokens import tokens_for, tokens_renewed
from api.throttling import LoginThrottle
from api.views import PUBLIC, SIGNED_IN, ApiView
from core.errors import N_, DomainError
from core.inputs import Required, clean_text, given, parse_vat_number
from tenancy.errors import NoCompany, NotSignedIn
from tenancy.models import Company, User
from tenancy.principal import CompanyChoice, Principal, resolve
from tenancy.services.signup import company_sign_up, user_sign_up

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_LONGEST_PASSWORD = 128


class LockedOut(DomainError):
    """Too many wrong passwords; the account opens again by itself."""

    code = "locked_out"
    status = 429
    retry_after = 300


class WeakPassword(DomainError):
    """The password is too short, too common, or says too much about its owner."""

    code = "weak_password"


def choice_shape(choice: CompanyChoice) -> dict[str, Any]:
    """Return one of a person's companies."""
    return {
        "id": choice.id,
        "slug": choice.slug,
        "name": choice.name,
        "name_arabic": choice.name_arabic,
        "role": choice.role,
    }


def me_shape(principal: Principal) -> dict[str, Any]:
    """Return the signed-in person."""
    chosen = [one for one in principal.companies if one.id == principal.company_id]
    return {
        "id": principal.user_id,
        "email": principal.email,
        "full_name": principal.full_name,
        "language": principal.language,
        "company": choice_shape(chosen[0]) if chosen else None,
        "role": principal.role,
        "permissions": sorted(principal.permissions),
        "companies": [choice_shape(one) for one in principal.companies],
    }


def clean_email(value: Any) -> str:
    """Return an e-mail address, lower case. Raises DomainError."""
    text = clean_text(value, field="email", min_length=1, max_length=254).lower()
    try:
        validate_email(text)
    except ValidationError:
        raise DomainError(
            N_("Enter a valid e-mail address."), code="wrong_email", field="email"
        ) from None
    return text


def clean_password(value: Any, user: User | None = None) -> str:
    """Return a password that is good enough. Raises Required, WeakPassword."""
    if not isinstance(value, str) or not value:
        raise Required(N_("This field is required."), field="password")
    if len(value) > _LONGEST_PASSWORD or "\0" in value:
        raise WeakPassword(N_("A password has at most 128 characters."), field="password")
    try:
        validate_password(value, user)
    except ValidationError as error:
        text = " ".join(error.messages).replace("%", "%%")
        raise WeakPassword(text, field="password") from None
    return value


def chosen_principal(user_id: int, company: Any) -> Principal:
    """Return the person in the company named by short name or id, else in their first one. Raises NoCompany."""
    principal = resolve(user_id)
    if principal is None:
        raise NotSignedIn(N_("Please sign in."))
    if company is None or company == "":
        return principal
    for one in principal.companies:
        if str(company) in (one.slug, str(one.id)):
            found = resolve(user_id, one.id)
            if found is not None:
                return found
    raise NoCompany(N_("You do not work for this company."), field="company")


@method_decorator(sensitive_variables("body", "password"), name="post")
class Token(ApiView):
    """Signing in."""

    permissions = {"POST": PUBLIC}  # read only
    authentication_classes = ()
    throttle_classes = (LoginThrottle,)
    # failed attempts are kept although the answer is a refusal
    is_atomic = False

    @extend_schema(
        operation_id="auth_token", request=serializers.SignIn, responses=serializers.Tokens
    )
    def post(self, request: Request) -> Response:
        """Sign in by e-mail address and password. Five failures in a row close the account for five minutes."""
        body = body_of(request.data, ("email", "password", "company"))
        email = clean_text(body.get("email"), field="email", min_length=1, max_length=254).lower()
        password = body.get("password")
        if not isinstance(password, str) or not password:
            raise Required(N_("This field is required."), field="password")
        inner = request._request
        credentials = {"username": email}
        user = None
        if AxesProxyHandler.is_allowed(inner, credentials):
            user = authenticate(inner, **credentials, password=password.replace("\0", "")[:1000])
        if user is None:
            locked = not AxesProxyHandler.is_allowed(inner, credentials)
            # the answer has the API's shape, not the sign-in page's
            inner.axes_locked_out = False  # type: ignore[attr-defined]  # read by axes' middleware
            if locked:
                raise LockedOut(N_("Too many failed attempts. Wait five minutes and try again."))
            # the same words for unknown people and wrong passwords
            raise NotSignedIn(N_("E-mail address or password is wrong."), code="wrong_credentials")
        principal = chosen_principal(user.pk, body.get("company"))
        user_logged_in.send(sender=User, request=inner, user=user)
        return Response(tokens_for(principal))


class TokenRefresh(ApiView):
    """Staying signed in."""

    permissions = {"POST": PUBLIC}  # read only
    authentication_classes = ()
    throttle_classes = (LoginThrottle,)

    @extend_schema(
        operation_id="auth_refresh", request=serializers.Refresh, responses=serializers.Tokens
    )
    def post(self, request: Request) -> Response:
        """Return a fresh pair of tokens; ends with the password or the membership."""
        body = body_of(request.data, ("refresh",))
        text = body.get("refresh")
        if not isinstance(text, str) or not text:
            raise Required(N_("This field is required."), field="refresh")
        return Response(tokens_renewed(text))


def company_values(body: dict[str, Any]) -> dict[str, str]:
    """Read the company of a sign-up. Raises DomainError."""
    currency = given(body.get("currency"), "SAR")
    if not isinstance(currency, str) or not _CURRENCY.match(currency):
        raise DomainError(N_("A currency is three letters."), code="invalid", field="currency")
    return {
        "name": clean_text(
            body.get("company_name"), field="company_name", min_length=1, max_length=200
        ),
        "name_arabic": clean_text(
            body.get("company_name_arabic"), field="company_name_arabic", max_length=200
        ),
        "vat_number": parse_vat_number(body.get("vat_number"), field="vat_number"),
        "currency": currency,
    }


def company_shape(company: Company, role: str = "owner") -> dict[str, Any]:
    """Return a company just made."""
    return {
        "id": company.pk,
        "slug": company.slug,
        "name": company.name,
        "name_arabic": company.name_arabic,
        "role": role,
    }


COMPANY_FIELDS = ("company_name", "company_name_arabic", "vat_number", "currency")


@method_decorator(sensitive_variables("body"), name="post")
class RegisterCompany(ApiView):
    """Signing up."""

    permissions = {"POST": PUBLIC}  # read only
    authentication_classes = ()
    throttle_classes = (LoginThrottle,)
    # the tokens need the principal, which is read after the commit
    is_atomic = False

    @extend_schema(
        operation_id="auth_register",
        request=serializers.Register,
        responses={201: serializers.Registered},
    )
    def post(self, request: Request) -> Response:
        """Create a person and a company with its books; the person is its owner."""
        body = body_of(
            request.data, (*COMPANY_FIELDS, "email", "password", "full_name", "language")
        )
        values = company_values(body)
        email = clean_email(body.get("email"))
        name = clean_text(body.get("full_name"), field="full_name", min_length=1, max_length=150)
        language = parse_choice(given(body.get("language"), "en"), ("en", "ar"), field="language")
        password = clean_password(body.get("password"), User(email=email, full_name=name))
        with transaction.atomic():
            owner = user_sign_up(email=email, full_name=name, password=password, language=language)
            company = company_sign_up(owner=owner, **values)
        principal = chosen_principal(owner.pk, company.pk)
        return Response(
            {**tokens_for(principal), "company": company_shape(company)},
            status=status.HTTP_201_CREATED,
        )


class WhoAmI(ApiView):
    """The signed-in person."""

    permissions = {"GET": SIGNED_IN}  # read only

    @extend_schema(operation_id="me_retrieve", responses=serializers.Me)
    def get(self, request: Request) -> Response:
        """Return who one is, for which company, with which permissions."""
        return Response(me_shape(self.principal))


class SwitchCompany(ApiView):
    """Working for another company."""

    permissions = {"POST": SIGNED_IN}  # read only

    @extend_schema(
        operation_id="me_company", request=serializers.Switch, responses=serializers.Tokens
    )
    def post(self, request: Request) -> Response:
        """Return tokens for another of one's own companies."""
        body = body_of(request.data, ("company",))
        company = body.get("company")
        if not isinstance(company, str | int) or company == "":
            raise Required(N_("This field is required."), field="company")
        return Response(tokens_for(chosen_principal(self.principal.user_id, company)))
