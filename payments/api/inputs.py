"""Reading payments from JSON."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.inputs import parse_choice, rows_of
from ar.api.inputs import today_of
from ar.typed import parse_currency
from core.errors import N_, DomainError
from core.inputs import (
    clean_text,
    given,
    optional,
    parse_date,
    parse_decimal,
    parse_flag,
    parse_uuid,
)
from documents.typed import Collected
from payments.settlement import Part
from payments.strategies import STRATEGIES
from payments.typed import TypedPayment
from tenancy.principal import Principal

PAYMENT_FIELDS = (
    "customer",
    "supplier",
    "direction",
    "payment_account",
    "amount",
    "date",
    "strategy",
    "allocations",
    "currency",
    "exchange_rate",
    "withholding_tax",
    "is_advance",
    "reference",
    "notes",
)
#: What an allocation may name: documents for money, credits for refunds.
NAMED = ("invoice", "bill", "refund", "credit_note", "supplier_credit", "payment")
ALLOCATION_FIELDS = (*NAMED, "amount", "payment_amount", "discount", "write_off")
_MOST_ALLOCATIONS = 1000


def parse_allocations(value: Any) -> tuple[Part, ...]:
    """Read `[{invoice | bill, amount, payment_amount, discount, write_off}]`; `amount` is what the document loses.

    Raises ValidationErrors naming every wrong field, also when a row names none or several documents.
    """
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > _MOST_ALLOCATIONS:
        raise DomainError(
            N_("The allocations are a list of at most 1,000."), code="invalid", field="allocations"
        )
    rows_of({"allocations": value}, "allocations", ALLOCATION_FIELDS)
    note = Collected()
    parts = []
    for index, row in enumerate(value):
        at = f"allocations.{index}"
        if not isinstance(row, dict):
            note.errors.append(
                DomainError(N_("An allocation is an object."), code="invalid", field=at)
            )
            continue
        parts.append(_part(row, at, note))
    note.done()
    return tuple(parts)


def _part(row: Mapping[str, Any], at: str, note: Collected) -> Part:
    named = [name for name in NAMED if row.get(name) is not None]
    if len(named) != 1:
        field = f"{at}.{named[1]}" if named else f"{at}.invoice"
        note.errors.append(
            DomainError(
                N_("An allocation names exactly one document."), code="one_document", field=field
            )
        )

    zero = Decimal(0)

    def amount(name: str, *, above: Decimal | None = None) -> Decimal:
        return parse_decimal(row.get(name), field=f"{at}.{name}", minimum=zero, above=above)

    key = uuid.UUID(int=0)
    if named:
        key = note.take(lambda: parse_uuid(row[named[0]], field=f"{at}.{named[0]}"), key)
    part = note.take(lambda: amount("amount", above=zero), zero)
    used = None
    if row.get("payment_amount") is not None:
        used = note.take(lambda: amount("payment_amount", above=zero), zero)
    given = {
        name: note.take(lambda name=name: amount(name), zero)  # type: ignore[misc]
        for name in ("discount", "write_off")
        if row.get(name) is not None
    }
    return Part(key, part, used, **given)


def strategy_of(body: Mapping[str, Any]) -> str:
    """Return how the money finds its documents; allocations alone mean manual."""
    value = body.get("strategy")
    if value in (None, ""):
        return "manual" if body.get("allocations") else "fifo"
    return parse_choice(value, STRATEGIES, field="strategy")


def _party(body: Mapping[str, Any], note: Collected) -> dict[str, uuid.UUID | None]:
    """Return the one party: exactly one of customer and supplier is given."""
    given = [name for name in ("customer", "supplier") if body.get(name) is not None]
    if len(given) != 1:
        note.errors.append(
            DomainError(
                N_("A payment has a customer or a supplier."),
                code="one_party",
                field=given[1] if given else "customer",
            )
        )
        return {f"{name}_id": uuid.UUID(int=0) for name in given[:1]}
    key = note.take(lambda: parse_uuid(body.get(given[0]), field=given[0]), uuid.UUID(int=0))
    return {f"{given[0]}_id": key}


def typed_payment(body: Mapping[str, Any], actor: Principal) -> TypedPayment:
    """Read a payment. Raises ValidationErrors naming every wrong field."""
    note = Collected()
    party = _party(body, note)
    money_of_side = "out" if "supplier_id" in party else "in"
    direction = note.take(
        lambda: parse_choice(
            given(body.get("direction"), money_of_side), ("in", "out"), field="direction"
        ),
        money_of_side,
    )
    account = note.take(
        lambda: parse_uuid(body.get("payment_account"), field="payment_account"), uuid.UUID(int=0)
    )
    amount = note.take(
        lambda: parse_decimal(body.get("amount"), field="amount", above=Decimal(0)), Decimal(0)
    )
    today = today_of(actor)
    date = note.take(lambda: parse_date(given(body.get("date"), today), field="date"), today)
    strategy = note.take(lambda: strategy_of(body), "fifo")
    parts: tuple[Part, ...] = note.take(
        lambda: parse_allocations(body.get("allocations")), tuple[Part, ...]()
    )
    currency = note.take(
        lambda: optional(parse_currency, body.get("currency"), name="currency", default="") or "",
        "",
    )
    rate = None
    if body.get("exchange_rate") is not None:
        rate = note.take(
            lambda: parse_decimal(
                body.get("exchange_rate"), field="exchange_rate", places=8, above=Decimal(0)
            ),
            None,
        )
    withheld = note.take(
        lambda: parse_decimal(
            given(body.get("withholding_tax"), "0"), field="withholding_tax", minimum=Decimal(0)
        ),
        Decimal(0),
    )
    advance = None
    if body.get("is_advance") is not None:
        advance = note.take(lambda: parse_flag(body["is_advance"], field="is_advance"), None)
    texts = {
        name: note.take(
            lambda name=name, most=most: clean_text(  # type: ignore[misc]
                body.get(name), field=name, max_length=most, multiline=name == "notes"
            ),
            "",
        )
        for name, most in (("reference", 120), ("notes", 2000))
    }
    note.done()
    return TypedPayment(
        direction=direction,
        payment_account_id=account,
        amount=amount,
        date=date,
        strategy=strategy,
        allocations=parts,
        currency=currency,
        exchange_rate=rate,
        withholding_tax=withheld,
        is_advance=advance,
        customer_id=party.get("customer_id"),
        supplier_id=party.get("supplier_id"),
        reference=texts["reference"],
        notes=texts["notes"],
    )
