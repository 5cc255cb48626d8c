"""A value that cannot be is a 400 that names its field; nothing is written (IF-5, reliability.md part 10)."""

from __future__ import annotations

import pytest

from ar.models import Invoice
from payments.models import PaymentAccount
from tests.api.conftest import codes, invoice, line
from tests.builders import payment

pytestmark = pytest.mark.django_db


def count(cast):
    with cast.acting():
        return Invoice.objects.count()


NUMBERS = [
    ("NaN", "wrong_number"),
    ("Infinity", "wrong_number"),
    ("-Infinity", "wrong_number"),
    ("1e3", "wrong_number"),
    ("1E-2", "wrong_number"),
    ("1e400", "wrong_number"),
    ("0x10", "wrong_number"),
    ("1_000", "wrong_number"),
    ("12,5", "wrong_number"),
    ("½", "wrong_number"),
    ("²", "wrong_number"),
    ("１２", "wrong_number"),
    ("1" * 20, "too_large"),
    ("1" * 400, "wrong_number"),
    ("1.0000001", "too_many_places"),
    (True, "wrong_number"),
    ([], "wrong_number"),
    (None, "required"),
    ("", "required"),
]


@pytest.mark.parametrize(("value", "code"), NUMBERS)
def test_wrong_unit_price_is_refused_at_its_field(api, company_a, value, code):
    answer = api.post("invoices", invoice(company_a, line(unit_price=value)))

    assert answer.status_code == 400
    assert codes(answer) == {"lines.0.unit_price": code}
    assert answer.json()["errors"][0]["pointer"] == "/lines/0/unit_price"
    assert count(company_a) == 0


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"1e400", "wrong_number"),
        (b"1E-2", "wrong_number"),
        (b"99999999999999999999999999999999", "too_large"),
    ],
)
def test_wrong_json_number_is_refused_at_its_field(api, company_a, raw, code):
    body = (
        b'{"customer": "%s", "lines": [{"description": "x", "quantity": 1, "unit_price": %s}]}'
        % (str(company_a.customer.pk).encode(), raw)
    )

    answer = api.send("POST", "invoices", raw=body)

    assert (answer.status_code, codes(answer)) == (400, {"lines.0.unit_price": code})


def test_json_number_with_a_point_is_exact(api, company_a):
    body = (
        b'{"customer": "%s", "lines": [{"description": "x", "quantity": 3, "unit_price": 0.1, "vat_rate": 15}]}'
        % str(company_a.customer.pk).encode()
    )

    answer = api.send("POST", "invoices", raw=body)

    assert answer.json()["subtotal"] == "0.30"


@pytest.mark.parametrize("text", ["١٢٫٥", "۱۲٫۵"])
def test_eastern_digits_are_normalised_and_echoed(api, company_a, text):
    answer = api.post("invoices", invoice(company_a, line(quantity=text)))

    assert answer.json()["lines"][0]["quantity"] == "12.5"


def test_minus_zero_is_zero(api, company_a):
    answer = api.post("invoices", invoice(company_a, line(unit_price="-0.00")))

    assert answer.json()["lines"][0]["unit_price"] == "0.00"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"quantity": "0"}, {"lines.0.quantity": "too_small"}),
        ({"quantity": "-1"}, {"lines.0.quantity": "too_small"}),
        ({"unit_price": "-0.01"}, {"lines.0.unit_price": "too_small"}),
        ({"vat_rate": "7"}, {"lines.0.vat_rate": "unknown_tax_rate"}),
        ({"discount_percent": "101"}, {"lines.0.discount_percent": "too_large"}),
        ({"description": ""}, {"lines.0.description": "required"}),
        ({"description": "x" * 501}, {"lines.0.description": "too_long"}),
        ({"description": "x" * 10_001}, {"lines.0.description": "too_long"}),
        ({"description": "a\x00b"}, {"lines.0.description": "wrong_text"}),
        ({"description": "a\x1bb"}, {"lines.0.description": "wrong_text"}),
        ({"description": "a\x0bb"}, {"lines.0.description": "wrong_text"}),
        ({"description": "a\ufffeb"}, {"lines.0.description": "wrong_text"}),
        ({"description": "a\ud800b"}, {"lines.0.description": "wrong_text"}),
        ({"description": "a\u202eb"}, {"lines.0.description": "wrong_text"}),
        ({"description": 5}, {"lines.0.description": "wrong_text"}),
        ({"item": "not-an-id"}, {"lines.0.item": "wrong_id"}),
        ({"item": "01a1fcd7-0000-7000-8000-000000000000"}, {"lines.0.item": "unknown_item"}),
        ({"company": 1}, {"lines.0.company": "unknown_field"}),
        ({"net_amount": "1"}, {"lines.0.net_amount": "unknown_field"}),
        (
            {"quantity": "9999999999999", "unit_price": "9999999999999"},
            {"lines.0": "amount_too_large"},
        ),
    ],
)
def test_wrong_line_is_refused_at_its_field(api, company_a, fields, expected):
    answer = api.post("invoices", invoice(company_a, line(**fields)))

    assert answer.status_code == 400
    found = codes(answer)
    assert list(found.values()) == list(expected.values())
    assert all(name.startswith(next(iter(expected))) or "total" in name for name in found)
    assert count(company_a) == 0


