"""A year of business of the demo companies, made through the services in the order it would have happened.

The same every time on the same day: a seeded generator chooses, today sets the dates.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction

from ar.models import Customer, Invoice
from ar.services.customers import customer_create
from ar.services.invoices import invoice_create, invoice_lock
from ar.services.posting import invoice_create_posted, invoice_void
from ar.typed import parse_invoice
from commissions.models import CommissionSnapshot
from commissions.services.snapshots import snapshot_approve
from core.dates import local_today
from inventory.models import Item
from inventory.services.items import item_create
from payments.models import PaymentAccount
from payments.services.registering import payment_register
from payments.typed import TypedPayment
from reports.demo.names import CITIES, CUSTOMERS, NOTES, STEMS, STREETS, VARIANTS
from reports.demo.plans import PLANS, DemoPlan
from reports.demo.purchases import DemoPurchases
from reports.services.alerts import alerts_refresh
from tenancy.context import company_scope
from tenancy.models import Company, User
from tenancy.principal import Principal, resolve
from tenancy.services.companies import company_create
from tenancy.services.members import member_add

PASSWORD = "demo-mizan-1"  # noqa: S105  # the published sign-in of the demo, refused in production
DAYS = 364


def seed_all(today: dt.date | None = None) -> list[str]:
    """Make the demo companies that are missing; returns their short names. Nothing is touched that is there."""
    return [plan.slug for plan in PLANS if company_seed(plan, today or local_today())]


def company_seed(plan: DemoPlan, today: dt.date) -> bool:
    """Make one demo company as it stands on a day; returns False when it is there already."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_company_id_for_slug(%s)", [plan.slug])
        if cursor.fetchone()[0] is not None:
            return False
        # all of it or nothing: a company that is there is complete
        company, users = _company(plan)
        with company_scope(
            company.pk, actor_id=users["owner"].pk, role="owner", source="task", cause="seed_demo"
        ):
            _Year(plan, company, users, today).make()
            alerts_refresh(today=today)
    return True


def _company(plan: DemoPlan) -> tuple[Company, dict[str, User]]:
    users: dict[str, User] = {}
    role, name, language = plan.people[0]
    users[role] = User.objects.create_user(
        f"{role}@{plan.slug}.mizan.test",
        password=PASSWORD,
        full_name=name,
        language=language,
        is_staff=True,
    )
    company = company_create(
        slug=plan.slug,
        name=plan.name,
        name_arabic=plan.name_arabic,
        vat_number=plan.vat_number,
        owner=users[role],
        **plan.fields,
    )
    with company_scope(company.pk, actor_id=users[role].pk, role="owner", source="task"):
        for role, name, language in plan.people[1:]:
            users[role] = member_add(
                email=f"{role}@{plan.slug}.mizan.test",
                full_name=name,
                role=role,
                password=PASSWORD,
                commission_percent=Decimal("7.5") if role == "sales" else None,
                language=language,
            ).user
    return company, users


@dataclass(order=True, slots=True)
class _Event:
    """Something on a day; `order` keeps a day's events in a fixed order."""

    day: dt.date
    order: int
    kind: str = field(compare=False)
    details: dict[str, Any] = field(compare=False)


