"""Companies, their members and settings (SP-1, SP-8)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.inputs import body_of, parse_choice, query_of
from api.pagination import paged_query
from api.people import serializers
from api.people.sign_in import (
    COMPANY_FIELDS,
    choice_shape,
    clean_email,
    clean_password,
    company_shape,
    company_values,
)
from api.serializers import page_of
from api.shapes import money, plain
from api.throttling import LoginThrottle
from api.views import SIGNED_IN, ApiView
from core.errors import N_, DomainError
from core.inputs import (
    clean_text,
    given,
    parse_decimal,
    parse_flag,
    parse_integer,
    parse_vat_number,
)
from tenancy.context import current_company_id
from tenancy.models import Company, Membership, Role, User
from tenancy.services.companies import company_update
from tenancy.services.members import member_add, member_change
from tenancy.services.signup import company_sign_up

_HUNDRED = Decimal(100)
_TEXTS = {
    "name": 200,
    "name_arabic": 200,
    "cr_number": 20,
    "street": 200,
    "street_arabic": 200,
    "building_number": 10,
    "district": 120,
    "district_arabic": 120,
    "city": 120,
    "city_arabic": 120,
    "postal_code": 10,
    "phone": 30,
}
SETTINGS = (
    *_TEXTS,
    "vat_number",
    "email",
    "payment_terms_days",
    "commission_base",
    "commission_tax_percent",
    "prices_include_tax",
    "rate_max_age_days",
    "number_backdating_days",
    "inventory_method",
    "vat_period",
    "vat_reverse_charge_in_box_1",
    "small_difference_limit",
    "small_difference_day_limit",
    "supplier_advances",
    "settle_by_issue_date",
)


class StaleSettings(DomainError):
    """The settings were changed since the version that was read. `changes` has both values (SP-9)."""

    code = "stale_version"
    status = 409

    def __init__(self, company: Company, wanted: dict[str, Any]) -> None:
        super().__init__(
            N_("Somebody changed the settings meanwhile. Compare and save again."), field="version"
        )
        self.current_version = company.version
        self.changes = {
            name: {"yours": value, "theirs": getattr(company, name)}
            for name, value in wanted.items()
            if str(value) != str(getattr(company, name))
        }


class CompanyList(ApiView):
    """The person's companies."""

    permissions = {"GET": SIGNED_IN, "POST": SIGNED_IN}  # read only
    throttle_classes = (LoginThrottle,)
    # the new company is written in its own scope
    is_atomic = False

    @extend_schema(operation_id="companies_list", responses=page_of(serializers.CompanyChoiceShape))
    def get(self, request: Request) -> Response:
        """List one's companies."""
        query_of(request.query_params, ())
        rows = [choice_shape(one) for one in self.principal.companies]
        return Response({"count": len(rows), "next": None, "previous": None, "results": rows})

    @extend_schema(
        operation_id="companies_create",
        request=serializers.CompanyInput,
        responses={201: serializers.CompanyChoiceShape},
    )
    def post(self, request: Request) -> Response:
        """Create one more company with its books; one is its owner. Switch to it by me/company."""
        values = company_values(body_of(request.data, COMPANY_FIELDS))
        with transaction.atomic():
            owner = User.objects.get(pk=self.principal.user_id)
            company = company_sign_up(owner=owner, **values)
        return Response(company_shape(company), status=status.HTTP_201_CREATED)


def membership_shape(membership: Membership) -> dict[str, Any]:
    """Return a member; the user is loaded."""
    return {
        "id": str(membership.pk),
        "user": membership.user_id,
        "email": membership.user.email,
        "full_name": membership.user.full_name,
        "role": membership.role,
        "commission_percent": plain(membership.commission_percent),
        "is_active": membership.is_active,
    }


def _percent(body: dict[str, Any]) -> Decimal | None:
    value = body.get("commission_percent")
    if value is None or value == "":
        return None
    return parse_decimal(
        value,
        field="commission_percent",
        max_digits=7,
        minimum=Decimal(0),
        maximum=_HUNDRED,
    )


