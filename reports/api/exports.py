"""Export jobs: ask for a file, look how far it is, cancel, download (SP-7)."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.inputs import body_of, query_of
from api.pagination import paged_query
from api.serializers import page_of
from api.shapes import moment
from api.views import ApiView
from core.errors import N_, DomainError
from core.inputs import clean_text, is_given
from reports.models import ExportJob
from reports.renderers.download import file_answer
from reports.services.exports import (
    PERMISSION,
    clean_query,
    export_cancel,
    export_create,
    export_download,
    export_get,
    exports_of,
    source_of,
)


class ExportInput(drf.Serializer[Any]):
    """What is to be written: a report or a list, never both."""

    report = drf.CharField(required=False, help_text="The key of a report, for example journal.")
    list = drf.CharField(required=False, help_text="The key of a list, for example invoices.")
    format = drf.ChoiceField(ExportJob.Format.values)
    filters = drf.DictField(
        child=drf.CharField(), required=False, help_text="As in the address of the page."
    )


class ExportShape(drf.Serializer[Any]):
    """A file being written, or written."""

    id = drf.UUIDField()
    report = drf.CharField(allow_null=True)
    list = drf.CharField(allow_null=True)
    title = drf.CharField()
    format = drf.ChoiceField(ExportJob.Format.values)
    filters = drf.DictField(child=drf.CharField())
    state = drf.ChoiceField(ExportJob.State.values)
    message = drf.CharField()
    rows_done = drf.IntegerField()
    rows_expected = drf.IntegerField(allow_null=True)
    size = drf.IntegerField()
    created_at = drf.DateTimeField()
    finished_at = drf.DateTimeField(allow_null=True)
    expires_at = drf.DateTimeField(allow_null=True)
    file = drf.CharField(allow_null=True, help_text="Where to download it, once it is done.")


def shape(job: ExportJob) -> dict[str, Any]:
    """Return an export as the API sends it."""
    return {
        "id": str(job.pk),
        "report": job.key if job.source == "report" else None,
        "list": job.key if job.source == "list" else None,
        "title": job.title,
        "format": job.format,
        "filters": job.query,
        "state": job.state,
        "message": job.message,
        "rows_done": job.rows_done,
        "rows_expected": job.rows_expected,
        "size": job.size,
        "created_at": moment(job.created_at),
        "finished_at": moment(job.finished_at),
        "expires_at": moment(job.expires_at),
        "file": f"/api/v1/export-jobs/{job.pk}/file" if job.state == job.State.DONE else None,
    }


def _source(body: dict[str, Any]) -> tuple[str, str]:
    named = [name for name in ("report", "list") if is_given(body.get(name))]
    if len(named) != 1:
        raise DomainError(N_("Name a report or a list."), code="required", field="report")
    return named[0], clean_text(body[named[0]], field=named[0], max_length=40)


def _filters(source: str, key: str, given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, dict) or not all(
        isinstance(value, (str, bool, int)) for value in given.values()
    ):
        raise DomainError(N_("Send a JSON object."), code="invalid", field="filters")
    found = source_of(source, key)
    texts = {
        str(name): str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in given.items()
    }
    known = clean_query(found, texts)
    unknown = [name for name in texts if name not in known and texts[name]]
    if unknown:
        raise DomainError(
            N_("This filter is unknown."), code="unknown_field", field=f"filters.{unknown[0][:60]}"
        )
    return known


class ExportJobs(ApiView):
    """Export jobs."""

    permissions = {"GET": PERMISSION, "POST": PERMISSION}  # read only

    @extend_schema(
        operation_id="export_jobs_list",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=page_of(ExportShape),
    )
    def get(self, request: Request) -> Response:
        """List one's own exports, newest first; an owner sees all."""
        query = query_of(request.query_params, ())
        return paged_query(request, query, exports_of(self.principal), shape)

    @extend_schema(
        operation_id="export_jobs_create", request=ExportInput, responses={201: ExportShape}
    )
    @idempotent("export_jobs.create")
    def post(self, request: Request) -> Response:
        """Ask for a report or a list as a file."""
        body = body_of(request.data, ("report", "list", "format", "filters"))
        source, key = _source(body)
        job = export_create(
            source=source,
            key=key,
            form=clean_text(body.get("format"), field="format", max_length=10),
            query=_filters(source, key, body.get("filters")),
            language=self.principal.language,
            actor=self.principal,
        )
        return Response(shape(job), status=status.HTTP_201_CREATED)


class ExportJobDetail(ApiView):
    """One export job."""

    permissions = {"GET": PERMISSION}  # read only

    @extend_schema(operation_id="export_jobs_retrieve", responses=ExportShape)
    def get(self, request: Request, job_id: uuid.UUID) -> Response:
        """Return how far it is."""
        return Response(shape(export_get(job_id, self.principal)))


class ExportJobCancel(ApiView):
    """Cancel an export job."""

    permissions = {"POST": PERMISSION}  # read only

    @extend_schema(operation_id="export_jobs_cancel", request=None, responses=ExportShape)
    def post(self, request: Request, job_id: uuid.UUID) -> Response:
        """Cancel what waits or is being written; 409 when it has ended."""
        return Response(shape(export_cancel(job_id=job_id, actor=self.principal)))


class ExportJobFile(ApiView):
    """The file of an export job."""

    permissions = {"GET": PERMISSION}  # read only

    @extend_schema(
        operation_id="export_jobs_file",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(
                OpenApiTypes.BINARY, description="The file."
            )
        },
    )
    def get(self, request: Request, job_id: uuid.UUID) -> Any:
        """Download it; 409 when it is not written yet or was deleted."""
        job, file = export_download(job_id=job_id, actor=self.principal)
        return file_answer(job, file)
