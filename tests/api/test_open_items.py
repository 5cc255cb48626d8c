"""Open items, and who may see and move which money, through the API (SP-5)."""

from __future__ import annotations

import pytest

from core.dates import local_today
from payments.models import Allocation, Payment
from tests.api.conftest import api_of, codes, posted
from tests.builders import credited_one, locked_invoice, paid_invoice, posted_invoice
from tests.buying import supplier

pytestmark = pytest.mark.django_db

TODAY = local_today().isoformat()
UNKNOWN = "01900000-0000-7000-8000-000000000000"


def body(cast, amount="115", **fields):
    """Return a payment without a party."""
    return {"payment_account": str(cast.till.pk), "amount": amount, **fields}


def stored(cast):
    with cast.scope():
        return Payment.objects.count(), Allocation.objects.count()


def test_open_items_are_documents_and_credits_of_one_party(api, company_a, note):
    one = posted(api, company_a)

    answer = api.get(f"open-items?customer={company_a.customer.pk}")

    item = {
        "date": TODAY,
        "currency": "SAR",
        "exchange_rate": "1",
        "open_amount": "115.00",
        "carrying_amount": "115",
        "held": "",
    }
    assert answer.json() == {
        "customer": str(company_a.customer.pk),
        "documents": [
            item
            | {
                "kind": "invoice",
                "id": one["id"],
                "number": one["number"],
                "due_date": one["due_date"],
            }
        ],
        "credits": [
            item
            | {
                "kind": "credit_note",
                "id": str(note.pk),
                "number": note.number,
                "due_date": TODAY,
            }
        ],
    }
    other = api.get(f"open-items?customer={company_a.customer.pk}&currency=EUR").json()
    assert (other["documents"], other["credits"]) == ([], [])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "customer"),
        (f"customer={UNKNOWN}&supplier={UNKNOWN}", "customer"),
        ("supplier=x", "supplier"),
        (f"customer={UNKNOWN}&currency=riyal", "currency"),
        (f"customer={UNKNOWN}&page=1", "page"),
    ],
)
def test_open_items_name_what_is_wrong(api, query, field):
    answer = api.get(f"open-items?{query}")

    assert answer.status_code == 400
    assert list(codes(answer)) == [field]


def test_open_items_of_nobody_are_not_found(api, company_b):
    assert api.get(f"open-items?customer={UNKNOWN}").status_code == 404
    assert api.get(f"open-items?customer={company_b.customer.pk}").status_code == 404


def test_locked_document_takes_no_money(api, company_a):
    with company_a.acting() as owner:
        locked = locked_invoice(owner, company_a.customer)
    named = [{"invoice": str(locked.pk), "amount": "1"}]

    answer = api.post(
        "payments", body(company_a, customer=str(company_a.customer.pk), allocations=named)
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "document_locked")
    assert stored(company_a) == (0, 0)


def test_records_of_another_company_do_not_exist(api, company_a, company_b):
    with company_b.acting() as owner:
        invoice = paid_invoice(owner, company_b.customer)
        party = supplier(owner)
        note = credited_one(owner, invoice)
        waiting = posted_invoice(owner, company_b.customer)
        foreign, row = Payment.objects.get(), Allocation.objects.first()
    for path in (
        f"payments/{foreign.pk}/allocate",
        f"payments/{foreign.pk}/void",
        f"allocations/{row.pk}/undo",
        f"credit-notes/{note.pk}/allocate",
    ):
        assert api.post(path).status_code == 404, path
    unallocate = {"allocation": str(row.pk)}
    assert api.post(f"payments/{foreign.pk}/unallocate", unallocate).status_code == 404
    assert api.get(f"payments/{foreign.pk}").status_code == 404
    own = str(company_a.customer.pk)
    for fields, field in (
        ({"customer": str(company_b.customer.pk)}, "customer"),
        ({"supplier": str(party.pk)}, "supplier"),
        ({"customer": own, "payment_account": str(company_b.till.pk)}, "payment_account"),
        (
            {"customer": own, "allocations": [{"invoice": str(waiting.pk), "amount": "1"}]},
            "allocations.0.invoice",
        ),
    ):
        assert list(codes(api.post("payments", body(company_a) | fields))) == [field]
    assert stored(company_a) == (0, 0)


def test_each_role_may_what_its_rights_say(company_a, rent, note):
    party, _bill = rent
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
        before = Payment.objects.count()
    receipt = body(company_a, "1", customer=str(company_a.customer.pk))
    paid = body(company_a, "1", supplier=str(party.pk))

    def answers(role):
        api = api_of(company_a, role)
        return [api.post("payments", one).status_code for one in (receipt, paid)]

    assert answers("cashier") == [201, 403]
    assert answers("sales") == [403, 403]
    assert answers("auditor") == [403, 403]
    with company_a.scope():
        assert Payment.objects.count() == before + 1
        key = Payment.objects.order_by("-created_at").first().pk
    cashier, auditor = api_of(company_a, "cashier"), api_of(company_a, "auditor")
    assert cashier.post(f"payments/{key}/void").status_code == 403
    assert auditor.post(f"credit-notes/{note.pk}/allocate").status_code == 403
    assert auditor.get(f"open-items?customer={company_a.customer.pk}").status_code == 200
    given = {"strategy": "manual", "allocations": []}
    assert auditor.post(f"payments/{key}/allocate", given).status_code == 403
    assert answers("accountant") == [201, 201]
