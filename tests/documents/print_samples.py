"""Documents as the print tests see them: a bilingual invoice of any length, with every optional part on request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from documents.printing import DocumentFigures, LineFigures, PrintParty, TaxFigures

SELLER = PrintParty(
    name="Najd Medical Trading Est.",
    name_arabic="مؤسسة نجد للتجارة الطبية",
    vat_number="310122393500003",
    cr_number="1010456789",
    address_lines=("7421 King Fahd Road, Al Olaya", "Riyadh 12213, Saudi Arabia"),
    address_lines_arabic=(
        "7421 طريق الملك فهد، حي العليا",
        "الرياض 12213، المملكة العربية السعودية",
    ),
    phone="+966 11 460 0000",
    email="accounts@najd.example",
)
BUYER = PrintParty(
    name="Dallah Hospital",
    name_arabic="مستشفى دله",
    vat_number="300055184400003",
    address_lines=("3010 Al Imam Saud Road, An Nakheel", "Riyadh 12381, Saudi Arabia"),
    address_lines_arabic=(
        "3010 طريق الإمام سعود، حي النخيل",
        "الرياض 12381، المملكة العربية السعودية",
    ),
)
ITEMS = (
    (
        "PARA-500",
        "Paracetamol 500 mg, 24 tablets",
        "باراسيتامول 500 ملغ، 24 قرصًا",
        "box",
        "45.00",
        15,
    ),
    ("GLV-M", "Nitrile gloves, medium", "قفازات نتريل، مقاس وسط", "carton", "182.50", 15),
    ("SYR-5", "Syringe 5 ml with needle", "محقنة 5 مل مع إبرة", "pcs", "0.385", 15),
    ("INS-10", "Insulin glargine 100 IU/ml", "أنسولين جلارجين 100 وحدة/مل", "pen", "96.00", 0),
    (
        "SRV-CAL",
        "Calibration of blood pressure monitors on site",
        "معايرة أجهزة قياس ضغط الدم في الموقع",
        "h",
        "220.00",
        15,
    ),
)
CENT = Decimal("0.01")


def invoice(lines: int = 5, **changes: object) -> DocumentFigures:
    """Return a posted invoice of `lines` lines; keyword arguments replace fields."""
    rows = []
    sums: dict[tuple[str, Decimal], Decimal] = {}
    for index in range(lines):
        code, description, arabic, unit, price, rate = ITEMS[index % len(ITEMS)]
        quantity = Decimal(index * 7 % 40 + 2)
        net = (quantity * Decimal(price)).quantize(CENT)
        tax = (net * rate / 100).quantize(CENT)
        key = ("S" if rate else "Z", Decimal(rate))
        sums[key] = sums.get(key, Decimal(0)) + net
        rows.append(
            LineFigures(
                position=index + 1,
                code=code,
                description=description,
                description_arabic=arabic,
                quantity=quantity,
                unit=unit,
                unit_price=Decimal(price),
                net=net,
                tax=tax,
                gross=net + tax,
                tax_rate=Decimal(rate),
            )
        )
    taxes = [
        TaxFigures(
            category,
            rate,
            net,
            (net * rate / 100).quantize(CENT),
            *(
                ("Medicines and medical equipment", "الأدوية والمعدات الطبية")
                if category == "Z"
                else ()
            ),
        )
        for (category, rate), net in sums.items()
    ]
    subtotal = sum((row.taxable for row in taxes), Decimal(0))
    tax_amount = sum((row.tax for row in taxes), Decimal(0))
    figures = DocumentFigures(
        kind="invoice",
        seller=SELLER,
        buyer=BUYER,
        lines=tuple(rows),
        taxes=tuple(taxes),
        currency="SAR",
        subtotal=subtotal,
        tax_amount=tax_amount,
        total=subtotal + tax_amount,
        issue_date=date(2026, 1, 15),
        supply_date=date(2026, 1, 14),
        due_date=date(2026, 2, 14),
        number="INV-2026-00042",
        status="posted",
        issued_at=datetime(2026, 1, 15, 11, 2, 33, tzinfo=UTC),
    )
    return replace(figures, **changes)  # type: ignore[arg-type]  # fields of the dataclass by name
