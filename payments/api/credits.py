"""Using credit notes and supplier credits, and what a party has open."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ap.models import Supplier, SupplierCredit
from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, query_of
from api.views import ApiView
from ar.models import CreditNote, Customer
from ar.typed import parse_currency
from core.errors import N_, DomainError
from core.inputs import optional, parse_date, parse_uuid
from payments.api import serializers
from payments.api.inputs import parse_allocations, strategy_of
from payments.api.shapes import allocations_of_documents, item_shape
from payments.selectors.open_items import open_credits, open_documents
from payments.services.allocating import credit_allocate
from payments.services.reversing import allocation_undo
from payments.services.writing import party_of
from payments.sides import side_of

_PARTIES: dict[str, type[Customer] | type[Supplier]] = {
    "customer": Customer,
    "supplier": Supplier,
}


class _CreditAllocate(ApiView):
    model: type[CreditNote] | type[SupplierCredit]
    kind: str

    def _post(self, request: Request, credit_id: uuid.UUID) -> Response:
        body = body_of(request.data, ("strategy", "allocations", "date"))
        credit = self.model._default_manager.filter(pk=credit_id).first()
        if credit is None:
            raise not_found()
        credit_allocate(
            credit_id=credit_id,
            party=party_of(credit),
            strategy=strategy_of(body),
            allocations=parse_allocations(body.get("allocations")),
            date=optional(parse_date, body.get("date"), field="date"),
            actor=self.principal,
        )
        return Response({"allocations": allocations_of_documents(self.kind, [credit_id])})


class CreditNoteAllocate(_CreditAllocate):
    """Using a credit note."""

    model, kind = CreditNote, "credit_note"
    permissions = {"POST": "payments.payment.create"}  # read only

    @extend_schema(
        operation_id="credit_notes_allocate",
        request=serializers.AllocateInput,
        responses=serializers.AllocationsAnswer,
    )
    @idempotent("credit-notes.allocate", keep=KEEP_MONEY)
    def post(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Set a credit note against open invoices of its customer; returns everything it settles."""
        return self._post(request, credit_id)


class SupplierCreditAllocate(_CreditAllocate):
    """Using a supplier credit."""

    model, kind = SupplierCredit, "supplier_credit"
    permissions = {"POST": "payments.payment.pay"}  # read only

    @extend_schema(
        operation_id="supplier_credits_allocate",
        request=serializers.AllocateInput,
        responses=serializers.AllocationsAnswer,
    )
    @idempotent("supplier-credits.allocate", keep=KEEP_MONEY)
    def post(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Set a supplier credit against open bills of its supplier; returns everything it settles."""
        return self._post(request, credit_id)


class AllocationUndo(ApiView):
    """Undoing one allocation of whatever source."""

    permissions = {"POST": "payments.allocation.undo"}  # read only

    @extend_schema(
        operation_id="allocations_undo",
        request=serializers.UndoInput,
        responses=serializers.AllocationsAnswer,
    )
    @idempotent("allocations.undo", keep=KEEP_MONEY)
    def post(self, request: Request, allocation_id: uuid.UUID) -> Response:
        """Undo an allocation by a mirror row: both items are open again."""
        body = body_of(request.data, ("date",))
        allocation_undo(
            allocation_id=allocation_id,
            date=optional(parse_date, body.get("date"), field="date"),
            actor=self.principal,
        )
        return Response({"allocations": allocations_of_documents("undoes", [allocation_id])})


class OpenItems(ApiView):
    """What a party owes and what it has on account."""

    may_miss = True
    permissions = {"GET": "payments.payment.view"}  # read only

    @extend_schema(
        operation_id="open_items_list",
        parameters=[
            OpenApiParameter("customer", OpenApiTypes.UUID),
            OpenApiParameter("supplier", OpenApiTypes.UUID),
            OpenApiParameter("currency", str),
        ],
        responses=serializers.OpenItemsAnswer,
    )
    def get(self, request: Request) -> Response:
        """Return open documents, first due first, and credits, oldest first; at most 500 of each."""
        query = query_of(request.query_params, ("customer", "supplier", "currency"), is_list=False)
        named = [name for name in ("customer", "supplier") if name in query]
        if len(named) != 1:
            raise DomainError(
                N_("Name a customer or a supplier."), code="one_party", field="customer"
            )
        side, key = side_of(named[0]), parse_uuid(query[named[0]], field=named[0])
        wanted: dict[str, Any] = {"party_id": key, "currency": None}
        if "currency" in query:
            wanted["currency"] = parse_currency(query["currency"], name="currency", default="SAR")
        if not _PARTIES[named[0]]._default_manager.filter(pk=key).exists():
            raise not_found()
        return Response(
            {
                named[0]: str(key),
                "documents": [item_shape(item) for item in open_documents(side, **wanted)],
                "credits": [item_shape(item) for item in open_credits(side, **wanted)],
            }
        )
