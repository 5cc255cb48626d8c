"""Live totals of the lines as typed (IF-1): no SQL statement, no transaction, no framework in the way."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import IO, Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import strict_json
from api.errors import exception_response, pointer
from api.inputs import refuse_unknown
from api.parsers import read_limited
from api.shapes import money
from api.views import ApiView
from ar.api import serializers
from ar.typed import parse_currency
from core.errors import N_, DomainError
from core.inputs import given, parse_decimal, parse_flag
from documents.typed import Collected, preview_lines
from tenancy.permissions import require

FIELDS = frozenset({"line_items", "lines", "currency", "document_discount", "prices_include_tax"})
_PERMISSION = "ar.invoice.view"


def _error(error: DomainError) -> dict[str, Any]:
    parts = (error.field or "").split(".")
    line = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else None
    return {
        "line": line,
        "field": error.field or "",
        "pointer": pointer(error.field),
        "code": error.code,
        "message": error.message,
    }


def calculate(body: Any, *, base_currency: str) -> dict[str, Any]:
    """Return totals and errors of what is typed; wrong lines are named, the rest is computed. Pure.

    Raises DomainError for a body that is no object or has unknown fields.
    """
    if not isinstance(body, dict):
        raise DomainError(N_("Send a JSON object."))
    refuse_unknown(body, FIELDS)
    name = "lines" if "lines" in body and "line_items" not in body else "line_items"
    note = Collected()
    currency = note.take(
        lambda: parse_currency(body.get("currency"), name="currency", default=base_currency),
        base_currency,
    )
    discount = note.take(
        lambda: parse_decimal(
            given(body.get("document_discount"), "0"), field="document_discount", minimum=Decimal(0)
        ),
        Decimal(0),
    )
    preview = preview_lines(
        body.get(name),
        currency=currency,
        document_discount=discount,
        prices_include_tax=note.take(
            lambda: parse_flag(body.get("prices_include_tax"), field="prices_include_tax"), False
        ),
        name=name,
        with_lines=False,
    )
    errors = [*note.errors, *preview.errors]
    totals = preview.totals
    return {
        "subtotal": money(totals.subtotal, currency),
        "vat_amount": money(totals.tax_amount, currency),
        "total_amount": money(totals.total, currency),
        "is_valid": not errors,
        "errors": [_error(error) for error in errors],
    }


@csrf_exempt  # reads nothing and changes nothing: there is nothing to forge
@transaction.non_atomic_requests
def preview_calculate(request: HttpRequest) -> HttpResponse:
    """Answer POST preview/calculate. A plain view: it runs on every keystroke."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        principal = require(request.principal, _PERMISSION)  # type: ignore[attr-defined]  # set by the middleware
        if request.content_type != "application/json":
            unsupported = DomainError(N_("Send JSON."), code="unsupported_media_type")
            unsupported.status = 415
            raise unsupported
        content = read_limited(cast(IO[bytes], request), request.META.get("CONTENT_LENGTH"))
        answer = calculate(strict_json.parse(content or b"{}"), base_currency=principal.currency)
    except Exception as error:  # noqa: BLE001  # every error gets the API's shape, as in other views
        return exception_response(error, request)
    return HttpResponse(json.dumps(answer, ensure_ascii=False), content_type="application/json")


class PreviewCalculate(ApiView):
    """The description of preview_calculate; it answers itself."""

    permissions = {"POST": _PERMISSION}  # read only

    @extend_schema(
        operation_id="preview_calculate",
        request=serializers.PreviewInput,
        responses=serializers.PreviewAnswer,
    )
    def post(self, request: Request) -> Response:
        """Compute totals and errors of lines as typed; stores nothing."""
        raise NotImplementedError


preview_calculate.cls = PreviewCalculate  # type: ignore[attr-defined]  # how the schema finds a view's class
preview_calculate.initkwargs = {}  # type: ignore[attr-defined]
