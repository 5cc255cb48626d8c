"""The company the benchmarks work in, and the signed-in client."""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connection, transaction
from django.test import Client

from ar.models import Customer, Invoice
from ar.services.customers import customer_create
from ar.services.posting import invoice_create_posted
from ar.typed import parse_invoice
from inventory.models import Item
from payments.models import PaymentAccount
from tenancy.context import company_scope
from tenancy.models import Company, User
from tenancy.principal import Principal, resolve
from tenancy.services.companies import company_create

TODAY = dt.date.today()  # noqa: DTZ011  # the machine's day is good enough here


class World:
    """One company with a customer, 2,000 items and an owner who is signed in through the session."""

    def __init__(self) -> None:
        slug = f"bench{uuid.uuid4().hex[:8]}"
        with transaction.atomic():
            self.user = User.objects.create_user(
                f"owner@{slug}.mizan.test", password="bench", full_name="Bench"
            )
            self.company: Company = company_create(slug=slug, name=slug, owner=self.user)
        principal = resolve(self.user.pk, self.company.pk)
        assert principal is not None
        self.principal: Principal = principal
        with self.scope(), transaction.atomic():
            self.customer: Customer = customer_create(values={"name": "Bench"}, actor=principal)
            self.items: list[Item] = Item.objects.bulk_create(
                Item(code=f"B{i:04d}", name=f"Item {i}", price=Decimal("10.03"))
                for i in range(2100)
            )
            self.account = PaymentAccount.objects.get(code="BANK")
        self.client = Client()
        self.client.force_login(self.user, "django.contrib.auth.backends.ModelBackend")

    def scope(self) -> Any:
        return company_scope(self.company.pk, actor_id=self.user.pk, role="owner", source="app")

    def lines(self, count: int) -> list[dict[str, str]]:
        """Return `count` typed lines, each with another item."""
        return [
            {
                "item": str(self.items[i].pk),
                "description": self.items[i].name,
                "quantity": "3",
                "unit_price": "10.03",
                "vat_rate": "15",
            }
            for i in range(count)
        ]

    def post(self, path: str, body: dict[str, Any], expected: int = 201) -> Any:
        """Send JSON through the whole request and return the answer; fails on any other status."""
        return self.send(path, json.dumps(body), expected).json()

    def send(self, path: str, content: str, expected: int = 201) -> Any:
        """Send JSON that is written already: what the sender does with it is not ours to measure."""
        answer = self.client.post(f"/api/v1/{path}", content, "application/json")
        assert answer.status_code == expected, (path, answer.status_code, answer.content[:400])
        return answer

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, (path, answer.status_code, answer.content[:400])
        return answer

    def posted(self, count: int) -> Invoice:
        """Return a posted invoice of `count` lines."""
        with self.scope(), transaction.atomic():
            typed = parse_invoice(
                {"customer": str(self.customer.pk), "lines": self.lines(count)},
                currency="SAR",
                today=TODAY,
            )
            return invoice_create_posted(typed=typed, actor=self.principal)


def owner_connection(company_id: int) -> psycopg.Connection[Any]:
    """Return a plain connection as the owner of the tables, seeing one company: the floor runs here."""
    owner = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)
    owner.execute("SELECT set_config('app.company_id', %s, false)", [str(company_id)])
    owner.execute("SELECT set_config('lock_timeout', '0', false)")
    return owner


def admin_connection() -> psycopg.Connection[Any]:
    """Return a superuser's connection, to fill in volume without the triggers."""
    address = os.environ.get("BENCH_ADMIN_URL") or connection.get_connection_params()
    if isinstance(address, str):
        return psycopg.connect(address, autocommit=True)
    raise SystemExit("Set BENCH_ADMIN_URL to a superuser's address of the database.")
