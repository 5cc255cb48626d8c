"""The demo companies: who they are, and how much they do in their year."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """One demo company."""

    slug: str
    name: str
    name_arabic: str
    vat_number: str
    people: tuple[tuple[str, str, str], ...]
    customers: int
    items: int
    invoices: int
    drafts: int
    voided: int
    locked: int
    suppliers: int = 0
    credits: int = 0
    fields: dict[str, str] = field(default_factory=dict)


PLANS = (
    DemoPlan(
        slug="demo",
        name="Rawabi Medical Supplies",
        name_arabic="مؤسسة الروابي الخضراء للمستلزمات الطبية",
        vat_number="310246813500003",
        people=(
            ("owner", "Layla Al Harbi", "en"),
            ("accountant", "Omar Al Zahrani", "en"),
            ("sales", "Sara Al Qahtani", "en"),
            ("cashier", "Yousef Al Shehri", "ar"),
            ("auditor", "Noura Al Dossari", "en"),
        ),
        customers=40,
        items=200,
        invoices=600,
        drafts=14,
        voided=9,
        locked=6,
        suppliers=12,
        credits=5,
        fields={
            "cr_number": "1010246813",
            "street": "Olive Street",
            "street_arabic": "شارع الزيتون",
            "building_number": "2468",
            "district": "Al Waha",
            "district_arabic": "حي الواحة",
            "city": "Riyadh",
            "city_arabic": "الرياض",
            "postal_code": "12211",
            "phone": "+966 11 555 0100",
            "email": "accounts@demo.mizan.test",
        },
    ),
    DemoPlan(
        slug="second",
        name="Paper Boat Stationery",
        name_arabic="القارب الورقي للقرطاسية",
        vat_number="310975318600003",
        people=(("owner", "Khalid Al Mutairi", "ar"),),
        customers=8,
        items=20,
        invoices=40,
        drafts=2,
        voided=1,
        locked=1,
        suppliers=5,
        credits=1,
        fields={"city": "Jeddah", "city_arabic": "جدة", "postal_code": "23331"},
    ),
)
