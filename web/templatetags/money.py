"""Amounts on pages: `{% money invoice.total invoice.currency %}`, `{{ line.quantity|quantity }}`."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from web.formats import (
    currency_sign,
    format_amount,
    format_percent,
    format_quantity,
    format_unit_price,
)

register = template.Library()


def currency_label(currency: str) -> str:
    """Return the currency as the active language writes it."""
    return currency_sign(currency, (get_language() or "en")[:2])


@register.simple_tag
def money(amount: Decimal | None, currency: str, *, bare: bool = False) -> SafeString | str:
    """Return the amount as markup: figure, then the currency small beside it (not with bare=True).

    None gives an empty text. Negative amounts carry a real minus and a class.
    """
    if amount is None:
        return ""
    figure = format_amount(amount, currency)
    css = "money money--negative" if amount < 0 else "money"
    if bare:
        return format_html('<bdi class="{}" dir="ltr">{}</bdi>', css, figure)
    return format_html(
        '<span class="{}"><bdi dir="ltr">{}</bdi><span class="money-currency">{}</span></span>',
        css,
        figure,
        currency_label(currency),
    )


@register.filter
def amount(value: Decimal | None, currency: str) -> str:
    """Return only the figure, for attributes and inputs' neighbours."""
    return "" if value is None else format_amount(value, currency)


@register.filter
def unit_price(value: Decimal | None, currency: str) -> str:
    """Return a price with all its digits."""
    return "" if value is None else format_unit_price(value, currency)


@register.filter
def quantity(value: Decimal | None) -> str:
    """Return a quantity without trailing zeros."""
    return "" if value is None else format_quantity(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """Return 15 as "15%"."""
    return "" if value is None else format_percent(value)


@register.simple_tag
def currency_name(currency: str) -> str:
    """Return the currency's name in the active language, or its code."""
    names = {
        "SAR": pgettext("currency", "Saudi riyal"),
        "AED": pgettext("currency", "UAE dirham"),
        "USD": pgettext("currency", "US dollar"),
        "EUR": pgettext("currency", "Euro"),
        "KWD": pgettext("currency", "Kuwaiti dinar"),
        "BHD": pgettext("currency", "Bahraini dinar"),
        "OMR": pgettext("currency", "Omani rial"),
        "QAR": pgettext("currency", "Qatari riyal"),
        "GBP": pgettext("currency", "Pound sterling"),
    }
    return names.get(currency, currency)
