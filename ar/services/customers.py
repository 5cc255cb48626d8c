"""Customers: create, change, deactivate (SP-3)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Length

from ar.errors import DuplicateCode
from ar.models import Customer
from ar.services.building import terms_for
from core.errors import N_, DomainError, ValidationErrors
from core.text import search_key
from core.transactions import write
from documents.errors import UnknownParty
from documents.versions import Conflict
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


def _check(customer: Customer) -> None:
    """Raise ValidationErrors for every field that breaks its own rule."""
    try:
        customer.clean_fields(exclude=["company"])
    except ValidationError as error:
        raise ValidationErrors(
            DomainError(str(message), code="invalid", field=name)
            for name, messages in error.message_dict.items()
            for message in messages
        ) from error


def next_customer_code() -> str:
    """Return the next free code of the form C0001."""
    last = (
        # by length first: as text C9999 comes after C10000
        Customer.objects.filter(code__regex=r"^C[0-9]{4,}$")
        .order_by(Length("code").desc(), "-code")
        .values_list("code", flat=True)
        .first()
    )
    return f"C{(int(last[1:]) if last else 0) + 1:04d}"


def _prepare(customer: Customer) -> None:
    customer.search_text = search_key(
        customer.code, customer.name, customer.name_arabic, customer.vat_number, customer.phone
    )
    _check(customer)
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
    customer.code = customer.code or next_customer_code()
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
    if version is not None and version != customer.version:
        raise Conflict(
            current_version=customer.version,
            changes={
                name: {"yours": value, "theirs": getattr(customer, name)}
                for name, value in changes.items()
                if str(value) != str(getattr(customer, name))
            },
        )
    for name, value in changes.items():
        setattr(customer, name, value)
    customer.version += 1
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
