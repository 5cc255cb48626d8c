import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

LOAD = "{% load money dates bidi ui %}"


def render(text, **context):
    return Template(LOAD + text).render(Context(context))


def test_money_shows_the_currency_small_beside_the_figure():
    with translation.override("en"):
        html = render('{% money x "SAR" %}', x=Decimal("1150"))

    assert html == (
        '<span class="money"><bdi dir="ltr">1,150.00</bdi><span class="money-currency">SAR</span></span>'
    )


def test_negative_money_is_marked_and_nothing_is_empty():
    assert "money--negative" in render('{% money x "SAR" bare=True %}', x=Decimal("-1"))
    assert render('{% money x "SAR" %}', x=None) == ""


def test_arabic_pages_write_the_arabic_currency():
    with translation.override("ar"):
        assert "ر.س" in render('{% money x "SAR" %}', x=Decimal(1))


def test_moment_is_shown_in_the_current_zone():
    with timezone.override("Asia/Riyadh"), translation.override("en"):
        html = render("{{ x|moment }}", x=datetime(2026, 1, 5, 22, 2, tzinfo=UTC))

    assert "6 Jan 2026, 01:02" in html


def test_names_are_isolated_and_escaped():
    assert render("{{ x|isolate }}", x="<b>شركة</b>") == "<bdi>&lt;b&gt;شركة&lt;/b&gt;</bdi>"
    assert render("{{ x|code }}", x="INV-1") == '<bdi class="code" dir="ltr">INV-1</bdi>'


def test_name_of_follows_the_language_and_falls_back():
    both = SimpleNamespace(name="Dallah", name_arabic="دله")
    latin = SimpleNamespace(name="Dallah", name_arabic="")

    with translation.override("ar"):
        assert render("{% name_of x %}", x=both) == "<bdi>دله</bdi>"
        assert render("{% name_of x %}", x=latin) == "<bdi>Dallah</bdi>"
    with translation.override("en"):
        assert render("{% name_of x %}", x=both) == "<bdi>Dallah</bdi>"


def test_status_is_icon_and_word():
    with translation.override("en"):
        html = render('{% status "partially_paid" %}')

    assert "#partial" in html
    assert "Partially paid" in html


def test_pointing_icons_mirror_and_clocks_do_not():
    assert "icon--mirror" in render('{% icon "arrow-next" %}')
    assert "icon--mirror" not in render('{% icon "clock" %}')
    assert 'aria-hidden="true"' in render('{% icon "clock" %}')
    assert 'aria-label="Late"' in render('{% icon "clock" label="Late" %}')


def test_every_icon_named_in_a_template_exists():
    root = Path(settings.BASE_DIR)
    known = set(re.findall(r'symbol id="([^"]+)"', (root / "static/icons.svg").read_text()))
    used = set()
    for path in (root / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([^"]+)"', path.read_text()))

    assert used <= known
