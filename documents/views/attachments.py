"""Files of a record: the section on its page, upload, download, removal."""

from __future__ import annotations

import uuid
from typing import cast

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import N_, DomainError
from documents.attachable import attachable, lets_go, record_of
from documents.errors import DocumentNotFound
from documents.services.attachments import (
    KINDS,
    MAX_BYTES,
    AttachmentRefused,
    attachment_add,
    attachment_delete,
    attachment_get,
    attachments_of,
)
from tenancy.permissions import page, principal_of
from web.htmx import fragment, go_to, is_htmx
from web.links import page_of

#: Everybody passes the door; each kind of record asks for its own permission behind it.
DOOR = "tenancy.company.view"


def _section(
    request: HttpRequest, kind: str, entity_id: uuid.UUID, *, error: DomainError | None = None
) -> HttpResponse:
    principal = principal_of(request)
    files = attachments_of(kind=kind, entity_id=entity_id, actor=principal)
    may_edit = principal.has(attachable(kind).edit)
    context = {
        "kind": kind,
        "entity_id": entity_id,
        "files": files,
        "may_edit": may_edit,
        "may_remove": may_edit and lets_go(kind, record_of(kind, entity_id)),
        "error": str(error) if error else "",
        "accept": ",".join(f".{extension}" for extension in KINDS),
        "limit": MAX_BYTES // 1024**2,
    }
    return fragment(request, "documents/_attachments.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
@page(DOOR)
def attachments(request: HttpRequest, kind: str, entity_id: uuid.UUID) -> HttpResponse:
    """The files of a record; POST adds one."""
    try:
        if request.method == "POST":
            upload = request.FILES.get("file")
            if upload is None:
                raise AttachmentRefused(N_("Choose a file."), field="file")
            attachment_add(
                kind=kind, entity_id=entity_id, upload=upload, actor=principal_of(request)
            )
            if not is_htmx(request):
                return go_to(request, page_of(kind, entity_id) or request.path)
    except DocumentNotFound as error:
        raise Http404 from error
    except DomainError as error:
        if error.status == 403:
            raise
        return _section(request, kind, entity_id, error=error)
    try:
        return _section(request, kind, entity_id)
    except DocumentNotFound as error:
        raise Http404 from error


@require_GET
@page(DOOR)
def attachment_file(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """One file, always as a download: nothing uploaded is ever shown as a page of ours."""
    try:
        attachment = attachment_get(attachment_id=attachment_id, actor=principal_of(request))
    except DocumentNotFound as error:
        raise Http404 from error
    if not default_storage.exists(attachment.stored_file):
        raise Http404
    answer = FileResponse(
        default_storage.open(attachment.stored_file),
        as_attachment=True,
        filename=attachment.file_name,
        content_type=attachment.content_type,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return cast("HttpResponse", answer)  # a streaming answer is as good to the middleware


@require_POST
@page(DOOR)
def attachment_remove(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """Take a file off a draft."""
    try:
        attachment = attachment_delete(attachment_id=attachment_id, actor=principal_of(request))
    except DocumentNotFound as error:
        raise Http404 from error
    if is_htmx(request):
        return _section(request, attachment.entity_kind, attachment.entity_id)
    return go_to(request, page_of(attachment.entity_kind, attachment.entity_id) or "/")