class _Year:
    """Makes masters, then the events of a year day by day."""

    def __init__(
        self, plan: DemoPlan, company: Company, users: dict[str, User], today: dt.date
    ) -> None:
        self.plan, self.company, self.users, self.today = plan, company, users, today
        # the same year at every start, not a secret
        self.choose = random.Random(f"mizan {plan.slug}")  # noqa: S311  # see above
        self.actors = {role: self._principal(user) for role, user in users.items()}
        self.owner = self.actors["owner"]
        self.clerk = self.actors.get("accountant", self.owner)
        self.customers: list[Customer] = []
        self.items: list[Item] = []
        self.invoices: dict[int, Invoice] = {}
        self.accounts: dict[str, uuid.UUID] = {}
        self.purchases = DemoPurchases(
            actor=self.clerk,
            currency=company.currency,
            # a generator of its own: sales stay what they were
            choose=random.Random(f"mizan {plan.slug} buys"),  # noqa: S311  # as above
            items=self.items,
        )

    def _principal(self, user: User) -> Principal:
        cache.delete(f"principal:{user.pk}")
        principal = resolve(user.pk, self.company.pk)
        if principal is None:
            raise RuntimeError(f"{user.email} cannot sign in")
        return principal

    @contextmanager
    def _acting(self, role: str) -> Iterator[Principal]:
        actor = self.actors.get(role, self.owner)
        with company_scope(
            self.company.pk,
            actor_id=actor.user_id,
            role=actor.role,
            source="task",
            cause="seed_demo",
        ):
            yield actor

    def make(self) -> None:
        """Make masters, the year, and what its last days left behind."""
        self._masters()
        self.purchases.masters(
            self.plan.suppliers, self.today - dt.timedelta(days=DAYS), self.today
        )
        for event in sorted([*self._events(), *self._buying()]):
            getattr(self, f"_{event.kind}")(event.day, **event.details)
        self._afterwards()

    def _masters(self) -> None:
        self.accounts = dict(PaymentAccount.objects.values_list("code", "pk"))
        for index, (name, name_arabic) in enumerate(CUSTOMERS[: self.plan.customers]):
            city, city_arabic, postal = CITIES[index % len(CITIES)]
            self.customers.append(
                customer_create(
                    values={
                        "name": name,
                        "name_arabic": name_arabic,
                        # one in five is a private buyer without a VAT number
                        "vat_number": ""
                        if index % 5 == 4
                        else f"3{31_000_000 + index * 7919:013d}3",
                        "street": STREETS[index % len(STREETS)][0],
                        "building_number": str(1000 + 37 * index),
                        "city": city,
                        "city_arabic": city_arabic,
                        "postal_code": postal,
                        "phone": f"+966 11 555 {200 + index:04d}",
                        "email": f"accounts{index + 1}@customers.mizan.test",
                        "language": "ar" if index % 3 else "en",
                        "payment_terms_days": (0, 15, 30, 30, 45, 60)[index % 6],
                        "credit_limit": Decimal(20_000 * (index % 4)) or None,
                    },
                    actor=self.owner,
                )
            )
        for index in range(self.plan.items):
            name, name_arabic, unit, price, medicine = STEMS[index // len(VARIANTS)]
            variant, variant_arabic, factor = VARIANTS[index % len(VARIANTS)]
            self.items.append(
                item_create(
                    values={
                        "code": f"{'MED' if medicine else 'GEN'}-{index + 1:04d}",
                        "barcode": f"628{index + 1:010d}",
                        "name": f"{name}, {variant}",
                        "name_arabic": f"{name_arabic}، {variant_arabic}",
                        "unit": unit,
                        "price": (Decimal(price) * Decimal(factor)).quantize(
                            Decimal("0.01"), ROUND_HALF_UP
                        ),
                        "kind": "service" if unit == "trip" else "goods",
                        "tax_category": "Z" if medicine else "S",
                        "tax_rate": Decimal(0 if medicine else 15),
                        "tax_code": "SZMED" if medicine else "S15",
                    },
                    actor=self.owner,
                )
            )

    def _events(self) -> Iterator[_Event]:
        """Yield the year: invoices, and what their customers then pay."""
        choose, order = self.choose, 0
        days = sorted(choose.randrange(DAYS) for _ in range(self.plan.invoices))
        for index, ago in enumerate(reversed(days)):
            day = self.today - dt.timedelta(days=ago)
            customer = min(choose.randrange(len(self.customers)) for _ in range(2))
            order += 1
            yield _Event(day, order, "sell", {"index": index, "customer": customer})
            terms = self.customers[customer].payment_terms_days or 0
            # every seventh customer pays late, and not all of them pay
            late = choose.randrange(5, 40) if customer % 7 == 3 else choose.randrange(-6, 6)
            pays = day + dt.timedelta(days=max(terms + late, 0))
            habit = choose.randrange(100)
            if pays > self.today or habit < 9:
                continue
            order += 1
            if habit < 20:
                yield _Event(
                    pays, order, "pay", {"index": index, "percent": choose.choice((30, 50, 60))}
                )
                rest = pays + dt.timedelta(days=21)
                if habit < 15 and rest <= self.today:
                    order += 1
                    yield _Event(rest, order, "pay", {"index": index, "percent": 100})
            else:
                yield _Event(pays, order, "pay", {"index": index, "percent": 100})

    def _buying(self) -> Iterator[_Event]:
        """Yield the year of bills, and when they are paid: most on their day, some late, the last not yet."""
        order = 1_000_000
        for day, index, supplier in self.purchases.events(self.today, DAYS):
            yield _Event(day, order, "buy", {"index": index, "supplier": supplier})
            due = day + dt.timedelta(days=self.purchases.terms(supplier) + index % 5)
            if index % 11 != 7 and due <= self.today:
                yield _Event(due, order + 1, "settle", {"index": index})
            order += 2

    def _buy(self, day: dt.date, *, index: int, supplier: int) -> None:
        with self._acting("accountant"):
            self.purchases.bill(day, index=index, supplier=supplier)

    def _settle(self, day: dt.date, *, index: int) -> None:
        """Pay a bill; the bills of foreign suppliers are left open."""
        bill = self.purchases.bills[index]
        if bill.currency != self.company.currency or not bill.total:
            return
        with self._acting("accountant") as actor:
            payment_register(
                typed=TypedPayment(
                    direction="out",
                    supplier_id=bill.supplier_id,
                    payment_account_id=self.accounts["BANK"],
                    amount=bill.total,
                    date=day,
                    strategy="manual",
                    allocations=((bill.pk, bill.total),),
                    reference=f"TRF B{index:04d}",
                ),
                actor=actor,
            )

    def _payload(self, day: dt.date, customer: int) -> dict[str, Any]:
        choose = self.choose
        lines = []
        for item in choose.sample(self.items, choose.choice((1, 2, 2, 3, 3, 4, 5, 8))):
            line = {
                "item": str(item.pk),
                "quantity": str(choose.choice((1, 2, 3, 5, 6, 10, 12, 24))),
                "unit_price": str(item.price),
                "vat_rate": str(item.tax_rate),
                "tax_category": item.tax_category,
            }
            if choose.randrange(100) < 15:
                line["discount_percent"] = choose.choice(("5", "10", "12.5"))
            lines.append(line)
        note = choose.choice((*NOTES, ("", ""), ("", "")))
        sellers = [self.users[role].pk for role in ("sales", "owner") if role in self.users]
        return {
            "customer": str(self.customers[customer].pk),
            "issue_date": day.isoformat(),
            "lines": lines,
            "notes": note[0],
            "notes_arabic": note[1],
            "reference": f"PO-{choose.randrange(1000, 9999)}" if choose.randrange(100) < 40 else "",
            "salesperson": choose.choice((*sellers, sellers[0], "")),
        }

    def _sell(self, day: dt.date, *, index: int, customer: int) -> None:
        with self._acting("accountant") as actor:
            typed = parse_invoice(
                self._payload(day, customer), currency=self.company.currency, today=day
            )
            self.invoices[index] = invoice_create_posted(typed=typed, actor=actor)

    def _pay(self, day: dt.date, *, index: int, percent: int) -> None:
        invoice = self.invoices[index]
        rest = (invoice.total or Decimal(0)) - invoice.allocated_amount
        amount = rest if percent == 100 else (rest * percent / 100).quantize(Decimal("0.01"))
        if amount <= 0:
            return
        account = self.choose.choice(("BANK", "BANK", "BANK", "CARD", "CASH"))
        with self._acting("cashier") as actor:
            payment_register(
                typed=TypedPayment(
                    customer_id=invoice.customer_id,
                    payment_account_id=self.accounts[account],
                    amount=amount,
                    date=day,
                    strategy="manual",
                    allocations=((invoice.pk, amount),),
                    reference=f"TRF {index:05d}" if account == "BANK" else "",
                ),
                actor=actor,
            )
        invoice.allocated_amount += amount

    def _afterwards(self) -> None:
        """Drafts, voids, locks, approvals and money on account: what the last days left behind."""
        choose, plan = self.choose, self.plan
        with self._acting("accountant"):
            self.purchases.leave_behind(
                self.today, credits=plan.credits, drafts=min(3, plan.suppliers)
            )
        for number in range(plan.drafts):
            day = self.today - dt.timedelta(days=number % 5)
            customer = choose.randrange(len(self.customers))
            with self._acting("sales" if number % 2 else "accountant") as actor:
                invoice_create(
                    typed=parse_invoice(
                        self._payload(day, customer),
                        currency=self.company.currency,
                        today=day,
                    ),
                    actor=actor,
                )
        untouched = [i for i in self.invoices.values() if not i.allocated_amount and i.total]
        for invoice in untouched[-plan.voided :]:
            with self._acting("accountant") as actor:
                invoice_void(invoice_id=invoice.pk, actor=actor, reason="Goods returned unopened")
        for invoice in self._spread(list(self.invoices.values())[: -plan.voided * 3], plan.locked):
            invoice_lock(invoice_id=invoice.pk, actor=self.owner)
        pending = list(
            CommissionSnapshot.objects.order_by("paid_at", "pk").values_list("pk", flat=True)
        )
        for snapshot in pending[: len(pending) // 3]:
            snapshot_approve(snapshot_id=snapshot, actor=self.owner)
        for payer in self.customers[:2]:
            with self._acting("cashier") as actor:
                payment_register(
                    typed=TypedPayment(
                        customer_id=payer.pk,
                        payment_account_id=self.accounts["BANK"],
                        amount=Decimal("1500.00"),
                        date=self.today,
                        strategy="manual",
                        reference="Advance",
                    ),
                    actor=actor,
                )

    @staticmethod
    def _spread(invoices: Sequence[Invoice], count: int) -> list[Invoice]:
        step = max(len(invoices) // max(count, 1), 1)
        return list(invoices[::step][:count])
