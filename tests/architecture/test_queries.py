"""The number of SQL statements of each action is a constant written down: it never grows with lines or rows (style 7).

The baseline is tests/perf/query_counts.json; `WRITE_QUERY_COUNTS=1 pytest tests/architecture/test_queries.py` writes it anew.
"""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ap.services.bills import bill_create
from ap.services.credits import bill_void
from ap.services.posting import bill_post
from ar.services.customers import customer_update
from ar.services.invoices import invoice_create, invoice_delete, invoice_lock, invoice_update
from ar.services.lines import invoice_line_add, invoice_line_delete, invoice_line_update
from ar.services.posting import invoice_create_posted, invoice_post, invoice_void
from core.transactions import refusal_rolls_back
from documents.typed import parse_line
from inventory.services.items import item_search
from payments.services.reversing import payment_void
from tests.builders import draft_invoice, line, lines_of, payment, posted_invoice, typed_invoice
from tests.buying import cost, draft_bill, posted_bill, supplier, typed_bill

BASELINE = Path(__file__).resolve().parent.parent / "perf" / "query_counts.json"
SIZES = (1, 20, 200)


def rows(cast, count):
    return [line("1", "10.03", item=cast.items[0]) for _ in range(count)]


def create(cast, actor, size):
    typed = typed_invoice(actor, cast.customer, rows(cast, size))
    return lambda: invoice_create(typed=typed, actor=actor)


def create_posted(cast, actor, size):
    typed = typed_invoice(actor, cast.customer, rows(cast, size))
    return lambda: invoice_create_posted(typed=typed, actor=actor)


def update(cast, actor, size):
    draft = draft_invoice(actor, cast.customer, rows(cast, size))
    kept = [line("2", "10.03", id=str(row.pk)) for row in lines_of(draft)]
    typed = typed_invoice(actor, cast.customer, [*kept, line("1", "5")], version=1)
    return lambda: invoice_update(invoice_id=draft.pk, typed=typed, actor=actor)


def line_add(cast, actor, size):
    draft = draft_invoice(actor, cast.customer, rows(cast, size))
    typed = parse_line(line("1", "5", item=cast.items[1]))
    return lambda: invoice_line_add(invoice_id=draft.pk, typed=typed, actor=actor)


def line_update(cast, actor, size):
    draft = draft_invoice(actor, cast.customer, rows(cast, size))
    key = lines_of(draft)[0].pk
    typed = parse_line(line("3", "5"))
    return lambda: invoice_line_update(invoice_id=draft.pk, line_id=key, typed=typed, actor=actor)


def line_delete(cast, actor, size):
    draft = draft_invoice(actor, cast.customer, rows(cast, size + 1))
    key = lines_of(draft)[0].pk
    return lambda: invoice_line_delete(invoice_id=draft.pk, line_id=key, actor=actor)


def post(cast, actor, size):
    draft = draft_invoice(actor, cast.customer, rows(cast, size))
    return lambda: invoice_post(invoice_id=draft.pk, actor=actor)


def void(cast, actor, size):
    posted = posted_invoice(actor, cast.customer, rows(cast, size))
    return lambda: invoice_void(invoice_id=posted.pk, actor=actor, reason="x")


def lock(cast, actor, size):
    posted = posted_invoice(actor, cast.customer, rows(cast, size))
    return lambda: invoice_lock(invoice_id=posted.pk, actor=actor)


def delete(cast, actor, size):
    draft = draft_invoice(actor, cast.customer, rows(cast, size))
    return lambda: invoice_delete(invoice_id=draft.pk, actor=actor)


def costs(size):
    return [cost("1", "10.03", account="6310", prepaid_months="3") for _ in range(size)]


def bill_made(cast, actor, size):
    typed = typed_bill(actor, supplier(actor), costs(size))
    return lambda: bill_create(typed=typed, actor=actor)


def bill_is_posted(cast, actor, size):
    draft = draft_bill(actor, supplier(actor), costs(size))
    return lambda: bill_post(bill_id=draft.pk, actor=actor)


def bill_is_voided(cast, actor, size):
    posted = posted_bill(actor, supplier(actor), costs(size))
    return lambda: bill_void(bill_id=posted.pk, actor=actor, reason="x")


def receive(cast, actor, size):
    """Pay `size` invoices by one receipt, oldest first."""
    for _ in range(size):
        posted_invoice(actor, cast.customer)
    return lambda: payment(actor, cast.customer, Decimal(115) * size)


def reverse(cast, actor, size):
    receive(cast, actor, size)
    received = payment(actor, cast.customer, Decimal(115) * size)
    return lambda: payment_void(payment_id=received.pk, actor=actor)


def customer_edit(cast, actor, size):
    return lambda: customer_update(
        customer_id=cast.customer.pk, values={"city": "Jeddah"}, version=None, actor=actor
    )


def search(cast, actor, size):
    return lambda: item_search("para")


ACTIONS = {
    "invoice create": create,
    "invoice create and post": create_posted,
    "invoice update": update,
    "invoice line add": line_add,
    "invoice line update": line_update,
    "invoice line delete": line_delete,
    "invoice post": post,
    "invoice void": void,
    "invoice lock": lock,
    "invoice delete": delete,
    "bill create": bill_made,
    "bill post": bill_is_posted,
    "bill void": bill_is_voided,
    "receipt of N invoices": receive,
    "receipt of N invoices reversed": reverse,
    "customer update": customer_edit,
    "item search": search,
}


def measure(cast, actor, prepare, size):
    """Return how many statements the action issues inside a request's transaction."""
    action = prepare(cast, actor, size)
    token = refusal_rolls_back.set(True)  # as in a request: no savepoints
    try:
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            action()
    finally:
        refusal_rolls_back.reset(token)
    return len([q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]])


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_statements_of_an_action_are_the_written_number_at_any_size(in_company_a, owner, name):
    sizes = SIZES[:2] if "receipt" in name else SIZES
    counted = {str(size): measure(in_company_a, owner, ACTIONS[name], size) for size in sizes}
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if os.environ.get("WRITE_QUERY_COUNTS"):
        baseline[name] = counted
        BASELINE.write_text(json.dumps(dict(sorted(baseline.items())), indent=2) + "\n")

    assert len(set(counted.values())) == 1, f"{name} grows with its size: {counted}"
    assert counted == baseline.get(name), (
        "Fewer is fine: write the baseline anew. More needs a reason."
    )


@pytest.mark.django_db
def test_posting_and_adding_a_line_stay_within_their_promise():
    baseline = json.loads(BASELINE.read_text())

    assert baseline["invoice post"]["200"] <= 12
    assert baseline["invoice line add"]["200"] <= 8
