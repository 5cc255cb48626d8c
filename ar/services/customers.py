"""Customers: create, change, deactivate (SP-3)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from ar.errors import DuplicateCode
from ar.models import Customer
from ar.services.building import terms_for
from core.errors import N_
from core.text import search_key
from core.transactions import write
from documents.errors import UnknownParty
from documents.services.masters import apply_changes, country_code, next_code, require_sound
from tenancy.permissions import require
from tenancy.principal import Principal

FIELDS = (
    "code",
    "name",
    "name_arabic",
    "vat_number",
    "cr_number",
    "street",
    "building_number",
    "district",
    "city",
    "city_arabic",
    "postal_code",
    "country",
    "phone",
    "email",
    "language",
    "payment_terms_days",
    "terms",
    "credit_limit",
    "credit_control",
    "reminders_stopped",
    "notes",
    "is_active",
)


def _prepare(customer: Customer) -> None:
    customer.search_text = search_key(
        customer.code, customer.name, customer.name_arabic, customer.vat_number, customer.phone
    )
    require_sound(customer)
    customer.country = country_code(customer.country)
    if Customer.objects.filter(code=customer.code).exclude(pk=customer.pk).exists():
        raise DuplicateCode(N_("This code is used by another customer."), field="code")


def _with_terms(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the payment terms themselves in place of their id. Raises DomainError at `terms`."""
    found = dict(values)
    if "terms" in found:
        found["terms"] = terms_for(found["terms"] or None)
    return found


@write
def customer_create(*, values: Mapping[str, Any], actor: Principal) -> Customer:
    """Create a customer; an empty code gets the next free one. Raises ValidationErrors, DuplicateCode."""
    require(actor, "ar.customer.edit")
    values = _with_terms(values)
    customer = Customer(**{name: values[name] for name in FIELDS if name in values})
    customer.code = customer.code or next_code(Customer, "C")
    _prepare(customer)
    customer.save(force_insert=True)
    return customer


@write
def customer_update(
    *, customer_id: uuid.UUID, values: Mapping[str, Any], version: int | None, actor: Principal
) -> Customer:
    """Change a customer; raises Conflict when it was changed since `version` (SP-9)."""
    require(actor, "ar.customer.edit")
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise UnknownParty(N_("There is no such customer."), field="customer")
    values = _with_terms(values)
    changes = {name: values[name] for name in FIELDS if name in values}
    apply_changes(customer, changes, version=version)
    _prepare(customer)
    customer.save(update_fields=[*changes, "search_text", "version", "updated_at"])
    return customer


def cash_customer() -> Customer:
    """Return the customer for sales without a name, made on first use."""
    customer = Customer.objects.filter(is_cash=True).first()
    if customer is None:
        customer = Customer(
            code="CASH", name="Cash customer", name_arabic="عميل نقدي", is_cash=True
        )
        customer.search_text = search_key(customer.code, customer.name, customer.name_arabic)
        customer.save(force_insert=True)
    return customer
