"""Money in and out through the API: exact shapes, refusals at their field, nothing half-written (SP-5)."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from core.dates import local_today
from payments.models import Allocation, Payment
from tests.api.conftest import codes, posted
from tests.buying import credited, posted_bill

pytestmark = pytest.mark.django_db

TODAY = local_today().isoformat()
UNKNOWN = "01900000-0000-7000-8000-000000000000"


def body(cast, amount="115", **fields):
    """Return a payment without a party."""
    return {"payment_account": str(cast.till.pk), "amount": amount, **fields}


def stored(cast):
    with cast.scope():
        return Payment.objects.count(), Allocation.objects.count()


def test_receipt_has_exactly_this_shape(api, company_a):
    one = posted(api, company_a)

    answer = api.post(
        "payments", body(company_a, customer=str(company_a.customer.pk), reference="Cheque 7")
    )

    assert answer.status_code == 201
    found = answer.json()
    assert api.get(f"payments/{found['id']}").json() == found
    (row,) = found.pop("allocations")
    assert re.fullmatch(r"REC-\d{4}-\d{5}", found.pop("number"))
    assert dt.datetime.fromisoformat(found.pop("created_at"))
    key = found.pop("id")
    assert found == {
        "status": "posted",
        "version": 1,
        "direction": "in",
        "customer": str(company_a.customer.pk),
        "supplier": None,
        "payment_account": str(company_a.till.pk),
        "date": TODAY,
        "currency": "SAR",
        "exchange_rate": "1",
        "amount": "115.00",
        "withholding_tax": "0.00",
        "allocated_amount": "115.00",
        "open_amount": "0.00",
        "is_advance": False,
        "reference": "Cheque 7",
        "notes": "",
        "void_date": None,
        "void_reason": "",
        "created_by": company_a.users["owner"].pk,
    }
    assert re.fullmatch(r"[0-9a-f-]{36}", row.pop("id"))
    assert row == {
        "payment": key,
        "credit_note": None,
        "supplier_credit": None,
        "journal": None,
        "invoice": one["id"],
        "invoice_number": one["number"],
        "bill": None,
        "refund": None,
        "number": one["number"],
        "currency": "SAR",
        "amount": "115.00",
        "payment_amount": "115",
        "discount": "0.00",
        "write_off": "0.00",
        "base_amount": "115",
        "exchange_difference": "0",
        "date": TODAY,
        "undoes": None,
    }


def test_payment_to_a_supplier_withholds_tax_and_settles_the_bill(api, company_a, rent):
    party, bill = rent

    answer = api.post(
        "payments", body(company_a, "110", supplier=str(party.pk), withholding_tax="5")
    )

    found = answer.json()
    assert api.get(f"payments/{found['id']}").json() == found
    assert answer.status_code == 201
    assert found["number"].startswith("PAY-")
    assert {name: found[name] for name in ("direction", "customer", "supplier")} == {
        "direction": "out",
        "customer": None,
        "supplier": str(party.pk),
    }
    assert [found[name] for name in ("amount", "withholding_tax", "allocated_amount")] == [
        "110.00",
        "5.00",
        "115.00",
    ]
    shown = api.get(f"bills/{bill.pk}").json()
    assert (shown["status"], shown["open_amount"]) == ("paid", "0.00")
    assert shown["allocations"] == found["allocations"]
    assert [row["bill"] for row in shown["allocations"]] == [str(bill.pk)]


@pytest.mark.parametrize(
    ("parties", "field"), [((), "customer"), (("customer", "supplier"), "supplier")]
)
def test_exactly_one_party_is_named(api, company_a, rent, parties, field):
    keys = {"customer": str(company_a.customer.pk), "supplier": str(rent[0].pk)}

    answer = api.post("payments", body(company_a, **{name: keys[name] for name in parties}))

    assert (answer.status_code, codes(answer)) == (400, {field: "one_party"})
    assert stored(company_a) == (0, 0)


def test_wrong_input_is_named_at_each_field_and_nothing_is_written(api, company_a):
    posted(api, company_a)
    wrong = {
        "customer": "x",
        "direction": "sideways",
        "payment_account": "1",
        "amount": "NaN",
        "date": "2026-02-30",
        "strategy": "best",
        "currency": "riyal",
        "exchange_rate": "-1",
        "withholding_tax": "1e2",
        "is_advance": "maybe",
        "reference": "x" * 121,
        "notes": "\u0000",
    }

    answer = api.post("payments", wrong)

    assert answer.status_code == 400
    assert set(codes(answer)) == set(wrong)
    assert list(codes(api.post("payments", body(company_a, colour="red")))) == ["colour"]
    assert stored(company_a) == (0, 0)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"amount": "1"}, "invoice"),
        ({"invoice": UNKNOWN, "bill": UNKNOWN, "amount": "1"}, "bill"),
        ({"invoice": "x", "amount": "1"}, "invoice"),
        ({"invoice": UNKNOWN, "amount": "1"}, "invoice"),
        ({"invoice": UNKNOWN, "amount": "0"}, "amount"),
        ({"invoice": UNKNOWN}, "amount"),
        ({"invoice": UNKNOWN, "amount": "1", "discount": "-1"}, "discount"),
        ({"invoice": UNKNOWN, "amount": "1", "write_off": "Infinity"}, "write_off"),
        ({"invoice": UNKNOWN, "amount": "1", "payment_amount": "0"}, "payment_amount"),
        ({"invoice": UNKNOWN, "amount": "1", "price": "1"}, "price"),
    ],
)
def test_wrong_allocation_is_named_at_its_row_and_field(api, company_a, row, field):
    one = posted(api, company_a)
    rows = [{"invoice": one["id"], "amount": "10"}, row]

    answer = api.post(
        "payments", body(company_a, customer=str(company_a.customer.pk), allocations=rows)
    )

    assert answer.status_code == 400
    assert list(codes(answer)) == [f"allocations.1.{field}"]
    assert stored(company_a) == (0, 0)
    assert api.get(f"invoices/{one['id']}").json()["open_amount"] == "115.00"


def test_tax_is_withheld_from_suppliers_only(api, company_a):
    answer = api.post(
        "payments", body(company_a, customer=str(company_a.customer.pk), withholding_tax="1")
    )

    assert codes(answer) == {"withholding_tax": "wrong_amount"}
    assert stored(company_a) == (0, 0)


def test_refund_pays_back_the_credit_note_it_names(api, company_a, note):
    refund = body(company_a, "40", customer=str(company_a.customer.pk), direction="out")
    named = [{"credit_note": str(note.pk), "amount": "40"}]

    answer = api.post("payments", refund | {"allocations": named})

    assert answer.status_code == 201
    assert api.get(f"payments/{answer.json()['id']}").json() == answer.json()
    (row,) = answer.json()["allocations"]
    assert (row["credit_note"], row["refund"], row["payment"]) == (
        str(note.pk),
        answer.json()["id"],
        None,
    )
    assert (row["amount"], row["number"]) == ("40.00", answer.json()["number"])
    assert api.get(f"credit-notes/{note.pk}").json()["open_amount"] == "75.00"
    before = stored(company_a)
    many = api.post("payments", refund | {"allocations": [{**named[0], "amount": "40.01"}]})
    assert (many.status_code, codes(many)) == (409, {"allocations.0.amount": "over_allocated"})
    assert stored(company_a) == before


def test_refund_of_a_supplier_comes_in(api, company_a, rent):
    party, bill = rent
    api.post("payments", body(company_a, supplier=str(party.pk)))
    with company_a.acting() as owner:
        credit = credited(owner, bill)

    answer = api.post("payments", body(company_a, supplier=str(party.pk), direction="in"))

    assert api.get(f"payments/{answer.json()['id']}").json() == answer.json()
    assert answer.json()["number"].startswith("REC-")
    assert [row["supplier_credit"] for row in answer.json()["allocations"]] == [str(credit.pk)]
    assert answer.json()["open_amount"] == "0.00"


def test_unallocate_opens_the_document_and_keeps_the_money(api, company_a):
    one = posted(api, company_a)
    paid = api.post("payments", body(company_a, customer=str(company_a.customer.pk))).json()
    key = paid["allocations"][0]["id"]
    path = f"payments/{paid['id']}/unallocate"

    foreign = api.post(path, {"allocation": UNKNOWN})
    early = api.post(path, {"allocation": key, "date": "2020-01-01"})
    answer = api.post(path, {"allocation": key})

    assert codes(foreign) == {"allocation": "unknown_allocation"}
    assert codes(early) == {"date": "allocation_date"}
    assert codes(api.post(path, {"allocation": "x"})).keys() == {"allocation"}
    assert answer.status_code == 200
    assert (answer.json()["open_amount"], answer.json()["status"]) == ("115.00", "posted")
    assert [(row["amount"], row["undoes"]) for row in answer.json()["allocations"]] == [
        ("115.00", None),
        ("-115.00", key),
    ]
    assert api.get(f"invoices/{one['id']}").json()["open_amount"] == "115.00"
    assert api.post(path, {"allocation": key}).json()["code"] == "allocation_undone"
    assert api.post(f"payments/{UNKNOWN}/unallocate", {"allocation": key}).status_code == 404


def test_void_keeps_day_and_reason(api, company_a):
    paid = api.post("payments", body(company_a, customer=str(company_a.customer.pk))).json()
    path = f"payments/{paid['id']}/void"

    assert codes(api.post(path, {"date": "2020-01-01"})) == {"date": "void_date"}
    assert set(codes(api.post(path, {"date": "soon"}))) == {"date"}
    assert set(codes(api.post(path, {"reason": "x" * 301}))) == {"reason"}
    assert api.get(f"payments/{paid['id']}").json()["status"] == "posted"
    answer = api.post(path, {"date": TODAY, "reason": "Cheque returned"})

    found = answer.json()
    assert answer.status_code == 200
    assert (found["status"], found["void_date"], found["void_reason"], found["version"]) == (
        "void",
        TODAY,
        "Cheque returned",
        paid["version"] + 1,
    )


def test_any_allocation_is_undone_by_its_id(api, company_a, note):
    one = posted(api, company_a)
    used = api.post(f"credit-notes/{note.pk}/allocate").json()["allocations"]
    path = f"allocations/{used[0]['id']}/undo"

    assert set(codes(api.post(path, {"date": "x"}))) == {"date"}
    answer = api.post(path)

    assert answer.status_code == 200
    (mirror,) = answer.json()["allocations"]
    assert (mirror["undoes"], mirror["amount"], mirror["invoice"]) == (
        used[0]["id"],
        "-115.00",
        one["id"],
    )
    assert api.get(f"credit-notes/{note.pk}").json()["open_amount"] == "115.00"
    assert api.post(path).json()["code"] == "allocation_undone"
    assert api.post(f"allocations/{UNKNOWN}/undo").status_code == 404


def test_credit_note_is_put_on_the_invoices_it_names(api, company_a, note):
    one = posted(api, company_a)
    path = f"credit-notes/{note.pk}/allocate"

    many = api.post(path, {"allocations": [{"invoice": one["id"], "amount": "115.01"}]})
    unknown = api.post(path, {"allocations": [{"invoice": UNKNOWN, "amount": "1"}]})
    answer = api.post(path, {"allocations": [{"invoice": one["id"], "amount": "15"}]})

    assert codes(many) == {"allocations.0.amount": "over_allocated"}
    assert set(codes(unknown)) == {"allocations.0.invoice"}
    assert answer.status_code == 200
    rows = answer.json()["allocations"]
    assert [(row["credit_note"], row["invoice"], row["amount"]) for row in rows] == [
        (str(note.pk), one["id"], "15.00")
    ]
    assert api.get(f"credit-notes/{note.pk}").json()["open_amount"] == "100.00"
    assert api.post(f"credit-notes/{UNKNOWN}/allocate").status_code == 404


def test_supplier_credit_is_put_on_the_oldest_bill(api, company_a, rent):
    party, bill = rent
    api.post("payments", body(company_a, supplier=str(party.pk)))
    with company_a.acting() as owner:
        credit = credited(owner, bill)
        waiting = posted_bill(owner, party)

    answer = api.post(f"supplier-credits/{credit.pk}/allocate")

    assert [(row["bill"], row["amount"]) for row in answer.json()["allocations"]] == [
        (str(waiting.pk), "115.00")
    ]
    assert api.post(f"supplier-credits/{UNKNOWN}/allocate").status_code == 404
