"""Suppliers (SP-3): tax numbers, bank details, terms, soft delete."""

import datetime as dt

import pytest

from ap.errors import DuplicateCode, UnknownSupplier
from ap.models import Supplier
from ap.services.suppliers import supplier_create, supplier_deactivate, supplier_update
from core.errors import DomainError, ValidationErrors
from core.iban import WrongIban, checked_iban
from documents.versions import Conflict
from tenancy.errors import PermissionRefused
from tests.buying import code, draft_bill, supplier
from tests.database import refused, refuses, run

pytestmark = pytest.mark.django_db
IBAN = "SA03 8000 0000 6080 1016 7519"


def test_codes_follow_each_other(in_company_a, owner):
    assert [supplier(owner, "One").code, supplier(owner, "Two").code] == ["S0001", "S0002"]
    with refuses(DuplicateCode, field="code"):
        supplier(owner, "Three", code="S0001")


def test_bank_details_and_tax_number_are_stored_without_spaces(in_company_a, owner):
    one = supplier(owner, iban=IBAN, swift="ncbk sa je", country="de", vat_number="DE 123.456.789")

    assert (one.iban, one.swift, one.country, one.vat_number) == (
        "SA0380000000608010167519",
        "NCBKSAJE",
        "DE",
        "DE123456789",
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"vat_number": "123"}, "vat_number"),
        ({"vat_number": "x", "country": "AE"}, "vat_number"),
        ({"country": "1"}, "country"),
        ({"currency": "RIYAL"}, "currency"),
        ({"iban": "SA0380000000608010167518"}, "iban"),
        ({"iban": "SA03"}, "iban"),
        ({"swift": "NCB"}, "swift"),
        ({"email": "nobody"}, "email"),
        ({"tax_code": "S15"}, "tax_code"),
        ({"withholding_percent": 101}, "withholding_percent"),
    ],
)
def test_wrong_value_is_named_by_field(in_company_a, owner, values, field):
    with pytest.raises(ValidationErrors) as caught:
        supplier_create(values={"name": "Gulf", **values}, actor=owner)

    assert field in {error.field for error in caught.value.errors}
    assert not Supplier.objects.exists()


def test_usual_account_is_no_control_account(in_company_a, owner):
    with pytest.raises(ValidationErrors) as caught:
        supplier(owner, account_id=code("2110"))
    assert {error.field for error in caught.value.errors} == {"account"}
    assert supplier(owner, account_id=code("6310")).account.code == "6310"


def test_database_keeps_wrong_tax_numbers_out(in_company_a, owner):
    supplier(owner)

    with refused("supplier_vat_number_format"):
        run("UPDATE ap_supplier SET vat_number = '12'")
    with refused("supplier_iban_format"):
        run("UPDATE ap_supplier SET iban = 'abc'")


def test_inactive_supplier_stays_in_history_and_gets_no_bill(in_company_a, owner):
    """SP-3."""
    one = supplier(owner)
    bill = draft_bill(owner, one)

    supplier_deactivate(supplier_id=one.pk, actor=owner)

    bill.refresh_from_db()
    assert bill.supplier_id == one.pk
    with refuses(UnknownSupplier, field="supplier"):
        draft_bill(owner, one)


def test_edit_of_an_outdated_version_names_the_difference(in_company_a, owner):
    one = supplier(owner)
    supplier_update(supplier_id=one.pk, values={"phone": "1"}, version=1, actor=owner)

    with pytest.raises(Conflict) as caught:
        supplier_update(supplier_id=one.pk, values={"phone": "2"}, version=1, actor=owner)

    assert caught.value.changes == {"phone": {"yours": "2", "theirs": "1"}}


def test_terms_decide_the_due_date(in_company_a, owner):
    one = supplier(owner, payment_terms_days=7)

    bill = draft_bill(owner, one, issue_date="2026-01-10")

    assert bill.due_date == dt.date(2026, 1, 17)


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_only_owner_and_accountant_write_suppliers(in_company_a, role):
    with refuses(PermissionRefused):
        supplier(in_company_a.principal(role))


@pytest.mark.parametrize(
    "iban", ["SA0380000000608010167519", "GB82WEST12345698765432", "DE89370400440532013000"]
)
def test_iban_of_many_countries(iban):
    assert checked_iban(iban.lower(), field="iban") == iban
    with pytest.raises(WrongIban):
        checked_iban(iban[:-1] + ("0" if iban[-1] != "0" else "1"), field="iban")


def test_iban_is_no_other_text():
    for text in ("1", "SA" + "0" * 40, "SA03-8000", "٠٣"):
        with pytest.raises(DomainError):
            checked_iban(text, field="iban")
    assert checked_iban("", field="iban") == ""