class MembershipList(ApiView):
    """Members of the company."""

    permissions = {"GET": "tenancy.member.view", "POST": "tenancy.member.manage"}  # read only

    @extend_schema(
        operation_id="memberships_list",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=page_of(serializers.MembershipShape),
    )
    def get(self, request: Request) -> Response:
        """List members, former ones included."""
        query = query_of(request.query_params, ())
        rows = Membership.objects.select_related("user").order_by("created_at", "id")
        return paged_query(request, query, rows, membership_shape)

    @extend_schema(
        operation_id="memberships_create",
        request=serializers.MembershipInput,
        responses={201: serializers.MembershipShape},
    )
    def post(self, request: Request) -> Response:
        """Add a person; an unknown e-mail address becomes a new sign-in with the password given."""
        body = body_of(
            request.data,
            ("email", "full_name", "role", "password", "commission_percent", "language"),
        )
        email = clean_email(body.get("email"))
        name = clean_text(body.get("full_name"), field="full_name", max_length=150)
        role = parse_choice(body.get("role"), Role.values, field="role")
        password = body.get("password")
        if password is not None:
            password = clean_password(password, User(email=email, full_name=name))
        membership = member_add(
            email=email,
            full_name=name,
            role=role,
            password=password,
            commission_percent=_percent(body),
            language=parse_choice(
                given(body.get("language"), "en"), ("en", "ar"), field="language"
            ),
        )
        return Response(membership_shape(membership), status=status.HTTP_201_CREATED)


class MembershipDetail(ApiView):
    """One member."""

    permissions = {"GET": "tenancy.member.view", "PATCH": "tenancy.member.manage"}  # read only

    @extend_schema(operation_id="memberships_retrieve", responses=serializers.MembershipShape)
    def get(self, request: Request, membership_id: uuid.UUID) -> Response:
        """Return one member."""
        return Response(membership_shape(self._get(membership_id)))

    @extend_schema(
        operation_id="memberships_change",
        request=serializers.MembershipChange,
        responses=serializers.MembershipShape,
    )
    def patch(self, request: Request, membership_id: uuid.UUID) -> Response:
        """Change role, commission percent or activity; nobody changes their own role."""
        body = body_of(request.data, ("role", "commission_percent", "is_active"))
        role = parse_choice(body["role"], Role.values, field="role") if "role" in body else None
        active = parse_flag(body["is_active"], field="is_active") if "is_active" in body else None
        percent: Any = _percent(body) if "commission_percent" in body else ...
        self._get(membership_id)
        member_change(
            membership_id=membership_id,
            actor_id=self.principal.user_id,
            role=role,
            commission_percent=percent,
            is_active=active,
        )
        return Response(membership_shape(self._get(membership_id)))

    @staticmethod
    def _get(membership_id: uuid.UUID) -> Membership:
        membership = Membership.objects.select_related("user").filter(pk=membership_id).first()
        if membership is None:
            raise not_found()
        return membership


def settings_shape(company: Company) -> dict[str, Any]:
    """Return the settings of a company."""
    return {
        "id": company.pk,
        "slug": company.slug,
        "currency": company.currency,
        **{name: getattr(company, name) for name in (*_TEXTS, "vat_number", "email")},
        "payment_terms_days": company.payment_terms_days,
        "commission_base": company.commission_base,
        "commission_tax_percent": plain(company.commission_tax_percent),
        "prices_include_tax": company.prices_include_tax,
        "rate_max_age_days": company.rate_max_age_days,
        "number_backdating_days": company.number_backdating_days,
        "inventory_method": company.inventory_method,
        "vat_period": company.vat_period,
        "vat_reverse_charge_in_box_1": company.vat_reverse_charge_in_box_1,
        "small_difference_limit": money(company.small_difference_limit, company.currency),
        "small_difference_day_limit": money(company.small_difference_day_limit, company.currency),
        "supplier_advances": company.supplier_advances,
        "settle_by_issue_date": company.settle_by_issue_date,
        "version": company.version,
    }


