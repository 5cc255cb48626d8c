"""The signed-in user in one company: resolved once for a request, from the cache when it is warm.

A warm look-up issues no SQL (IF-1, PS-15). Every change of a membership, grant, user or company deletes the cached
entries after commit, so a change counts from the next request on; entries also end by themselves after a minute.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction

from tenancy.models import User
from tenancy.roles import ROLE_PERMISSIONS

logger = logging.getLogger(__name__)

CACHE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class CompanyChoice:
    """One company a user works for, as the company switch shows it."""

    id: int
    slug: str
    name: str
    name_arabic: str
    role: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is acting, for which company, with which permissions."""

    user_id: int
    email: str
    full_name: str
    language: str
    is_staff: bool
    session_hash: str
    company_id: int | None = None
    role: str = ""
    permissions: frozenset[str] = frozenset()
    company: dict[str, Any] = field(default_factory=dict)
    branch_id: str = ""
    companies: tuple[CompanyChoice, ...] = ()

    def has(self, permission: str) -> bool:
        """Return whether the role or a grant includes the permission."""
        return permission in self.permissions

    @property
    def key(self) -> str:
        """Who works for which company; two pages with the same key may share their forms' token."""
        return f"{self.user_id}:{self.company_id or 0}"

    @property
    def company_name(self) -> str:
        return str(self.company.get("name", ""))

    @property
    def currency(self) -> str:
        """The company's base currency."""
        return str(self.company.get("currency", "SAR"))


def _key(user_id: int) -> str:
    return f"principal:{user_id}"


def _load(user_id: int) -> dict[str, Any] | None:
    """Read the user and all memberships in two statements (through a SECURITY DEFINER function)."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT company_id, role, branch_id, grants, company FROM tenancy_memberships_of(%s)",
            [user_id],
        )
        rows = cursor.fetchall()
    return {
        "user": {
            "user_id": user.pk,
            "email": user.email,
            "full_name": user.full_name,
            "language": user.language,
            "is_staff": user.is_staff,
            "session_hash": user.get_session_auth_hash(),
        },
        "memberships": [
            {
                "company_id": row[0],
                "role": row[1],
                "branch_id": str(row[2] or ""),
                "grants": list(row[3] or ()),
                "company": json.loads(row[4], parse_float=str),
            }
            for row in rows
        ],
    }


def _cached(user_id: int) -> dict[str, Any] | None:
    key = _key(user_id)
    try:
        data: dict[str, Any] | None = cache.get(key)
    except Exception:  # a cache that is down must not stop work: the database answers
        logger.warning("Cache unavailable; reading the principal from the database", exc_info=True)
        return _load(user_id)
    if data is None:
        data = _load(user_id)
        if data is not None:
            try:
                cache.set(key, data, CACHE_SECONDS)
            except Exception:
                logger.warning("Cache unavailable; principal not cached", exc_info=True)
    return data


def resolve(user_id: int, company_id: int | None = None) -> Principal | None:
    """Return the principal, or None when the user is unknown or inactive.

    Without `company_id` the first membership counts (single-company installation, PS-17). With one that the user does
    not work for, the principal has no company and so no permission.
    """
    data = _cached(user_id)
    if data is None:
        return None
    memberships = data["memberships"]
    choices = tuple(
        CompanyChoice(
            m["company_id"],
            m["company"]["slug"],
            m["company"]["name"],
            m["company"]["name_arabic"],
            m["role"],
        )
        for m in memberships
    )
    if company_id is None:
        chosen = memberships[0] if memberships else None
    else:
        chosen = next((m for m in memberships if m["company_id"] == company_id), None)
    if chosen is None:
        return Principal(**data["user"], companies=choices)
    return Principal(
        **data["user"],
        company_id=chosen["company_id"],
        role=chosen["role"],
        permissions=ROLE_PERMISSIONS.get(chosen["role"], frozenset()) | frozenset(chosen["grants"]),
        company=chosen["company"],
        branch_id=chosen["branch_id"],
        companies=choices,
    )


def forget(*user_ids: int) -> None:
    """Drop the cached principals once the open transaction has committed."""
    keys = [_key(user_id) for user_id in user_ids]

    def drop() -> None:
        try:
            cache.delete_many(keys)
        except Exception:
            logger.warning("Cache unavailable; principals end by themselves", exc_info=True)

    transaction.on_commit(drop)
