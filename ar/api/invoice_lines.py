"""Single lines of a draft invoice (PS-1, PS-2)."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, query_of
from api.views import ApiView
from ar.api import serializers
from ar.api.inputs import LINE_FIELDS, changed_line, typed_line, version_of
from ar.api.shapes import line_shape, totals_shape
from ar.models import InvoiceLine
from ar.selectors.invoice_api import invoice_get
from ar.services.lines import (
    LineResult,
    invoice_line_add,
    invoice_line_delete,
    invoice_line_update,
)
from core.inputs import parse_flag
from core.timing import phase


def line_answer(result: LineResult) -> dict[str, Any]:
    """Return the line written with the document's fresh totals and version."""
    invoice = result.document
    with phase("build"):
        return {
            "line": None if result.line is None else line_shape(result.line, invoice.currency),
            "totals": totals_shape(invoice),
            "version": invoice.version,
        }


class InvoiceLines(ApiView):
    """The lines of one invoice."""

    by_key = True
    permissions = {"GET": "ar.invoice.view", "POST": "ar.invoice.edit"}  # read only

    @extend_schema(
        operation_id="invoice_lines_list", responses=serializers.DocumentLineShape(many=True)
    )
    def get(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Return all lines in order."""
        invoice, lines = invoice_get(invoice_id)
        return Response([line_shape(line, invoice.currency) for line in lines])

    @extend_schema(
        operation_id="invoice_lines_add",
        request=serializers.LineAdd,
        responses={201: serializers.LineAnswer},
    )
    @idempotent("invoices.items.add")
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Add a line. The item again: 409 `duplicate_item`, or with `merge` its quantity goes up."""
        with phase("check"):
            typed, rest = typed_line(request.data)
            merge = parse_flag(rest.get("merge"), field="merge")
        result = invoice_line_add(
            invoice_id=invoice_id,
            typed=typed,
            actor=self.principal,
            version=version_of(rest),
            merge=merge,
        )
        return Response(line_answer(result), status=status.HTTP_201_CREATED)


class InvoiceLineDetail(ApiView):
    """One line of one invoice."""

    by_key = True
    permissions = {  # read only
        "GET": "ar.invoice.view",
        "PUT": "ar.invoice.edit",
        "PATCH": "ar.invoice.edit",
        "DELETE": "ar.invoice.edit",
    }

    @extend_schema(operation_id="invoice_lines_retrieve", responses=serializers.DocumentLineShape)
    def get(self, request: Request, invoice_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Return one line."""
        line = self._line(invoice_id, line_id)
        return Response(line_shape(line, line.document.currency))

    @extend_schema(
        operation_id="invoice_lines_change",
        request=serializers.LineChange,
        responses=serializers.LineAnswer,
    )
    def patch(self, request: Request, invoice_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Change single fields of a line; totals follow by the difference."""
        body = body_of(request.data, LINE_FIELDS | {"version"})
        version = version_of(body)
        body.pop("version", None)
        typed = changed_line(self._line(invoice_id, line_id), body)
        result = invoice_line_update(
            invoice_id=invoice_id,
            line_id=line_id,
            typed=typed,
            actor=self.principal,
            version=version,
        )
        return Response(line_answer(result))

    @extend_schema(
        operation_id="invoice_lines_replace",
        request=serializers.LineAdd,
        responses=serializers.LineAnswer,
    )
    def put(self, request: Request, invoice_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Replace a line's content."""
        typed, rest = typed_line(request.data)
        result = invoice_line_update(
            invoice_id=invoice_id,
            line_id=line_id,
            typed=typed,
            actor=self.principal,
            version=version_of(rest),
        )
        return Response(line_answer(result))

    @extend_schema(
        operation_id="invoice_lines_delete",
        parameters=[OpenApiParameter("version", int)],
        responses=serializers.LineAnswer,
    )
    def delete(self, request: Request, invoice_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Delete a line of a draft; the last one stays."""
        query = query_of(request.query_params, ("version",), is_list=False)
        result = invoice_line_delete(
            invoice_id=invoice_id,
            line_id=line_id,
            actor=self.principal,
            version=version_of(query),
        )
        return Response(line_answer(result))

    @staticmethod
    def _line(invoice_id: uuid.UUID, line_id: uuid.UUID) -> InvoiceLine:
        line = (
            InvoiceLine.objects.select_related("document")
            .filter(document_id=invoice_id, pk=line_id)
            .first()
        )
        if line is None:
            raise not_found()
        return line
