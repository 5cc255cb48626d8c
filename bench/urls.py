"""The product's addresses and one view that does nothing: what a signed-in request costs by itself."""

from __future__ import annotations

import json

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
@transaction.non_atomic_requests
def bare(request: HttpRequest) -> JsonResponse:
    """Read the JSON body and answer it: signed in, without database."""
    principal = request.principal  # type: ignore[attr-defined]
    assert principal is not None
    return JsonResponse({"lines": len(json.loads(request.body)["line_items"])})


urlpatterns = [path("bench/bare", bare), path("", include("config.urls"))]
handler404 = "web.errors.page_not_found"
handler500 = "web.errors.server_error"
