"""Bills: list, create, read, change, delete; their single lines (PS-1, PS-2)."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ap.api import serializers
from ap.api.inputs import LINE_FIELDS, bill_body, changed_bill, changed_line, typed_bill, typed_line
from ap.api.parts import parts_of
from ap.api.shapes import (
    document_shape,
    line_shape,
    list_row,
    prepaid_shape,
    supplier_shape,
)
from ap.document_types import BILL
from ap.models import Bill, BillLine
from ap.selectors.bill_api import BILLS, bill_get, bill_lines, credits_of, prepaid_months_of
from ap.services.bills import bill_create, bill_delete, bill_update, bill_update_posted
from ap.services.lines import LineResult, bill_line_add, bill_line_delete, bill_line_update
from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, query_of
from api.views import ApiView
from core.inputs import parse_flag
from core.timing import phase
from documents.api.inputs import (
    forget_draft,
    posted_changes,
    query_version,
    version_of,
    with_version,
)
from documents.api.lists import list_answer, list_parameters
from documents.api.shapes import line_answer, person_shape
from documents.lifecycle import Status
from documents.services.drafts import drafts_discard_of

PARAMETERS = list_parameters("supplier")


def created(bill: Bill) -> dict[str, Any]:
    """Return a fresh bill as the answer to a write."""
    rows = bill_lines(bill.pk)
    with phase("build"):
        return document_shape(bill, rows)


def written(result: LineResult) -> dict[str, Any]:
    """Return the line written with the bill's fresh totals and version."""
    line = result.line
    currency = result.document.currency
    return line_answer(result, None if line is None else line_shape(line, currency))


class BillList(ApiView):
    """All bills of the company."""

    by_key = True
    permissions = {"GET": "ap.bill.view", "POST": "ap.bill.create"}  # read only

    @extend_schema(
        operation_id="bills_list",
        parameters=PARAMETERS,
        responses=serializers.page_of(serializers.PurchaseRow),
    )
    def get(self, request: Request) -> Response:
        """List bills, newest first."""
        return list_answer(request, BILLS, self.principal, row=list_row)

    @extend_schema(
        operation_id="bills_create",
        request=serializers.BillInput,
        responses={201: serializers.BillDocument},
    )
    @idempotent("bills.create")
    def post(self, request: Request) -> Response:
        """Create a draft with all its lines. 409 `duplicate_supplier_number` without a reason for a repeated number."""
        with phase("check"):
            body = bill_body(request.data)
            typed = typed_bill(body, self.principal)
        bill = bill_create(typed=typed, actor=self.principal)
        forget_draft(body, self.principal)
        return Response(created(bill), status=status.HTTP_201_CREATED)


class BillSearch(ApiView):
    """Bills by what somebody remembers of them."""

    permissions = {"GET": "ap.bill.view"}  # read only

    @extend_schema(
        operation_id="bills_search",
        parameters=[OpenApiParameter("q", str, required=True), *PARAMETERS],
        responses=serializers.page_of(serializers.PurchaseRow),
    )
    def get(self, request: Request) -> Response:
        """Find bills by part of their number, ours or the supplier's, or of the supplier."""
        return list_answer(request, BILLS, self.principal, row=list_row, more=("q",))


