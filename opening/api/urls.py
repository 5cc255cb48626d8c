"""Addresses of opening balances."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from opening.api.files import (
    OpeningFileCheck,
    OpeningFileDetail,
    OpeningFileList,
    OpeningFilePost,
    OpeningFileUndo,
    OpeningProof,
)

urlpatterns: list[URLPattern] = [
    *both("opening-balances", OpeningFileList, "opening-file-list"),
    *both("opening-balances/proof", OpeningProof, "opening-proof"),
    *both("opening-balances/<uuid:file_id>", OpeningFileDetail, "opening-file-detail"),
    *both("opening-balances/<uuid:file_id>/check", OpeningFileCheck, "opening-file-check"),
    *both("opening-balances/<uuid:file_id>/post", OpeningFilePost, "opening-file-post"),
    *both("opening-balances/<uuid:file_id>/undo", OpeningFileUndo, "opening-file-undo"),
]
