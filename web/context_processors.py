"""What every page of the shell needs; no SQL (the principal is resolved before)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi

from web.navigation import CREATE, PALETTE, RAIL, address, links, names, rail

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
RAIL_COOKIE = "rail"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return language, direction, theme, rail, palette and the company switch for the page shell."""
    principal = getattr(request, "principal", None)
    permissions = principal.permissions if principal else frozenset()
    theme = request.COOKIES.get(THEME_COOKIE, "")
    groups = rail(permissions, request.path) if principal else ()
    destinations = [("go", link) for group in RAIL for link in links(group.entries, permissions)]
    destinations += [("go", link) for link in links(PALETTE, permissions)]
    destinations += [("create", link) for link in links(CREATE, permissions)]
    palette = [
        {
            "label": link.label,
            "names": names(link.key),
            "url": link.url,
            "icon": link.icon,
            "group": group,
        }
        for group, link in destinations
    ]
    return {
        "principal": principal,
        "language": (get_language() or "en")[:2],
        # not `direction`: money has one too, and a page that names it would turn itself around
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "theme": theme if theme in THEMES else "",
        "rail_width": "narrow" if request.COOKIES.get(RAIL_COOKIE) == "narrow" else "",
        "rail_groups": groups,
        "palette_entries": palette if principal else [],
        "bell_url": address("reports:alert-bell"),
        "palette_search_url": address("reports:palette-search"),
        "company": next(
            (one for one in principal.companies if one.id == principal.company_id), None
        )
        if principal
        else None,
        "company_switch_url": address("tenancy:company-switch"),
        "sign_in_url": address("tenancy:sign-in"),
        "session_url": address("tenancy:session-state"),
        "sign_out_url": address("tenancy:sign-out"),
        "profile_url": address("tenancy:profile"),
        "set_language_url": address("web:set-language"),
        "home_url": address("reports:dashboard") or "/",
    }
