"""Files of records: list, add, download, remove."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.inputs import query_of
from api.parsers import StrictJSONParser
from api.shapes import moment
from api.views import ApiView
from core.errors import N_
from core.inputs import clean_text, parse_uuid
from documents.models import Attachment
from documents.services.attachments import (
    AttachmentRefused,
    attachment_add,
    attachment_delete,
    attachment_get,
    attachments_of,
)

#: Everybody passes the door; each kind of record asks for its own permission behind it.
DOOR = "tenancy.company.view"


class AttachmentShape(serializers.Serializer):
    """A file of a record."""

    id = serializers.UUIDField()
    entity_kind = serializers.CharField()
    entity_id = serializers.UUIDField()
    file_name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.IntegerField(allow_null=True)


class AttachmentInput(serializers.Serializer):
    """A file to keep beside a record."""

    entity_kind = serializers.CharField()
    entity_id = serializers.UUIDField()
    file = serializers.FileField()


def _shape(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": str(attachment.pk),
        "entity_kind": attachment.entity_kind,
        "entity_id": str(attachment.entity_id),
        "file_name": attachment.file_name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "created_at": moment(attachment.created_at),
        "created_by": attachment.created_by_id,
    }


class AttachmentList(ApiView):
    """Files of one record."""

    may_miss = True
    permissions = {"GET": DOOR, "POST": DOOR}  # read only
    parser_classes = (MultiPartParser, StrictJSONParser)

    @extend_schema(
        operation_id="attachments_list",
        parameters=[
            OpenApiParameter("entity_kind", str, required=True),
            OpenApiParameter("entity_id", OpenApiTypes.UUID, required=True),
        ],
        responses=AttachmentShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the files of a record, oldest first."""
        query = query_of(request.query_params, ("entity_kind", "entity_id"), is_list=False)
        files = attachments_of(
            kind=query.get("entity_kind", ""),
            entity_id=parse_uuid(query.get("entity_id"), field="entity_id"),
            actor=self.principal,
        )
        return Response([_shape(one) for one in files])

    @extend_schema(
        operation_id="attachments_create",
        request={"multipart/form-data": AttachmentInput},
        responses={201: AttachmentShape},
    )
    def post(self, request: Request) -> Response:
        """Add a file. The very same file twice is refused, so a repeated request adds nothing."""
        data: Any = request.data
        upload = request.FILES.get("file")
        if upload is None:
            raise AttachmentRefused(N_("Choose a file."), field="file")
        attachment = attachment_add(
            kind=clean_text(data.get("entity_kind"), field="entity_kind", max_length=40),
            entity_id=parse_uuid(data.get("entity_id"), field="entity_id"),
            upload=upload,
            actor=self.principal,
        )
        return Response(_shape(attachment), status=status.HTTP_201_CREATED)


class AttachmentDetail(ApiView):
    """One file."""

    permissions = {"GET": DOOR, "DELETE": DOOR}  # read only

    @extend_schema(
        operation_id="attachments_download", responses={(200, "*/*"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, attachment_id: uuid.UUID) -> HttpResponseBase:
        """Download a file."""
        attachment = attachment_get(attachment_id=attachment_id, actor=self.principal)
        if not default_storage.exists(attachment.stored_file):
            raise not_found()
        return FileResponse(
            default_storage.open(attachment.stored_file),
            as_attachment=True,
            filename=attachment.file_name,
            content_type=attachment.content_type,
        )

    @extend_schema(operation_id="attachments_delete", responses={204: None})
    def delete(self, request: Request, attachment_id: uuid.UUID) -> Response:
        """Take a file off a draft."""
        attachment_delete(attachment_id=attachment_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)
