"""A written file on its way to the person who asked for it."""

from __future__ import annotations

from typing import Any, cast

from django.http import FileResponse, HttpResponse
from django.utils.text import slugify

from reports.models import ExportJob


def file_answer(job: ExportJob, file: Any) -> HttpResponse:
    """Return a stored file under a name that says what it is."""
    name = f"{slugify(job.key)}-{job.created_at:%Y-%m-%d}.{job.format}"
    answer = FileResponse(file, as_attachment=True, filename=name)
    return cast("HttpResponse", answer)  # a streaming answer is as good to the middleware
