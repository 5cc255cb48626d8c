"""The fixed cast of the tests: company A with one person in each role, and company B that must see nothing.

A pytest plugin (registered in conftest.py). A test of a service takes `company_a` and opens the scope as one of its
people:

    def test_rule(company_a):
        with company_a.acting("accountant") as accountant:
            invoice_post(invoice_id=..., actor=accountant)

`in_company_a` keeps the owner's scope open for a whole test; `owner`, `accountant`, `sales`, `cashier` and `auditor`
are the principals of company A. All of it works in wrapped tests and with `transaction=True`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import translation

from ar.models import Customer
from inventory.models import Item
from payments.models import PaymentAccount
from tenancy.context import company_scope
from tenancy.models import Company, User
from tenancy.principal import Principal, resolve
from tests.factories.ar import customer_make
from tests.factories.inventory import item_make
from tests.factories.tenancy import company_make, member_make, user_make

ROLES = ("owner", "accountant", "sales", "cashier", "auditor")


@dataclass(slots=True)
class Cast:
    """A company, its people by role, and some master data."""

    company: Company
    users: dict[str, User]
    customer: Customer = field(init=False)
    other_customer: Customer = field(init=False)
    items: list[Item] = field(init=False)
    till: PaymentAccount = field(init=False)

    @property
    def id(self) -> int:
        return self.company.pk

    def principal(self, role: str = "owner") -> Principal:
        """Return the person with the role as the product sees them now."""
        user = self.users[role]
        cache.delete(f"principal:{user.pk}")
        principal = resolve(user.pk, self.company.pk)
        assert principal is not None
        return principal

    @contextmanager
    def scope(self, role: str = "owner", **details: Any) -> Iterator[None]:
        """Work for this company as the person with the role."""
        details.setdefault("source", "app")
        with company_scope(self.company.pk, actor_id=self.users[role].pk, role=role, **details):
            yield

    @contextmanager
    def acting(self, role: str = "owner", **details: Any) -> Iterator[Principal]:
        """Open scope and one transaction, committed at the end, as the person with the role."""
        principal = self.principal(role)
        with self.scope(role, **details), transaction.atomic():
            yield principal


def cast_make(name: str, **fields: Any) -> Cast:
    """Return a new company with one person in each role, two customers, three items and its till."""
    owner = user_make(f"{name} owner")
    company = company_make(owner, name=name, **fields)
    cast = Cast(company, {"owner": owner})
    with company_scope(company.pk, actor_id=owner.pk, role="owner", source="app"):
        with transaction.atomic():
            for role in ROLES[1:]:
                percent = Decimal("7.5") if role == "sales" else None
                cast.users[role] = member_make(role, commission_percent=percent).user
        actor = cast.principal()
        with transaction.atomic():
            cast.customer = customer_make(actor)
            cast.other_customer = customer_make(actor, name="Second customer", vat_number="")
            cast.items = [
                item_make(actor),
                item_make(actor, price=Decimal("99.95")),
                item_make(
                    actor,
                    price=Decimal(50),
                    tax_category="Z",
                    tax_rate=Decimal(0),
                    tax_code="SZMED",
                ),
            ]
            cast.till = PaymentAccount.objects.get(code="CASH")
    return cast


@pytest.fixture(autouse=True)
def _same_language() -> None:
    """Begin every test in English: a request leaves its language behind in the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def company_a(db: None) -> Cast:
    """The company under test."""
    return cast_make("Najd Trading")


@pytest.fixture
def company_b(db: None) -> Cast:
    """Another company, which must neither see nor touch anything of company A."""
    return cast_make("Hejaz Stores", name_arabic="متاجر الحجاز", vat_number="300000000000003")


@pytest.fixture
def in_company_a(request: pytest.FixtureRequest, company_a: Cast) -> Iterator[Cast]:
    """Company A with its owner's scope open for the whole test."""
    if "company_b" in request.fixturenames:
        # made before: no company is made inside another one's scope
        request.getfixturevalue("company_b")
    with company_a.scope():
        yield company_a


@pytest.fixture
def owner(company_a: Cast) -> Principal:
    return company_a.principal("owner")


@pytest.fixture
def accountant(company_a: Cast) -> Principal:
    return company_a.principal("accountant")


@pytest.fixture
def sales(company_a: Cast) -> Principal:
    return company_a.principal("sales")


@pytest.fixture
def cashier(company_a: Cast) -> Principal:
    return company_a.principal("cashier")


@pytest.fixture
def auditor(company_a: Cast) -> Principal:
    return company_a.principal("auditor")
