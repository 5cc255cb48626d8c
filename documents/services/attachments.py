"""Files of records: add, read, remove while the record is a draft; all of it audited."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from audit.services.events import audit_event
from core.errors import N_, DomainError
from core.inputs import clean_text
from core.transactions import write
from documents.attachable import attachable, lets_go, record_of
from documents.errors import DocumentNotFound, NotADraft
from documents.models import Attachment
from tenancy.context import current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 50


def _is_text(head: bytes) -> bool:
    return b"\x00" not in head


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


#: Extension -> (content type, what the file begins with). Nothing a browser would run is among them.
KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "webp": ("image/webp", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    "csv": ("text/csv", _is_text),
    "txt": ("text/plain", _is_text),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _begins(b"PK\x03\x04"),
    ),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _begins(b"PK\x03\x04"),
    ),
    "xml": ("application/xml", lambda head: head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")),
}


class AttachmentRefused(DomainError):
    """The file is empty, too large, of a kind that is not kept, or not what its name says."""

    code = "file_refused"


class AttachmentExists(DomainError):
    """The very same file is attached already."""

    code = "duplicate_file"
    status = 409


def _content_type(name: str, head: bytes) -> str:
    extension = name.rpartition(".")[2].lower()
    if extension not in KINDS:
        raise AttachmentRefused(
            N_("Files of this kind are not kept. Allowed: %(kinds)s."),
            field="file",
            params={"kinds": ", ".join(sorted(KINDS))},
        )
    content_type, fits = KINDS[extension]
    if not fits(head):
        raise AttachmentRefused(N_("The file is not what its name says."), field="file")
    return content_type


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


@write
def attachment_add(
    *, kind: str, entity_id: uuid.UUID, upload: UploadedFile, actor: Principal
) -> Attachment:
    """Keep a file beside a record. Raises AttachmentRefused, AttachmentExists, DocumentNotFound."""
    require(actor, attachable(kind).edit)
    record_of(kind, entity_id, lock=True)
    size = upload.size or 0
    if size == 0:
        raise AttachmentRefused(N_("The file is empty."), field="file")
    if size > MAX_BYTES:
        raise AttachmentRefused(
            N_("The file is larger than %(limit)s MB."),
            field="file",
            params={"limit": MAX_BYTES // 1024**2},
        )
    name = clean_text(Path(upload.name or "").name, field="file", min_length=1, max_length=200)
    content_type = _content_type(name, upload.read(64))
    upload.seek(0)
    digest = _digest(upload)
    others = Attachment.objects.filter(entity_kind=kind, entity_id=entity_id)
    if others.filter(sha256=digest).exists():
        raise AttachmentExists(N_("This file is attached already."), field="file")
    if others.count() >= MAX_FILES:
        raise AttachmentRefused(
            N_("A document takes at most %(limit)s files."),
            field="file",
            params={"limit": MAX_FILES},
        )
    # the name of the upload is shown, never used as a path
    stored = default_storage.save(f"attachments/{current_company_id()}/{uuid.uuid4()}", upload)
    attachment: Attachment = Attachment.objects.create(
        entity_kind=kind,
        entity_id=entity_id,
        file_name=name,
        content_type=content_type,
        size=size,
        sha256=digest,
        stored_file=stored,
        created_by_id=actor.user_id,
    )
    audit_event("ATTACH", kind, entity_id, {"file": name, "size": size})
    return attachment


def attachments_of(*, kind: str, entity_id: uuid.UUID, actor: Principal) -> list[Attachment]:
    """Return the files of a record, oldest first."""
    require(actor, attachable(kind).view)
    record_of(kind, entity_id)
    return list(
        Attachment.objects.filter(entity_kind=kind, entity_id=entity_id)
        .select_related("created_by")
        .order_by("created_at", "id")
    )


def attachment_get(*, attachment_id: uuid.UUID, actor: Principal) -> Attachment:
    """Return one file the person may see. Raises DocumentNotFound."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is None:
        raise DocumentNotFound(N_("There is no such file."))
    require(actor, attachable(attachment.entity_kind).view)
    return attachment


@write
def attachment_delete(*, attachment_id: uuid.UUID, actor: Principal) -> Attachment:
    """Take a file off a draft, or off a record without a state. Raises NotADraft: what is posted keeps its evidence."""
    attachment = attachment_get(attachment_id=attachment_id, actor=actor)
    kind = attachment.entity_kind
    require(actor, attachable(kind).edit)
    if not lets_go(kind, record_of(kind, attachment.entity_id, lock=True)):
        raise NotADraft(N_("The files of a posted document stay with it."))
    attachment.delete()
    audit_event("DETACH", kind, attachment.entity_id, {"file": attachment.file_name})
    transaction.on_commit(partial(default_storage.delete, attachment.stored_file))
    attachment.pk = attachment_id  # delete() forgets it; the answer still names it
    return attachment
