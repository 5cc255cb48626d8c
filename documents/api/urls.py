"""Addresses of drafts."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from documents.api.drafts import DraftAutosave, DraftDetail, DraftLatest, DraftList

urlpatterns: list[URLPattern] = [
    *both("drafts", DraftList, "draft-list"),
    *both("drafts/autosave", DraftAutosave, "draft-autosave"),
    *both("drafts/latest", DraftLatest, "draft-latest"),
    *both("drafts/<uuid:draft_id>", DraftDetail, "draft-detail"),
]
