"""Bank lines: proposals, matching, undoing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, parse_choice, query_of, rows_of
from api.pagination import paged_query
from api.serializers import page_of
from api.views import ApiView
from core.errors import N_, DomainError
from core.inputs import (
    clean_text,
    is_given,
    optional,
    parse_date,
    parse_decimal,
    parse_flag,
    parse_uuid,
)
from payments.api import bank_shapes as shapes
from payments.models import BankLine, BankMatch
from payments.services.bank_lines import (
    FEE_TAX_CODE,
    bank_line_match,
    bank_line_pay,
    bank_line_post,
    bank_line_settle,
    bank_line_suspend,
    bank_line_transfer,
)
from payments.services.bank_proposals import (
    bank_line_accept,
    bank_lines_accept_sure,
    proposals_for,
)
from payments.services.bank_undo import bank_match_undo

MATCH_FIELDS = (
    "proposal",
    "method",
    "entries",
    "customer",
    "supplier",
    "allocations",
    "account",
    "tax_code",
    "description",
    "payment_account",
    "own_line",
)
_MOST = 500


def line_of(line_id: uuid.UUID) -> BankLine:
    """Return a line with its account; 404 when it is not there."""
    line = BankLine.objects.select_related("payment_account").filter(pk=line_id).first()
    if line is None:
        raise not_found()
    return line


class BankLineList(ApiView):
    """Lines of bank statements."""

    permissions = {"GET": "payments.bank.view"}  # read only

    @extend_schema(
        operation_id="bank_lines_list",
        parameters=[
            OpenApiParameter("payment_account", OpenApiTypes.UUID),
            OpenApiParameter("statement", OpenApiTypes.UUID),
            OpenApiParameter("is_matched", bool),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(shapes.BankLineShape),
    )
    def get(self, request: Request) -> Response:
        """List lines, oldest first."""
        query = query_of(request.query_params, ("payment_account", "statement", "is_matched"))
        rows = BankLine.objects.order_by("date", "id")
        for name in ("payment_account", "statement"):
            if name in query:
                rows = rows.filter(**{f"{name}_id": parse_uuid(query[name], field=name)})
        if "is_matched" in query:
            rows = rows.filter(is_matched=parse_flag(query["is_matched"], field="is_matched"))
        return paged_query(request, query, rows, shapes.line_shape)


class BankLineProposals(ApiView):
    """What a line may be."""

    permissions = {"GET": "payments.bank.view"}  # read only

    @extend_schema(operation_id="bank_lines_proposals", responses=shapes.BankProposals)
    def get(self, request: Request, line_id: uuid.UUID) -> Response:
        """Return the proposals of a line, the likeliest first; stores nothing."""
        query_of(request.query_params, (), is_list=False)
        line = line_of(line_id)
        found = proposals_for(line.payment_account, [line]).get(line.pk, [])
        return Response(
            {
                "line": shapes.line_shape(line),
                "proposals": [shapes.proposal_shape(one, line.currency) for one in found],
            }
        )


def _ids(body: dict[str, Any], name: str) -> list[uuid.UUID]:
    values = body.get(name)
    if not isinstance(values, list) or not 0 < len(values) <= _MOST:
        raise DomainError(N_("Send a list of 1 to 500 ids."), code="invalid", field=name)
    return [parse_uuid(value, field=f"{name}.{at}") for at, value in enumerate(values)]


def _allocations(body: dict[str, Any]) -> tuple[tuple[uuid.UUID, Decimal], ...]:
    value = body.get("allocations")
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > _MOST:
        raise DomainError(N_("Send a list of at most 500."), code="invalid", field="allocations")
    rows_of(body, "allocations", ("document", "amount"))
    pairs = []
    for at, row in enumerate(value):
        where = f"allocations.{at}"
        if not isinstance(row, dict):
            raise DomainError(N_("An allocation is an object."), code="invalid", field=where)
        pairs.append(
            (
                parse_uuid(row.get("document"), field=f"{where}.document"),
                parse_decimal(row.get("amount"), field=f"{where}.amount", above=Decimal(0)),
            )
        )
    return tuple(pairs)


def _party(body: dict[str, Any]) -> tuple[str, uuid.UUID]:
    named = [name for name in ("customer", "supplier") if is_given(body.get(name))]
    if len(named) != 1:
        raise DomainError(N_("Send a customer or a supplier."), code="required", field="customer")
    return named[0], parse_uuid(body[named[0]], field=named[0])


def maybe_id(body: dict[str, Any], name: str) -> uuid.UUID | None:
    """Return the id under `name`; None when it is missing or empty. Raises WrongId."""
    return optional(parse_uuid, body.get(name), field=name)


def _text(body: dict[str, Any], name: str, limit: int) -> str:
    return clean_text(body.get(name), field=name, max_length=limit)


class BankLineMatch(ApiView):
    """Matching a line."""

    permissions = {"POST": "payments.bank.match"}  # read only

    @extend_schema(
        operation_id="bank_lines_match",
        request=shapes.BankMatchInput,
        responses={201: shapes.BankMatchShape},
    )
    @idempotent("bank_lines.match", keep=KEEP_MONEY)
    def post(self, request: Request, line_id: uuid.UUID) -> Response:
        """Confirm a proposal by its key, or match by a method of your own."""
        body = body_of(request.data, MATCH_FIELDS)
        if is_given(body.get("proposal")):
            match = bank_line_accept(
                line_id=line_id, key=_text(body, "proposal", 4000), actor=self.principal
            )
        else:
            method = parse_choice(body.get("method"), shapes.METHODS, field="method")
            match = self._by[method](self, line_id, body)
        return Response(shapes.match_shape(match), status=status.HTTP_201_CREATED)

    def _booked(self, line_id: uuid.UUID, body: dict[str, Any]) -> BankMatch:
        return bank_line_match(line_id=line_id, entries=_ids(body, "entries"), actor=self.principal)

    def _payment(self, line_id: uuid.UUID, body: dict[str, Any]) -> BankMatch:
        kind, party = _party(body)
        return bank_line_pay(
            line_id=line_id,
            party_kind=kind,
            party_id=party,
            allocations=_allocations(body),
            actor=self.principal,
        )

    def _account(self, line_id: uuid.UUID, body: dict[str, Any]) -> BankMatch:
        return bank_line_post(
            line_id=line_id,
            account_id=parse_uuid(body.get("account"), field="account"),
            tax_code=_text(body, "tax_code", 12),
            description=_text(body, "description", 200),
            actor=self.principal,
        )

    def _transfer(self, line_id: uuid.UUID, body: dict[str, Any]) -> BankMatch:
        return bank_line_transfer(
            line_id=line_id,
            payment_account_id=parse_uuid(body.get("payment_account"), field="payment_account"),
            own_line_id=maybe_id(body, "own_line"),
            actor=self.principal,
        )

    def _settlement(self, line_id: uuid.UUID, body: dict[str, Any]) -> BankMatch:
        return bank_line_settle(
            line_id=line_id,
            entries=_ids(body, "entries"),
            payment_account_id=parse_uuid(body.get("payment_account"), field="payment_account"),
            tax_code=_text(body, "tax_code", 12) if "tax_code" in body else FEE_TAX_CODE,
            actor=self.principal,
        )

    def _suspense(self, line_id: uuid.UUID, body: dict[str, Any]) -> BankMatch:
        return bank_line_suspend(line_id=line_id, actor=self.principal)

    _by: dict[str, Callable[..., BankMatch]] = {  # a table, never changed
        "booked": _booked,
        "payment": _payment,
        "account": _account,
        "transfer": _transfer,
        "settlement": _settlement,
        "suspense": _suspense,
    }


class BankLinesMatchSure(ApiView):
    """Confirming what is sure."""

    may_miss = True
    permissions = {"POST": "payments.bank.match"}  # read only

    @extend_schema(
        operation_id="bank_lines_match_sure",
        request=shapes.BankSureInput,
        responses=shapes.BankSureAnswer,
    )
    @idempotent("bank_lines.match_sure", keep=KEEP_MONEY)
    def post(self, request: Request) -> Response:
        """Confirm every sure proposal of an account's oldest 200 open lines."""
        body = body_of(request.data, ("payment_account",))
        done = bank_lines_accept_sure(
            payment_account_id=parse_uuid(body.get("payment_account"), field="payment_account"),
            actor=self.principal,
        )
        return Response(
            {
                "matches": [shapes.match_shape(one) for one in done.matches],
                "refused": [one.message for one in done.refused],
            }
        )


class BankMatchUndo(ApiView):
    """Taking a match back."""

    permissions = {"POST": "payments.bank.match"}  # read only

    @extend_schema(
        operation_id="bank_matches_undo",
        request=shapes.BankUndoInput,
        responses=shapes.BankMatchShape,
    )
    @idempotent("bank_matches.undo", keep=KEEP_MONEY)
    def post(self, request: Request, match_id: uuid.UUID) -> Response:
        """Open the line again and reverse what was booked for it."""
        body = body_of(request.data, ("date", "keep_booking"))
        match = bank_match_undo(
            match_id=match_id,
            date=optional(parse_date, body.get("date"), field="date"),
            keep_booking=parse_flag(body.get("keep_booking"), field="keep_booking"),
            actor=self.principal,
        )
        return Response(shapes.match_shape(match))
