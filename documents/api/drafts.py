"""Drafts of the editor: auto-save, named ones, the latest (IF-2). Each person sees their own."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.inputs import body_of, query_of
from api.shapes import moment
from api.views import SIGNED_IN, ApiView
from core.errors import N_, DomainError
from core.inputs import parse_integer, parse_uuid
from documents.errors import DraftConflict
from documents.models import Draft
from documents.registry import all_types
from documents.services.drafts import (
    draft_autosave,
    draft_discard,
    draft_get,
    draft_latest,
    draft_list,
    draft_save_named,
)

#: Kinds may be named without their app: `invoice` means `ar.invoice`.
DEFAULT_KIND = "ar.invoice"


class DraftInput(drf.Serializer[Any]):
    """A draft to keep."""

    kind = drf.CharField(required=False, help_text="ar.invoice when left out.")
    name = drf.CharField(max_length=120)
    payload = drf.DictField()
    document_id = drf.UUIDField(required=False, allow_null=True)


class AutosaveInput(drf.Serializer[Any]):
    """The typed state; `id` and `version` of the draft this save continues."""

    kind = drf.CharField(required=False, help_text="ar.invoice when left out.")
    payload = drf.DictField()
    id = drf.UUIDField(required=False, allow_null=True)
    version = drf.IntegerField(required=False, allow_null=True)
    document_id = drf.UUIDField(required=False, allow_null=True)
    document_version = drf.IntegerField(required=False, allow_null=True)


class DraftRow(drf.Serializer[Any]):
    """A draft without its content."""

    id = drf.UUIDField()
    kind = drf.CharField()
    name = drf.CharField()
    is_autosave = drf.BooleanField()
    document_id = drf.UUIDField(allow_null=True)
    document_version = drf.IntegerField(allow_null=True)
    version = drf.IntegerField()
    created_at = drf.DateTimeField()
    updated_at = drf.DateTimeField()


class DraftShape(DraftRow):
    """A draft."""

    payload = drf.DictField()


class DraftPage(drf.Serializer[Any]):
    """All drafts of the person."""

    count = drf.IntegerField()
    results = DraftRow(many=True)


def draft_row(draft: Draft) -> dict[str, Any]:
    """Return a draft without its content."""
    return {
        "id": str(draft.pk),
        "kind": draft.kind,
        "name": draft.name,
        "is_autosave": not draft.name,
        "document_id": str(draft.document_id) if draft.document_id else None,
        "document_version": draft.document_version,
        "version": draft.version,
        "created_at": moment(draft.created_at),
        "updated_at": moment(draft.updated_at),
    }


def draft_shape(draft: Draft) -> dict[str, Any]:
    """Return a draft with its content."""
    return draft_row(draft) | {"payload": draft.payload}


def kind_of(value: Any) -> str:
    """Return the kind of document; its name alone is enough. Raises DomainError."""
    if value is None or value == "":
        return DEFAULT_KIND
    for document_type in all_types():
        if value in (document_type.kind, document_type.kind.partition(".")[2]):
            return document_type.kind
    raise DomainError(N_("There is no such kind of document."), code="unknown_kind", field="kind")


def _optional_id(body: dict[str, Any], name: str) -> uuid.UUID | None:
    value = body.get(name)
    return None if value is None or value == "" else parse_uuid(value, field=name)


def _optional_number(body: dict[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is None or value == "":
        return None
    return parse_integer(value, field=name, maximum=2**31 - 1)


class DraftList(ApiView):
    """The person's drafts."""

    permissions = {"GET": SIGNED_IN, "POST": "ar.invoice.create"}  # read only

    @extend_schema(
        operation_id="drafts_list",
        parameters=[OpenApiParameter("kind", str)],
        responses=DraftPage,
    )
    def get(self, request: Request) -> Response:
        """List one's own drafts, newest first."""
        query = query_of(request.query_params, ("kind",), is_list=False)
        kind = kind_of(query["kind"]) if "kind" in query else None
        rows = [draft_row(draft) for draft in draft_list(actor=self.principal, kind=kind)]
        return Response({"count": len(rows), "next": None, "previous": None, "results": rows})

    @extend_schema(operation_id="drafts_save", request=DraftInput, responses={201: DraftShape})
    def post(self, request: Request) -> Response:
        """Keep a draft under a name; the same name again replaces its content."""
        body = body_of(request.data, ("kind", "name", "payload", "document_id"))
        draft = draft_save_named(
            kind=kind_of(body.get("kind")),
            name=body.get("name"),  # type: ignore[arg-type]  # checked by the service
            payload=body.get("payload"),  # type: ignore[arg-type]  # checked by the service
            document_id=_optional_id(body, "document_id"),
            actor=self.principal,
        )
        return Response(draft_shape(draft), status=status.HTTP_201_CREATED)


class DraftAutosave(ApiView):
    """The auto-saved draft."""

    permissions = {"PUT": "ar.invoice.create"}  # read only

    @extend_schema(operation_id="drafts_autosave", request=AutosaveInput, responses=DraftShape)
    def put(self, request: Request) -> Response:
        """Keep what is typed. 409 with `current` when a newer one is stored, 410 when it was discarded."""
        body = body_of(
            request.data,
            ("kind", "payload", "id", "version", "document_id", "document_version"),
        )
        try:
            draft = draft_autosave(
                kind=kind_of(body.get("kind")),
                payload=body.get("payload"),  # type: ignore[arg-type]  # checked by the service
                draft_id=_optional_id(body, "id"),
                version=_optional_number(body, "version"),
                document_id=_optional_id(body, "document_id"),
                document_version=_optional_number(body, "document_version"),
                actor=self.principal,
            )
        except DraftConflict as conflict:
            conflict.current = draft_shape(conflict.draft)
            raise
        return Response(draft_shape(draft))


class DraftLatest(ApiView):
    """Where one left off."""

    may_miss = True
    permissions = {"GET": SIGNED_IN}  # read only

    @extend_schema(
        operation_id="drafts_latest",
        parameters=[
            OpenApiParameter("kind", str),
            OpenApiParameter("document_id", OpenApiTypes.UUID),
        ],
        responses=DraftShape,
    )
    def get(self, request: Request) -> Response:
        """Return the newest draft of a kind, or of one document; 404 when there is none."""
        query: dict[str, Any] = query_of(
            request.query_params, ("kind", "document_id"), is_list=False
        )
        document_id = _optional_id(query, "document_id")
        draft = draft_latest(
            kind=kind_of(query.get("kind")),
            document_id=document_id,
            any_document=document_id is None,
            actor=self.principal,
        )
        if draft is None:
            raise not_found()
        return Response(draft_shape(draft))


class DraftDetail(ApiView):
    """One draft."""

    permissions = {"GET": SIGNED_IN, "DELETE": SIGNED_IN}  # read only

    @extend_schema(operation_id="drafts_retrieve", responses=DraftShape)
    def get(self, request: Request, draft_id: uuid.UUID) -> Response:
        """Return one of one's own drafts."""
        return Response(draft_shape(draft_get(draft_id=draft_id, actor=self.principal)))

    @extend_schema(operation_id="drafts_discard", responses={204: None})
    def delete(self, request: Request, draft_id: uuid.UUID) -> Response:
        """Discard a draft for good; a late auto-save does not bring it back."""
        draft_discard(draft_id=draft_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)
