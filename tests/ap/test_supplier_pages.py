"""Pages of suppliers: list with balances, page, form, taking one out of use (SP-3)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ap.models import Supplier
from tests.ar.signed_in import owner_client, signed_in
from tests.buying import posted_bill, supplier
from tests.cast import Cast

__all__ = ["owner_client"]
pytestmark = pytest.mark.django_db

FORM = {
    "name": "Reed Pen",
    "name_arabic": "قلم القصب",
    "country": "sa",
    "language": "ar",
    "vat_number": "311111111100003",
    "iban": "SA03 8000 0000 6080 1016 7519",
    "is_active": "on",
}


def test_a_supplier_is_added_and_changed_from_its_form(
    owner_client: Client, company_a: Cast
) -> None:
    assert owner_client.post(reverse("ap:supplier-create"), FORM).status_code == 302
    with company_a.scope():
        made = Supplier.objects.get()
    assert (made.country, made.iban) == ("SA", "SA0380000000608010167519")
    edit = reverse("ap:supplier-edit", args=[made.pk])
    changed = FORM | {"name": "Reed Pen Ltd", "code": made.code, "version": str(made.version)}
    assert owner_client.post(edit, changed).status_code == 302
    stale = owner_client.post(edit, changed | {"name": "Later"})
    assert stale.status_code == 422
    with company_a.scope():
        assert Supplier.objects.get().name == "Reed Pen Ltd"


def test_wrong_fields_are_named_and_nothing_is_stored(
    owner_client: Client, company_a: Cast
) -> None:
    response = owner_client.post(
        reverse("ap:supplier-create"),
        FORM | {"vat_number": "12", "iban": "SA00", "payment_terms_days": "-1"},
    )
    assert response.status_code == 422
    assert {"payment_terms_days"} <= set(response.context["form"].errors)
    response = owner_client.post(
        reverse("ap:supplier-create"), FORM | {"vat_number": "12", "iban": "SA00"}
    )
    assert {"vat_number", "iban"} <= set(response.context["form"].errors)
    with company_a.scope():
        assert not Supplier.objects.exists()


def test_the_page_shows_what_we_owe_and_the_open_bills(
    owner_client: Client, company_a: Cast
) -> None:
    with company_a.acting() as owner:
        one = supplier(owner, name="Old Wall")
        bill = posted_bill(owner, one)
        posted_bill(owner, one)
    page = owner_client.get(reverse("ap:supplier-detail", args=[one.pk]))
    assert str(page.context["balance"]) == "230.0000"
    assert page.context["bills"][0].number == bill.number
    rows = owner_client.get(reverse("ap:supplier-list"), {"q": "wall"}).context["rows"]
    assert [(row.supplier.name, str(row.balance)) for row in rows] == [("Old Wall", "230.0000")]


def test_out_of_use_leaves_the_pickers_and_comes_back(
    owner_client: Client, company_a: Cast
) -> None:
    with company_a.acting() as owner:
        one = supplier(owner, name="Old Wall")

    def picked() -> int:
        found = owner_client.get(reverse("ap:supplier-lookup"), {"q": "wall"}).json()["results"]
        return len(found)

    address = reverse("ap:supplier-activity", args=[one.pk])
    assert picked() == 1
    assert owner_client.post(address).status_code == 303
    assert picked() == 0
    owner_client.post(address)
    assert picked() == 1
    assert signed_in(company_a, "auditor").post(address).status_code == 403