def _email_or_nothing(value: Any) -> str:
    text = clean_text(value, field="email", max_length=254)
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise DomainError(
            N_("Enter a valid e-mail address."), code="wrong_email", field="email"
        ) from None
    return text


def settings_values(body: dict[str, Any]) -> dict[str, Any]:
    """Read changed settings. Raises DomainError at the field."""
    values: dict[str, Any] = {
        name: clean_text(
            body[name], field=name, min_length=1 if name == "name" else 0, max_length=longest
        )
        for name, longest in _TEXTS.items()
        if name in body
    }
    if "vat_number" in body:
        values["vat_number"] = parse_vat_number(body["vat_number"], field="vat_number")
    if "email" in body:
        values["email"] = _email_or_nothing(body["email"])
    if "payment_terms_days" in body:
        values["payment_terms_days"] = parse_integer(
            body["payment_terms_days"], field="payment_terms_days", maximum=3650
        )
    if "commission_base" in body:
        values["commission_base"] = parse_choice(
            body["commission_base"], Company.CommissionBase.values, field="commission_base"
        )
    if "commission_tax_percent" in body:
        values["commission_tax_percent"] = parse_decimal(
            body["commission_tax_percent"],
            field="commission_tax_percent",
            max_digits=7,
            minimum=Decimal(0),
            maximum=_HUNDRED,
        )
    return values | _book_values(body)


def _book_values(body: dict[str, Any]) -> dict[str, Any]:
    """Read changed settings of books and VAT. Raises DomainError at the field."""
    values: dict[str, Any] = {}
    for flag in (
        "prices_include_tax",
        "vat_reverse_charge_in_box_1",
        "supplier_advances",
        "settle_by_issue_date",
    ):
        if flag in body:
            values[flag] = parse_flag(body[flag], field=flag)
    for limit in ("small_difference_limit", "small_difference_day_limit"):
        if limit in body:
            values[limit] = parse_decimal(body[limit], field=limit, places=2, minimum=Decimal(0))
    if "rate_max_age_days" in body:
        values["rate_max_age_days"] = parse_integer(
            body["rate_max_age_days"], field="rate_max_age_days", maximum=366
        )
    if "number_backdating_days" in body:
        days = body["number_backdating_days"]
        values["number_backdating_days"] = (
            None
            if days is None
            else parse_integer(days, field="number_backdating_days", maximum=3660)
        )
    if "inventory_method" in body:
        values["inventory_method"] = parse_choice(
            body["inventory_method"], Company.InventoryMethod.values, field="inventory_method"
        )
    if "vat_period" in body:
        values["vat_period"] = parse_choice(
            body["vat_period"], Company.VatPeriod.values, field="vat_period"
        )
    return values


class Settings(ApiView):
    """Settings of the company one works for."""

    permissions = {"GET": "tenancy.company.view", "PATCH": "tenancy.company.edit"}  # read only

    @extend_schema(operation_id="settings_retrieve", responses=serializers.SettingsShape)
    def get(self, request: Request) -> Response:
        """Return the settings."""
        return Response(settings_shape(self._company()))

    @extend_schema(
        operation_id="settings_change",
        request=serializers.SettingsShape(partial=True),
        responses=serializers.SettingsShape,
    )
    def patch(self, request: Request) -> Response:
        """Change settings; only an owner. They count from the next request on."""
        body = body_of(request.data, (*SETTINGS, "version"))
        company = Company.objects.select_for_update().get(pk=current_company_id())
        version = body.pop("version", None)
        changes = settings_values(body)
        if version is not None and str(version) != str(company.version):
            raise StaleSettings(company, changes)
        if changes:
            company = company_update(
                company=company, changes=changes, actor_id=self.principal.user_id
            )
        return Response(settings_shape(company))

    def _company(self) -> Company:
        return Company.objects.get(pk=current_company_id())
