"""Numbers: consecutive, given back by a rollback, never typed in the series' own form (PS-14, D1, IF-5)."""

import pytest
from django.db import transaction

from ar.models import Invoice
from core.dates import local_today
from documents.errors import DuplicateNumber
from documents.models import NumberSequence
from documents.services.numbering import numbers_take
from tenancy.models import Branch
from tests.builders import draft_invoice, post, posted_invoice, voided_invoice
from tests.database import nothing_changes, refused, refuses, run

pytestmark = pytest.mark.django_db

YEAR = local_today().year


def numbers():
    return list(
        Invoice.objects.exclude(status="draft")
        .order_by("sequence_number")
        .values_list("number", flat=True)
    )


def test_numbers_follow_each_other(in_company_a, owner):
    for _ in range(3):
        posted_invoice(owner, in_company_a.customer)
    post(owner, draft_invoice(owner, in_company_a.customer))

    assert numbers() == [f"INV-{YEAR}-0000{n}" for n in (1, 2, 3, 4)]


def test_draft_has_no_number(in_company_a, owner):
    assert draft_invoice(owner, in_company_a.customer).number == ""
    assert not NumberSequence.objects.exists()


def test_rollback_gives_the_number_back(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)
    with transaction.atomic():
        posted_invoice(owner, in_company_a.customer)
        transaction.set_rollback(True)
    posted_invoice(owner, in_company_a.customer)

    assert numbers() == [f"INV-{YEAR}-00001", f"INV-{YEAR}-00002"]


def test_each_kind_and_year_has_its_own_series(in_company_a, owner):
    voided_invoice(owner, in_company_a.customer)
    posted_invoice(owner, in_company_a.customer, issue_date=f"{YEAR - 1}-06-01")

    assert set(NumberSequence.objects.values_list("series", "last_number")) == {
        (f"INV-{YEAR}", 1),
        (f"CN-{YEAR}", 1),
        (f"INV-{YEAR - 1}", 1),
    }


def test_companies_count_on_their_own(company_a, company_b):
    for cast in (company_a, company_b, company_a):
        with cast.acting() as owner:
            number = posted_invoice(owner, cast.customer).number
    assert number == f"INV-{YEAR}-00002"


def test_another_branch_has_its_own_series(in_company_a):
    branch = Branch.objects.create(code="JED", name="Jeddah")

    assert numbers_take(
        branch_id=branch.pk, kind="ar.invoice", prefix="INV", year=YEAR, count=2
    ) == (
        f"INV-{YEAR}-JED",
        [1, 2],
    )


@pytest.mark.parametrize(
    "typed", ["INV-2026-00001", "inv-2031-7", "CN-2026-00001", "INV-2026-JED-1"]
)
def test_number_in_the_form_of_the_series_is_refused(in_company_a, owner, typed):
    with refuses(DuplicateNumber, field="number"):
        draft_invoice(owner, in_company_a.customer, number=typed)


def test_typed_number_is_used_once(in_company_a, owner):
    draft_invoice(owner, in_company_a.customer, number="A-17")

    with refuses(DuplicateNumber, field="number"):
        draft_invoice(owner, in_company_a.customer, number="A-17")


def test_typed_number_stays_and_takes_none_of_the_series(in_company_a, owner):
    posted = post(owner, draft_invoice(owner, in_company_a.customer, number="A-17"))

    assert (posted.number, posted.sequence_number) == ("A-17", None)
    assert not NumberSequence.objects.exists()


def test_another_company_may_use_the_same_number(company_a, company_b):
    for cast in (company_a, company_b):
        with cast.acting() as owner:
            assert draft_invoice(owner, cast.customer, number="A-17").number == "A-17"


def test_database_refuses_a_number_twice(in_company_a, owner):
    first = draft_invoice(owner, in_company_a.customer, number="A-17")
    draft_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("ar_invoice_number_once"):
        run("UPDATE ar_invoice SET number = 'A-17' WHERE id <> %s", [first.pk])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents_numbersequence SET last_number = last_number - 1",
        "UPDATE documents_numbersequence SET series = 'OTHER'",
        "DELETE FROM documents_numbersequence",
    ],
)
def test_series_only_goes_forward(in_company_a, owner, statement):
    posted_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("number_series_forward"):
        run(statement)
