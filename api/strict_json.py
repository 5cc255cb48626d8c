"""JSON as clients must send it: read exactly, or refused (reliability.md part 10). Pure.

Python's parser alone keeps the last of two equal names, reads NaN and turns 0.1 into a binary float.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from core.errors import N_, DomainError

MAX_DEPTH = 32


class MalformedJson(DomainError):
    """The body is no JSON document, or one that could be read in two ways."""

    code = "malformed_json"


def _number(text: str) -> Decimal | str:
    # A number with an exponent stays text, so that the field it is for refuses it by name.
    return text if "e" in text or "E" in text else Decimal(text)


def _constant(text: str) -> Any:
    raise MalformedJson(N_("%(text)s is no JSON value."), params={"text": text})


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise MalformedJson(
                    N_("The name %(name)s appears twice."), params={"name": name[:60]}
                )
            seen.add(name)
    return found


_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_constant, object_pairs_hook=_pairs)


def _require_shallow(value: Any) -> None:
    """Refuse deep nesting without recursion: level by level."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_DEPTH):
        parts = [part for one in level for part in (one.values() if isinstance(one, dict) else one)]
        level = [part for part in parts if isinstance(part, (dict, list))]  # twice as quick
        if not level:
            return
    raise MalformedJson(N_("This JSON is nested too deeply."))


def parse(content: bytes) -> Any:
    """Return the value of a UTF-8 JSON document; numbers with a point become Decimal, never float.

    Raises MalformedJson for anything else: other encodings, a byte order mark, NaN, equal names, deep nesting.
    """
    try:
        value = _DECODER.decode(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise MalformedJson(N_("Send JSON in UTF-8.")) from None
    except RecursionError:
        raise MalformedJson(N_("This JSON is nested too deeply.")) from None
    except ValueError:  # JSONDecodeError, and whole numbers of thousands of digits
        raise MalformedJson(N_("This is not valid JSON.")) from None
    if content.count(b"{") + content.count(b"[") > MAX_DEPTH:
        _require_shallow(value)
    return value
