"""Addresses of sign-in, people and companies."""

from __future__ import annotations

from django.urls import URLPattern

from api.people.companies import CompanyList, MembershipDetail, MembershipList, Settings
from api.people.sign_in import RegisterCompany, SwitchCompany, Token, TokenRefresh, WhoAmI
from api.urls import both

urlpatterns: list[URLPattern] = [
    *both("auth/token", Token, "token"),
    *both("auth/refresh", TokenRefresh, "token-refresh"),
    *both("auth/register", RegisterCompany, "register"),
    *both("me", WhoAmI, "me"),
    *both("me/company", SwitchCompany, "me-company"),
    *both("companies", CompanyList, "company-list"),
    *both("memberships", MembershipList, "membership-list"),
    *both("memberships/<uuid:membership_id>", MembershipDetail, "membership-detail"),
    *both("settings", Settings, "settings"),
]
