"""Geometry of the bar chart on the home page. Pure; the template only writes it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, GAP = 720, 160, 12
THOUSAND, MILLION = Decimal(1000), Decimal(1_000_000)
#: How thousands and millions are said short.
UNITS = {"en": ("k", "M"), "ar": (" ألف", " مليون")}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the units of the drawing; the value zero lies at the bottom."""

    x: int
    y: int
    width: int
    height: int
    middle: int


def bars(amounts: Sequence[Decimal], *, rtl: bool = False) -> list[Bar]:
    """Return a bar for each amount; in Arabic the first one stands on the right. Negative amounts have no height."""
    if not amounts:
        return []
    most = max([*amounts, Decimal(1)])
    step = WIDTH // len(amounts)
    width = step - GAP
    made = []
    for index, amount in enumerate(amounts):
        place = len(amounts) - 1 - index if rtl else index
        height = int(max(amount, Decimal(0)) * HEIGHT / most)
        x = place * step + GAP // 2
        made.append(Bar(x, HEIGHT - height, width, height, x + width // 2))
    return made


def short_figure(amount: Decimal, language: str = "en") -> str:
    """Return 182,344.10 as "182k", 1,250,000 as "1.3M": labels at bars, the exact figure is in the title."""
    thousand, million = UNITS["ar" if language.startswith("ar") else "en"]
    if abs(amount) >= MILLION:
        return f"{amount / MILLION:.1f}{million}"
    if abs(amount) >= THOUSAND:
        return f"{amount / THOUSAND:.0f}{thousand}"
    return f"{amount:.0f}"
