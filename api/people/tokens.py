"""Access and refresh tokens: they name a user and a company; roles are looked up anew on every request."""

from __future__ import annotations

from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken

from core.errors import N_
from tenancy.errors import NotSignedIn
from tenancy.principal import Principal, resolve

_PRINT_LENGTH = 16


def _fingerprint(principal: Principal) -> str:
    """Return what changes with the password, so that old refresh tokens end with it."""
    return principal.session_hash[:_PRINT_LENGTH]


def tokens_for(principal: Principal) -> dict[str, str]:
    """Return a fresh pair for the person in the principal's company."""
    refresh = RefreshToken()
    refresh["user_id"] = str(principal.user_id)
    refresh["company_id"] = principal.company_id
    refresh["print"] = _fingerprint(principal)
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


def tokens_renewed(text: str) -> dict[str, str]:
    """Return a fresh pair for a refresh token. Raises NotSignedIn for an ended, foreign or outdated one."""
    ended = NotSignedIn(N_("This token has ended. Sign in again."), field="refresh")
    try:
        token = RefreshToken(text)  # type: ignore[arg-type]  # stubs want Token
    except TokenError:
        raise ended from None
    user_id, company_id = token.get("user_id"), token.get("company_id")
    if user_id is None:
        raise ended
    principal = resolve(int(user_id), company_id)
    if principal is None or not constant_time_compare(
        str(token.get("print", "")), _fingerprint(principal)
    ):
        raise ended
    # whoever no longer works there signs in again: a token without company would act for the next one
    if company_id is not None and principal.company_id != company_id:
        raise ended
    return tokens_for(principal)
