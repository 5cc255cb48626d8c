"""Suppliers: create, change, deactivate (SP-3)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from ap.errors import DuplicateCode, UnknownAccount, UnknownSupplier
from ap.models import Supplier
from core.errors import N_, DomainError, ValidationErrors
from core.iban import checked_iban
from core.inputs import parse_vat_number
from core.text import search_key
from core.transactions import write
from documents.services.masters import apply_changes, country_code, next_code, require_sound
from documents.typed import Collected
from ledger.models import Account, TaxCode
from tenancy.permissions import require
from tenancy.principal import Principal

FIELDS = (
    "code",
    "name",
    "name_arabic",
    "vat_number",
    "cr_number",
    "street",
    "building_number",
    "district",
    "city",
    "city_arabic",
    "postal_code",
    "country",
    "phone",
    "email",
    "language",
    "currency",
    "payment_terms_days",
    "account_id",
    "tax_code",
    "withholding_percent",
    "bank_name",
    "iban",
    "bank_account",
    "swift",
    "notes",
    "is_active",
)
_FOREIGN_VAT = re.compile(r"[A-Z0-9]{5,20}\Z")
_SWIFT = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?\Z")


def supplier_search_text(supplier: Supplier) -> str:
    """Return the key that search as you type looks in."""
    return search_key(
        supplier.code, supplier.name, supplier.name_arabic, supplier.vat_number, supplier.phone
    )


def _vat_number(supplier: Supplier) -> str:
    """Return the tax number: a Saudi one has 15 digits, one of another country letters and digits."""
    if supplier.country == "SA":
        return parse_vat_number(supplier.vat_number, field="vat_number")
    text = re.sub(r"[\s.\-/]", "", supplier.vat_number).upper()
    if text and not _FOREIGN_VAT.match(text):
        raise DomainError(
            N_("A tax number has 5 to 20 letters and digits."),
            code="wrong_vat_number",
            field="vat_number",
        )
    return text


def _swift(value: str) -> str:
    text = "".join(value.split()).upper()
    if text and not _SWIFT.match(text):
        raise DomainError(
            N_("A SWIFT code has 8 or 11 letters and digits."), code="wrong_swift", field="swift"
        )
    return text


def _require_account(supplier: Supplier) -> None:
    if supplier.account_id is None:
        return
    account = Account.objects.filter(pk=supplier.account_id).first()
    if account is None or not account.is_posting or not account.is_active or account.subledger:
        raise UnknownAccount(N_("There is no such open account."), field="account")


def _require_tax_code(supplier: Supplier) -> None:
    if not supplier.tax_code:
        return
    codes = TaxCode.objects.filter(code=supplier.tax_code, direction="purchase", is_active=True)
    if not codes.exists():
        raise DomainError(
            N_("There is no such VAT code."), code="unknown_tax_code", field="tax_code"
        )


def _prepare(supplier: Supplier) -> None:
    """Check a supplier that is about to be saved; raises ValidationErrors that name every wrong field."""
    note = Collected()
    supplier.country = note.take(lambda: country_code(supplier.country), supplier.country)
    supplier.currency = supplier.currency.upper()
    supplier.vat_number = note.take(lambda: _vat_number(supplier), supplier.vat_number)
    supplier.iban = note.take(lambda: checked_iban(supplier.iban, field="iban"), supplier.iban)
    supplier.swift = note.take(lambda: _swift(supplier.swift), supplier.swift)
    note.take(lambda: _require_account(supplier), None)
    note.take(lambda: _require_tax_code(supplier), None)
    if supplier.currency and not re.fullmatch(r"[A-Z]{3}", supplier.currency):
        note.errors.append(
            DomainError(N_("A currency is three letters."), code="invalid", field="currency")
        )
    percent = supplier.withholding_percent
    if percent is not None and not 0 <= percent <= 100:
        note.errors.append(
            DomainError(
                N_("A percent is between 0 and 100."), code="invalid", field="withholding_percent"
            )
        )
    named = {error.field for error in note.errors}
    try:
        require_sound(supplier, exclude=["account"])
    except ValidationErrors as found:
        note.errors.extend(error for error in found.errors if error.field not in named)
    note.done()
    supplier.search_text = supplier_search_text(supplier)
    if Supplier.objects.filter(code=supplier.code).exclude(pk=supplier.pk).exists():
        raise DuplicateCode(N_("This code is used by another supplier."), field="code")


@write
def supplier_create(*, values: Mapping[str, Any], actor: Principal) -> Supplier:
    """Create a supplier; an empty code gets the next free one. Raises ValidationErrors, DuplicateCode."""
    require(actor, "ap.supplier.edit")
    supplier = Supplier(**{name: values[name] for name in FIELDS if name in values})
    supplier.code = supplier.code or next_code(Supplier, "S")
    _prepare(supplier)
    supplier.save(force_insert=True)
    return supplier


@write
def supplier_update(
    *, supplier_id: uuid.UUID, values: Mapping[str, Any], version: int | None, actor: Principal
) -> Supplier:
    """Change a supplier; raises Conflict when it was changed since `version` (SP-9).

    Inactive ones stay in history and leave the pickers: `is_active` is the soft delete of SP-3.
    """
    require(actor, "ap.supplier.edit")
    supplier: Supplier | None = Supplier.objects.select_for_update().filter(pk=supplier_id).first()
    if supplier is None:
        raise UnknownSupplier(N_("There is no such supplier."), field="supplier")
    changes = {name: values[name] for name in FIELDS if name in values}
    apply_changes(supplier, changes, version=version)
    _prepare(supplier)
    checked = {"country", "currency", "vat_number", "iban", "swift"}
    supplier.save(update_fields=[*{*changes, *checked}, "search_text", "version", "updated_at"])
    return supplier


def supplier_deactivate(*, supplier_id: uuid.UUID, actor: Principal) -> Supplier:
    """Take a supplier out of the pickers; bills and history stay (SP-3)."""
    return supplier_update(
        supplier_id=supplier_id, values={"is_active": False}, version=None, actor=actor
    )
