"""Pages of the shell itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from tenancy.models import User
from tenancy.principal import forget


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language (`language`: en or ar) with the user, or in a cookie before signing in; go back to `next`."""
    wanted = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    if wanted not in dict(settings.LANGUAGES) or not check_for_language(wanted):
        return response
    principal = getattr(request, "principal", None)
    if principal is not None:
        User.objects.filter(pk=principal.user_id).update(language=wanted)
        forget(principal.user_id)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=365 * 24 * 60 * 60,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