@pytest.mark.parametrize(
    "name",
    [
        "company",
        "company_id",
        "status",
        "total",
        "allocated_amount",
        "created_by",
        "is_locked",
        "is_posted",
        "branch",
        "posted_at",
        "seller",
        "base_total",
    ],
)
def test_protected_fields_are_refused(api, company_a, name):
    answer = api.post("invoices", invoice(company_a, **{name: "1"}))

    assert (answer.status_code, codes(answer)) == (400, {name: "unknown_field"})
    assert count(company_a) == 0


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01",
        "9999-12-31",
        "2025-02-29",
        "2025-W10-1",
        "20250101",
        "now",
        "infinity",
        "1446-05-01",
        "2014-12-31",
    ],
)
def test_wrong_dates_are_refused(api, company_a, text):
    answer = api.post("invoices", invoice(company_a, issue_date=text))

    assert (answer.status_code, codes(answer)) == (400, {"issue_date": "wrong_date"})


@pytest.mark.parametrize(
    "number",
    [
        "31000000000000",
        "3100000000000003",
        "410000000000003",
        "٣١٠٠٠٠٠٠٠٠٠٠٠٠٣",
        "３１００００００００００００３",
    ],
)
def test_wrong_vat_number_is_refused(api, number):
    answer = api.post("customers", {"name": "X", "vat_number": number})

    assert (answer.status_code, codes(answer)) == (400, {"vat_number": "wrong_vat_number"})


def test_lines_are_needed(api, company_a):
    body = {"customer": str(company_a.customer.pk), "lines": []}

    assert codes(api.post("invoices", body)) == {"lines": "no_lines"}
    assert codes(api.post("invoices", {"lines": "x"})) == {
        "customer": "required",
        "lines": "invalid",
    }


WRONG_KINDS = ([], {})


def bodies(cast, account):
    """Return (method, path, body) of what people send most; every field of each is tried."""
    invoice_body = invoice(
        cast,
        line(description_arabic="ش", unit="box", item_code="", tax_category="S"),
        issue_date="2026-01-05",
        currency="SAR",
        reference="R",
        notes="n",
        notes_arabic="ن",
        document_discount="0",
        prices_include_tax=False,
        number="X-1",
        external_id="e",
    )
    return {
        "invoice": ("POST", "invoices", invoice_body),
        "customer": (
            "POST",
            "customers",
            {"name": "C", "name_arabic": "ع", "city": "R", "country": "SA", "language": "ar"}
            | {"credit_limit": "1", "credit_control": "warn", "payment_terms_days": 3}
            | {"notes": "n", "is_active": True, "vat_number": "", "email": ""},
        ),
        "item": (
            "POST",
            "items",
            {"code": "I", "name": "I", "unit": "u", "price": "1", "kind": "goods"}
            | {"vat_rate": "15", "tax_category": "S", "barcode": "1", "is_active": True},
        ),
        "payment": (
            "POST",
            "payments",
            {"customer": str(cast.customer.pk), "payment_account": account, "amount": "1"}
            | {"date": "2026-01-05", "strategy": "fifo", "direction": "in", "reference": "r"}
            | {"notes": "n", "withholding_tax": "0"},
        ),
        "account": (
            "PATCH",
            f"payment-accounts/{account}",
            {"name": "n", "iban": "", "bank_name": "", "currency": "SAR", "is_active": True},
        ),
    }


@pytest.mark.parametrize("name", ["invoice", "customer", "item", "payment", "account"])
def test_every_field_refuses_a_value_of_another_kind(api, company_a, name):
    with company_a.acting():
        account = str(PaymentAccount.objects.get(code="CASH").pk)
    method, path, body = bodies(company_a, account)[name]
    before = count(company_a)

    taken = []
    for field in body:
        for wrong in WRONG_KINDS:
            answer = api.send(method, path, body | {field: wrong})
            if answer.status_code != 400 or field not in {
                key.split(".")[0] for key in codes(answer)
            }:
                taken.append((field, wrong, answer.status_code))
    for field in body.get("lines", [{}])[0]:
        for wrong in WRONG_KINDS:
            answer = api.send(method, path, body | {"lines": [body["lines"][0] | {field: wrong}]})
            if f"lines.0.{field}" not in codes(answer):
                taken.append((f"lines.0.{field}", wrong, answer.status_code))

    assert taken == []
    assert count(company_a) == before


@pytest.mark.parametrize("value", ["x", "yes", 2, [], {}])
def test_whether_prices_include_vat_is_true_or_false(api, company_a, value):
    answer = api.post("invoices", invoice(company_a, prices_include_tax=value))
    shown = api.post(
        "preview/calculate", {"line_items": [line()], "prices_include_tax": value}
    ).json()

    assert (answer.status_code, codes(answer)) == (400, {"prices_include_tax": "invalid"})
    assert (shown["is_valid"], shown["errors"][0]["field"]) == (False, "prices_include_tax")


@pytest.mark.parametrize(
    ("field", "value"), [("language", "x"), ("language", "fr"), ("country", "1x"), ("country", "S")]
)
def test_customer_has_a_known_language_and_a_country(api, field, value):
    answer = api.post("customers", {"name": "C", field: value})

    assert (answer.status_code, list(codes(answer))) == (400, [field])


@pytest.mark.parametrize("wrong", [[], {}, 0, False])
def test_action_on_money_takes_no_wrong_day_as_none(api, company_a, wrong):
    with company_a.acting() as owner:
        paid = payment(owner, company_a.customer, "5", strategy="none")
    actions = {
        f"payments/{paid.pk}/allocate": "date",
        f"payments/{paid.pk}/void": "date",
        "commissions/pay": "until",
    }

    for path, field in actions.items():
        assert field in codes(api.post(path, {field: wrong})), path
        # nor a body that is no object for an empty one
        if not isinstance(wrong, dict):
            assert api.post(path, wrong).status_code == 400, path
    assert api.get(f"payments/{paid.pk}").json()["status"] == "posted"
