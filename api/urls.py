"""Addresses with and without trailing slash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path
from rest_framework.views import APIView


def both(route: str, view: type[APIView] | Callable[..., Any], name: str) -> list[URLPattern]:
    """Return the address as documented, and the same with a slash at its end."""
    function: Any = view.as_view() if isinstance(view, type) else view  # type: ignore[attr-defined]  # an APIView
    return [path(route, function, name=name), path(f"{route}/", function, name=f"{name}-slash")]
