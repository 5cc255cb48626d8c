"""Answers that belong to no app: health, and reports of the browser about refused content."""

from __future__ import annotations

import logging

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

log = logging.getLogger("mizan.csp")
LONGEST_REPORT = 4096


@transaction.non_atomic_requests
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process serves; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
@transaction.non_atomic_requests
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what a browser refused to load; the text is foreign and is shortened."""
    log.warning(
        "content refused", extra={"report": request.read(LONGEST_REPORT).decode(errors="replace")}
    )
    return HttpResponse(status=204)
