"""Shapes of people and companies for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import amount

ROLES = ("owner", "accountant", "sales", "cashier", "auditor")


class SignIn(drf.Serializer[Any]):
    """E-mail address and password; `company` chooses one of several."""

    email = drf.EmailField()
    password = drf.CharField()
    company = drf.CharField(required=False, help_text="Short name of the company.")


class Tokens(drf.Serializer[Any]):
    """A pair of tokens."""

    access = drf.CharField()
    refresh = drf.CharField()


class Refresh(drf.Serializer[Any]):
    """A refresh token."""

    refresh = drf.CharField()


class CompanyInput(drf.Serializer[Any]):
    """A new company."""

    company_name = drf.CharField(max_length=200)
    company_name_arabic = drf.CharField(required=False, max_length=200)
    vat_number = drf.RegexField(r"^3[0-9]{13}3$", required=False, allow_blank=True)
    currency = drf.CharField(required=False, max_length=3)


class Register(CompanyInput):
    """A new person with a new company."""

    email = drf.EmailField()
    password = drf.CharField(min_length=12)
    full_name = drf.CharField(max_length=150)
    language = drf.ChoiceField(("en", "ar"), required=False)


class CompanyChoiceShape(drf.Serializer[Any]):
    """One of the person's companies."""

    id = drf.IntegerField()
    slug = drf.CharField()
    name = drf.CharField()
    name_arabic = drf.CharField()
    role = drf.ChoiceField(ROLES)


class Registered(Tokens):
    """Tokens and the new company."""

    company = CompanyChoiceShape()


class Switch(drf.Serializer[Any]):
    """The company to work for: its short name or id."""

    company = drf.CharField()


class Me(drf.Serializer[Any]):
    """The signed-in person."""

    id = drf.IntegerField()
    email = drf.EmailField()
    full_name = drf.CharField()
    language = drf.CharField()
    company = CompanyChoiceShape(allow_null=True)
    role = drf.CharField()
    permissions = drf.ListField(child=drf.CharField())
    companies = CompanyChoiceShape(many=True)


class MembershipInput(drf.Serializer[Any]):
    """A new member; an unknown e-mail address becomes a new person."""

    email = drf.EmailField()
    full_name = drf.CharField(required=False, max_length=150)
    role = drf.ChoiceField(ROLES)
    password = drf.CharField(required=False, min_length=12)
    commission_percent = amount(required=False, allow_null=True)
    language = drf.ChoiceField(("en", "ar"), required=False)


class MembershipChange(drf.Serializer[Any]):
    """What changes about a member."""

    role = drf.ChoiceField(ROLES, required=False)
    commission_percent = amount(required=False, allow_null=True)
    is_active = drf.BooleanField(required=False)


class MembershipShape(drf.Serializer[Any]):
    """A member."""

    id = drf.UUIDField()
    user = drf.IntegerField()
    email = drf.EmailField()
    full_name = drf.CharField()
    role = drf.ChoiceField(ROLES)
    commission_percent = amount(allow_null=True)
    is_active = drf.BooleanField()


class SettingsShape(drf.Serializer[Any]):
    """Settings of the company."""

    id = drf.IntegerField(read_only=True)
    slug = drf.CharField(read_only=True)
    name = drf.CharField(max_length=200)
    name_arabic = drf.CharField(max_length=200)
    vat_number = drf.CharField(max_length=15)
    cr_number = drf.CharField(max_length=20)
    currency = drf.CharField(read_only=True)
    street = drf.CharField(max_length=200)
    street_arabic = drf.CharField(max_length=200)
    building_number = drf.CharField(max_length=10)
    district = drf.CharField(max_length=120)
    district_arabic = drf.CharField(max_length=120)
    city = drf.CharField(max_length=120)
    city_arabic = drf.CharField(max_length=120)
    postal_code = drf.CharField(max_length=10)
    phone = drf.CharField(max_length=30)
    email = drf.CharField(
        allow_blank=True, max_length=254, help_text="An e-mail address, or nothing."
    )
    payment_terms_days = drf.IntegerField()
    commission_base = drf.ChoiceField(("net", "gross", "margin"))
    commission_tax_percent = amount()
    prices_include_tax = drf.BooleanField()
    rate_max_age_days = drf.IntegerField()
    number_backdating_days = drf.IntegerField(allow_null=True)
    inventory_method = drf.ChoiceField(("manual", "perpetual"))
    vat_period = drf.ChoiceField(("month", "quarter"))
    vat_reverse_charge_in_box_1 = drf.BooleanField()
    small_difference_limit = amount()
    small_difference_day_limit = amount()
    supplier_advances = drf.BooleanField()
    settle_by_issue_date = drf.BooleanField()
    version = drf.IntegerField()
