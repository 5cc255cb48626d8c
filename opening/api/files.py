"""Opening balances: files, check, post, undo, proof."""

from __future__ import annotations

import json
import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, query_of
from api.pagination import paged_query
from api.parsers import StrictJSONParser
from api.serializers import page_of
from api.shapes import day, moment, money
from api.views import ApiView
from core.errors import N_, DomainError
from core.inputs import parse_date, parse_flag
from opening.models import OpeningFile
from opening.selectors.proof import opening_proof
from opening.services.files import (
    file_check,
    file_create,
    file_get,
    file_post,
    file_undo,
)

PERMISSION = "ledger.opening.import"


class OpeningFileShape(serializers.Serializer[Any]):
    """A file of opening balances and what came of it."""

    id = serializers.UUIDField()
    step = serializers.ChoiceField(OpeningFile.Step.values)
    state = serializers.ChoiceField(OpeningFile.State.values)
    date = serializers.DateField()
    file_name = serializers.CharField()
    headings = serializers.ListField(child=serializers.CharField())
    mapping = serializers.DictField(child=serializers.CharField())
    rows = serializers.IntegerField()
    rejected = serializers.IntegerField()
    total = serializers.CharField()
    problems = serializers.ListField(child=serializers.DictField())
    notes = serializers.ListField(child=serializers.CharField())
    documents = serializers.ListField(child=serializers.UUIDField())
    posted_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)


class OpeningUpload(serializers.Serializer[Any]):
    step = serializers.ChoiceField(OpeningFile.Step.values)
    date = serializers.DateField()
    file = serializers.FileField()


class OpeningRunInput(serializers.Serializer[Any]):
    mapping = serializers.DictField(child=serializers.CharField(), required=False)
    create_parties = serializers.BooleanField(required=False)


class ProofRowShape(serializers.Serializer[Any]):
    role = serializers.CharField()
    account_code = serializers.CharField()
    debit = serializers.CharField()
    credit = serializers.CharField()
    balance = serializers.CharField()
    is_zero = serializers.BooleanField()


class ProofShape(serializers.Serializer[Any]):
    """The four opening accounts; all are zero after a complete go-live."""

    currency = serializers.CharField()
    is_proved = serializers.BooleanField()
    rows = ProofRowShape(many=True)


def _shape(stored: OpeningFile, currency: str) -> dict[str, Any]:
    return {
        "id": str(stored.pk),
        "step": stored.step,
        "state": stored.state,
        "date": day(stored.date),
        "file_name": stored.file_name,
        "headings": stored.headings,
        "mapping": stored.mapping,
        "rows": stored.rows,
        "rejected": stored.rejected,
        "total": money(stored.total, currency),
        "problems": stored.problems,
        "notes": stored.notes,
        "documents": stored.documents,
        "posted_at": moment(stored.posted_at),
        "undone_at": moment(stored.undone_at),
    }


class OpeningFileList(ApiView):
    """Files of opening balances."""

    permissions = {"GET": PERMISSION, "POST": PERMISSION}  # read only
    parser_classes = (MultiPartParser, StrictJSONParser)

    @extend_schema(operation_id="opening_balances_list", responses=page_of(OpeningFileShape))
    def get(self, request: Request) -> Response:
        """List files, newest first."""
        query = query_of(request.query_params, ())
        currency = self.principal.currency
        rows = OpeningFile.objects.order_by("-created_at", "-id")
        return paged_query(request, query, rows, lambda one: _shape(one, currency))

    @extend_schema(
        operation_id="opening_balances_upload",
        request={"multipart/form-data": OpeningUpload},
        responses={201: OpeningFileShape},
    )
    def post(self, request: Request) -> Response:
        """Upload a file for a step and a go-live date; nothing is posted by this."""
        upload = request.FILES.get("file")
        data: Any = request.data
        if upload is None:
            raise DomainError(N_("Choose a file."), code="required", field="file")
        stored = file_create(
            step=str(data.get("step") or ""),
            date=parse_date(data.get("date"), field="date"),
            upload=upload,
            actor=self.principal,
        )
        return Response(_shape(stored, self.principal.currency), status=status.HTTP_201_CREATED)


class OpeningFileDetail(ApiView):
    """One file."""

    permissions = {"GET": PERMISSION}  # read only

    @extend_schema(operation_id="opening_balances_retrieve", responses=OpeningFileShape)
    def get(self, request: Request, file_id: uuid.UUID) -> Response:
        """Return a file with its refused rows."""
        return Response(_shape(file_get(file_id), self.principal.currency))


class _Run(ApiView):
    permissions = {"POST": PERMISSION}  # read only

    def arguments(self, request: Request, file_id: uuid.UUID) -> dict[str, Any]:
        """Return the mapping (that of the file when left out) and whether missing parties are added."""
        body = body_of(request.data, ("mapping", "create_parties"))
        stored = file_get(file_id)
        mapping = body.get("mapping", stored.mapping)
        if not isinstance(mapping, dict) or len(json.dumps(mapping)) > 10_000:
            raise DomainError(N_("Send a JSON object."), code="invalid", field="mapping")
        return {
            "file_id": file_id,
            "mapping": {str(name): str(heading) for name, heading in mapping.items()},
            "create_parties": parse_flag(
                body.get("create_parties"), field="create_parties", default=stored.create_parties
            ),
            "actor": self.principal,
        }


class OpeningFileCheck(_Run):
    """The dry run of a file."""

    @extend_schema(
        operation_id="opening_balances_check", request=OpeningRunInput, responses=OpeningFileShape
    )
    def post(self, request: Request, file_id: uuid.UUID) -> Response:
        """Check every row; nothing is posted."""
        stored = file_check(**self.arguments(request, file_id))
        return Response(_shape(stored, self.principal.currency))


class OpeningFilePost(_Run):
    """Posting a file."""

    @extend_schema(
        operation_id="opening_balances_post", request=OpeningRunInput, responses=OpeningFileShape
    )
    @idempotent("opening_balances.post", keep=KEEP_MONEY)
    def post(self, request: Request, file_id: uuid.UUID) -> Response:
        """Post a file as a whole; with a refused row nothing of it."""
        stored = file_post(**self.arguments(request, file_id))
        return Response(_shape(stored, self.principal.currency))


class OpeningFileUndo(ApiView):
    """Taking a posted file back."""

    permissions = {"POST": PERMISSION}  # read only

    @extend_schema(operation_id="opening_balances_undo", request=None, responses=OpeningFileShape)
    @idempotent("opening_balances.undo", keep=KEEP_MONEY)
    def post(self, request: Request, file_id: uuid.UUID) -> Response:
        """Take a file back while nothing stands on it."""
        body_of(request.data, ())
        stored = file_undo(file_id=file_id, actor=self.principal)
        return Response(_shape(stored, self.principal.currency))


class OpeningProof(ApiView):
    """The proof of the go-live."""

    permissions = {"GET": PERMISSION}  # read only

    @extend_schema(operation_id="opening_balances_proof", responses=ProofShape)
    def get(self, request: Request) -> Response:
        """Return the four opening accounts; each must be zero."""
        query_of(request.query_params, (), is_list=False)
        currency = self.principal.currency
        rows = opening_proof()
        return Response(
            {
                "currency": currency,
                "is_proved": all(row.is_zero for row in rows),
                "rows": [
                    {
                        "role": row.role,
                        "account_code": row.account.code if row.account else "",
                        "debit": money(row.debit, currency),
                        "credit": money(row.credit, currency),
                        "balance": money(row.balance, currency),
                        "is_zero": row.is_zero,
                    }
                    for row in rows
                ],
            }
        )
