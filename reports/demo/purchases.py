"""The buying side of the demo year: suppliers, their bills, credits, drafts. Made through the services."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ap.models import Bill, BillLine, Supplier
from ap.services.bills import bill_create
from ap.services.credits import credit_create
from ap.services.posting import bill_create_posted
from ap.services.prepaid import prepaid_run
from ap.services.suppliers import supplier_create
from ap.typed import parse_bill
from ap.typed_credit import parse_credit
from inventory.models import Item
from ledger.models import Account, ExchangeRate
from reports.demo.names import CITIES, STREETS
from reports.demo.suppliers import SUPPLIERS, DemoSupplier
from tenancy.principal import Principal

CENT = Decimal("0.01")
#: What a dollar cost: the rial is pegged.
DOLLAR = Decimal("3.75")
RATE_DAYS = 5


@dataclass(slots=True)
class DemoPurchases:
    """Suppliers and their bills; `bill` and `pay` are called day by day by the demo year."""

    actor: Principal
    currency: str
    choose: random.Random
    items: Sequence[Item]
    suppliers: list[Supplier] = field(default_factory=list)
    bills: dict[int, Bill] = field(default_factory=dict)
    accounts: dict[str, uuid.UUID] = field(default_factory=dict)

    def masters(self, count: int, since: dt.date, today: dt.date) -> None:
        """Create the first `count` suppliers, and the rates that foreign ones need."""
        self.accounts = dict(Account.objects.values_list("code", "pk"))
        for index, plan in enumerate(SUPPLIERS[:count]):
            self.suppliers.append(
                supplier_create(values=self._supplier(plan, index), actor=self.actor)
            )
        if any(plan.currency for plan in SUPPLIERS[:count]):
            # a rate serves seven days
            days = range(0, (today - since).days + 1, RATE_DAYS)
            ExchangeRate.objects.bulk_create(
                ExchangeRate(
                    currency="USD",
                    date=since + dt.timedelta(days=ahead),
                    rate=DOLLAR,
                    source="demo",
                )
                for ahead in days
            )

    def _supplier(self, plan: DemoSupplier, index: int) -> dict[str, Any]:
        city, city_arabic, postal = CITIES[index % len(CITIES)]
        home = plan.country == "SA"
        return {
            "name": plan.name,
            "name_arabic": plan.name_arabic,
            "vat_number": f"3{51_000_000 + index * 6113:013d}3" if home else "IE6388047V",
            "street": STREETS[index % len(STREETS)][0] if home else "Dock Road",
            "building_number": str(2000 + 41 * index),
            "city": city if home else "Dublin",
            "city_arabic": city_arabic if home else "",
            "postal_code": postal if home else "D02",
            "country": plan.country,
            "currency": plan.currency,
            "phone": f"+966 11 555 {400 + index:04d}" if home else "",
            "email": f"billing{index + 1}@suppliers.mizan.test",
            "language": "ar" if index % 2 and home else "en",
            "payment_terms_days": plan.terms,
            "account_id": str(self.accounts[plan.account]) if plan.account else None,
            "tax_code": plan.tax_code,
            "bank_name": plan.bank,
            "is_active": True,
        }

    def terms(self, supplier: int) -> int:
        """Return the days a supplier gives."""
        return SUPPLIERS[supplier].terms

    def events(self, today: dt.date, days: int) -> Iterator[tuple[dt.date, int, int]]:
        """Yield (day, index of the bill, index of the supplier) of every bill of the year."""
        index = 0
        for number, _supplier in enumerate(self.suppliers):
            plan = SUPPLIERS[number]
            day = today - dt.timedelta(days=days - self.choose.randrange(1, min(plan.every, 28)))
            while day <= today:
                yield day, index, number
                index += 1
                day += dt.timedelta(days=plan.every)

    def bill(self, day: dt.date, *, index: int, supplier: int) -> None:
        """Post one bill."""
        typed = parse_bill(self._payload(day, index, supplier), currency=self.currency, today=day)
        self.bills[index] = bill_create_posted(typed=typed, actor=self.actor)

    def _payload(self, day: dt.date, index: int, number: int) -> dict[str, Any]:
        plan = SUPPLIERS[number]
        return {
            "supplier": str(self.suppliers[number].pk),
            "supplier_number": f"{plan.prefix}{day:%y%m}{index:04d}",
            "issue_date": day.isoformat(),
            "currency": plan.currency or self.currency,
            "lines": self._goods() if plan.goods else [self._expense(plan, day)],
        }

    def _expense(self, plan: DemoSupplier, day: dt.date) -> dict[str, Any]:
        line: dict[str, Any] = {
            "description": plan.text,
            "description_arabic": plan.text_arabic,
            "quantity": "1",
            "unit_price": str(self.choose.randint(plan.low, plan.high)),
            "account": str(self.accounts[plan.account]),
            "tax_code": plan.tax_code,
        }
        if plan.months:
            start = day.replace(day=1)
            line |= {"prepaid_months": str(plan.months), "prepaid_start": start.isoformat()}
        return line

    def _goods(self) -> list[dict[str, Any]]:
        """Bill items at six tenths of their selling price."""
        lines = []
        for item in self.choose.sample(self.items, min(len(self.items), self.choose.randint(2, 6))):
            cost = (item.price * Decimal("0.6")).quantize(CENT, ROUND_HALF_UP)
            lines.append(
                {
                    "item": str(item.pk),
                    "quantity": str(self.choose.choice((12, 20, 24, 50, 100))),
                    "unit_price": str(cost),
                    "tax_code": "P15" if item.tax_rate else "PZ",
                }
            )
        return lines

    def leave_behind(self, today: dt.date, *, credits: int, drafts: int) -> None:
        """Book the months due, send a little of some goods back, and leave a few drafts."""
        prepaid_run(until=today, actor=self.actor)
        goods = [
            bill
            for index, bill in self.bills.items()
            if SUPPLIERS[self._number_of(bill)].goods and index % 3 == 0
        ]
        for bill in goods[-credits:] if credits else []:
            line = BillLine.objects.filter(document_id=bill.pk).order_by("position").first()
            if line is None:
                continue
            day = min(bill.issue_date + dt.timedelta(days=3), today)
            payload = {
                "date": day.isoformat(),
                "reason": "Damaged in transport",
                "supplier_number": f"C-{bill.supplier_number}",
                "lines": [{"line": str(line.pk), "quantity": str(min(line.quantity, Decimal(2)))}],
            }
            credit_create(typed=parse_credit(payload, bill_id=bill.pk), actor=self.actor)
        for number in range(min(drafts, len(self.suppliers))):
            payload = self._payload(today - dt.timedelta(days=number), 9000 + number, number)
            typed = parse_bill(payload, currency=self.currency, today=today)
            bill_create(typed=typed, actor=self.actor)

    def _number_of(self, bill: Bill) -> int:
        return next(at for at, one in enumerate(self.suppliers) if one.pk == bill.supplier_id)
