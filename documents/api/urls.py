"""Addresses of drafts."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from documents.api.attachments import AttachmentDetail, AttachmentList
from documents.api.drafts import DraftAutosave, DraftDetail, DraftLatest, DraftList

urlpatterns: list[URLPattern] = [
    *both("attachments", AttachmentList, "attachment-list"),
    *both("attachments/<uuid:attachment_id>", AttachmentDetail, "attachment-detail"),
    *both("drafts", DraftList, "draft-list"),
    *both("drafts/autosave", DraftAutosave, "draft-autosave"),
    *both("drafts/latest", DraftLatest, "draft-latest"),
    *both("drafts/<uuid:draft_id>", DraftDetail, "draft-detail"),
]