class BillDetail(ApiView):
    """One bill."""

    by_key = True
    permissions = {  # read only
        "GET": "ap.bill.view",
        "PUT": "ap.bill.edit",
        "PATCH": "ap.bill.edit",
        "DELETE": "ap.bill.delete",
    }

    @extend_schema(operation_id="bills_retrieve", responses=serializers.BillWhole)
    def get(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Return a bill with supplier, creator, lines, credits, prepaid months and payments."""
        query_of(request.query_params, (), is_list=False)
        bill, lines = bill_get(bill_id)
        with phase("load"):
            parts = parts_of(bill, self.principal)
            credits, months = credits_of(bill_id), prepaid_months_of(bill_id)
        with phase("build"):
            shape = document_shape(bill, lines)
            shape["supplier_details"] = supplier_shape(bill.supplier)
            shape["supplier_name"] = bill.supplier.name
            shape["supplier_name_arabic"] = bill.supplier.name_arabic
            shape["creator"] = person_shape(bill.created_by)
            shape["credits"] = [document_shape(credit) for credit in credits]
            shape["prepaid_months"] = [prepaid_shape(month) for month in months]
            shape |= parts
        response = Response(shape)
        response.headers["ETag"] = f'"{bill.version}"'
        return response

    @extend_schema(
        operation_id="bills_replace",
        request=serializers.BillUpdate,
        responses=serializers.BillDocument,
    )
    def put(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Replace header and lines of a draft; 409 with both values when it was changed since `version`."""
        body = with_version(request, bill_body(request.data, "version"))
        typed = typed_bill(body, self.principal)
        bill = bill_update(bill_id=bill_id, typed=typed, actor=self.principal)
        forget_draft(body, self.principal)
        return Response(created(bill))

    @extend_schema(
        operation_id="bills_change",
        request=serializers.BillUpdate,
        responses=serializers.BillDocument,
    )
    def patch(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Change single fields of a draft, or notes, due date and reference of a posted bill."""
        body = with_version(request, bill_body(request.data, "version"))
        bill, lines = bill_get(bill_id)
        if bill.status == Status.DRAFT:
            typed = changed_bill(bill, lines, body, self.principal)
            bill = bill_update(bill_id=bill_id, typed=typed, actor=self.principal)
        else:
            changes = {k: v for k, v in body.items() if k not in ("version", "draft")}
            bill = bill_update_posted(
                bill_id=bill_id,
                changes=posted_changes(changes),
                version=version_of(body),
                actor=self.principal,
            )
        forget_draft(body, self.principal)
        return Response(created(bill))

    @extend_schema(operation_id="bills_delete", responses={204: None})
    def delete(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Delete a draft; a posted bill is voided by a supplier credit instead."""
        version = version_of(query_version(request))
        bill_delete(bill_id=bill_id, actor=self.principal, version=version)
        drafts_discard_of(kind=BILL.kind, document_id=bill_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BillLines(ApiView):
    """The lines of one bill."""

    by_key = True
    permissions = {"GET": "ap.bill.view", "POST": "ap.bill.edit"}  # read only

    @extend_schema(
        operation_id="bill_lines_list", responses=serializers.PurchaseLineShape(many=True)
    )
    def get(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Return all lines in order."""
        bill, lines = bill_get(bill_id)
        return Response([line_shape(line, bill.currency) for line in lines])

    @extend_schema(
        operation_id="bill_lines_add",
        request=serializers.PurchaseLineAdd,
        responses={201: serializers.PurchaseLineAnswer},
    )
    @idempotent("bills.items.add")
    def post(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Add a line. The item again: 409 `duplicate_item`, or with `merge` its quantity goes up."""
        with phase("check"):
            typed, rest = typed_line(request.data)
            merge = parse_flag(rest.get("merge"), field="merge")
        result = bill_line_add(
            bill_id=bill_id,
            typed=typed,
            actor=self.principal,
            version=version_of(rest),
            merge=merge,
        )
        return Response(written(result), status=status.HTTP_201_CREATED)


class BillLineDetail(ApiView):
    """One line of one bill."""

    by_key = True
    permissions = {  # read only
        "GET": "ap.bill.view",
        "PUT": "ap.bill.edit",
        "PATCH": "ap.bill.edit",
        "DELETE": "ap.bill.edit",
    }

    @extend_schema(operation_id="bill_lines_retrieve", responses=serializers.PurchaseLineShape)
    def get(self, request: Request, bill_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Return one line."""
        line = self._line(bill_id, line_id)
        return Response(line_shape(line, line.document.currency))

    @extend_schema(
        operation_id="bill_lines_change",
        request=serializers.PurchaseLineChange,
        responses=serializers.PurchaseLineAnswer,
    )
    def patch(self, request: Request, bill_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Change single fields of a line; totals follow by the difference."""
        body = body_of(request.data, LINE_FIELDS | {"version"})
        version = version_of(body)
        body.pop("version", None)
        typed = changed_line(self._line(bill_id, line_id), body)
        result = bill_line_update(
            bill_id=bill_id, line_id=line_id, typed=typed, actor=self.principal, version=version
        )
        return Response(written(result))

    @extend_schema(
        operation_id="bill_lines_replace",
        request=serializers.PurchaseLineAdd,
        responses=serializers.PurchaseLineAnswer,
    )
    def put(self, request: Request, bill_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Replace a line's content."""
        typed, rest = typed_line(request.data)
        result = bill_line_update(
            bill_id=bill_id,
            line_id=line_id,
            typed=typed,
            actor=self.principal,
            version=version_of(rest),
        )
        return Response(written(result))

    @extend_schema(
        operation_id="bill_lines_delete",
        parameters=[OpenApiParameter("version", int)],
        responses=serializers.PurchaseLineAnswer,
    )
    def delete(self, request: Request, bill_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Delete a line of a draft; the last one stays."""
        result = bill_line_delete(
            bill_id=bill_id,
            line_id=line_id,
            actor=self.principal,
            version=version_of(query_version(request)),
        )
        return Response(written(result))

    @staticmethod
    def _line(bill_id: uuid.UUID, line_id: uuid.UUID) -> BillLine:
        line = (
            BillLine.objects.select_related("document")
            .filter(document_id=bill_id, pk=line_id)
            .first()
        )
        if line is None:
            raise not_found()
        return line
