"""Invented suppliers of the demo companies and what they bill. Any likeness to a real firm is chance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoSupplier:
    """A supplier and its habit: a bill every `every` days between `low` and `high` (net, in its currency).

    `goods`: bills items from the catalogue instead of one expense. `months`: each bill pays for so many months.
    """

    name: str
    name_arabic: str
    account: str
    text: str
    text_arabic: str
    every: int
    low: int
    high: int
    tax_code: str = "P15"
    terms: int = 30
    country: str = "SA"
    currency: str = ""
    months: int = 0
    prefix: str = "INV"
    goods: bool = False
    bank: str = ""


SUPPLIERS: tuple[DemoSupplier, ...] = (
    DemoSupplier(
        "Desert Rose Medical Wholesale",
        "وردة الصحراء لتجارة الجملة الطبية",
        "",
        "",
        "",
        every=9,
        low=20,
        high=200,
        terms=45,
        prefix="DR",
        goods=True,
        bank="Bank of the Dunes",
    ),
    DemoSupplier(
        "Two Palms Pharma Distribution",
        "النخلتان لتوزيع الأدوية",
        "",
        "",
        "",
        every=16,
        low=10,
        high=120,
        terms=60,
        prefix="TP-",
        goods=True,
        bank="Bank of the Dunes",
    ),
    DemoSupplier(
        "Old Wall Real Estate",
        "السور القديم العقارية",
        "6310",
        "Rent of office and warehouse, half a year",
        "إيجار المكتب والمستودع لنصف سنة",
        every=182,
        low=48_000,
        high=48_000,
        terms=15,
        months=6,
        prefix="RE-",
    ),
    DemoSupplier(
        "Najd Power and Water",
        "نجد للكهرباء والمياه",
        "6320",
        "Electricity and water of the month",
        "كهرباء ومياه الشهر",
        every=30,
        low=1_400,
        high=3_900,
        terms=20,
        prefix="",
    ),
    DemoSupplier(
        "Clear Signal Telecom",
        "الإشارة الصافية للاتصالات",
        "6410",
        "Telephone and internet",
        "هاتف وإنترنت",
        every=30,
        low=620,
        high=880,
        terms=15,
        prefix="CS",
    ),
    DemoSupplier(
        "Swift Falcon Logistics",
        "الصقر السريع للنقل",
        "6140",
        "Delivery to customers",
        "توصيل إلى العملاء",
        every=14,
        low=900,
        high=4_200,
        prefix="SF/",
    ),
    DemoSupplier(
        "Reed Pen Office Supplies",
        "قلم القصب للقرطاسية",
        "6420",
        "Stationery and toner",
        "قرطاسية وأحبار",
        every=40,
        low=180,
        high=1_300,
        prefix="RP",
    ),
    DemoSupplier(
        "Bright Mop Cleaning",
        "الممسحة اللامعة للنظافة",
        "6340",
        "Cleaning of the month",
        "نظافة الشهر",
        every=30,
        low=1_800,
        high=1_800,
        prefix="",
    ),
    DemoSupplier(
        "Shield of Wadi Insurance",
        "درع الوادي للتأمين",
        "6350",
        "Property insurance, one year",
        "تأمين على الممتلكات لسنة",
        every=365,
        low=14_400,
        high=14_400,
        months=12,
        terms=0,
        prefix="POL-",
    ),
    DemoSupplier(
        "Fog and Harbour Cloud Services",
        "الضباب والمرفأ للخدمات السحابية",
        "6430",
        "Hosting and software",
        "استضافة وبرامج",
        every=31,
        low=240,
        high=410,
        tax_code="PRC",
        country="IE",
        currency="USD",
        terms=14,
        prefix="IE",
    ),
    DemoSupplier(
        "Balance and Sons Auditors",
        "ميزان وأبناؤه لمراجعة الحسابات",
        "6510",
        "Audit of the quarter",
        "مراجعة الربع",
        every=91,
        low=6_500,
        high=6_500,
        prefix="A-",
    ),
    DemoSupplier(
        "Garnet Fuel Stations",
        "محطات العقيق للوقود",
        "6470",
        "Fuel of the delivery cars",
        "وقود سيارات التوصيل",
        every=30,
        low=1_100,
        high=2_300,
        tax_code="P15NR",
        terms=0,
        prefix="",
    ),
)
