"""Reasons in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from payments.bank.proposals import REASONS, Reason


def reason_text(reason: Reason) -> str:
    """Return why, in words."""
    return _text(reason.key, reason.params)


def reason_texts(stored: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the reasons that a match keeps, in words."""
    return [_text(str(one.get("key", "")), one) for one in stored]


def _text(key: str, params: Mapping[str, Any]) -> str:
    template = REASONS.get(key)
    if template is None:
        return ""
    # names are kept in both languages
    if params.get("name_arabic") and (get_language() or "").startswith("ar"):
        params = {**params, "name": params["name_arabic"]}
    text = gettext(template)
    return text % params if "%" in text else text
