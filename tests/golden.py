"""The worked accounting cases with known answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def golden_cases(shared_data: Path, kind: str) -> dict[str, dict[str, Any]]:
    """Return the worked cases of a kind by their id; amounts are strings. Fails when there is none."""
    document = json.loads((shared_data / "data/accounting/golden_cases.json").read_text("utf-8"))
    cases = {case["id"]: case for case in document["cases"] if case["kind"] == kind}
    assert cases, f"no worked case of kind {kind}"
    return cases


def golden_month(shared_data: Path) -> dict[str, Any]:
    """Return the complete month of journals."""
    document = json.loads((shared_data / "data/accounting/golden_cases.json").read_text("utf-8"))
    month: dict[str, Any] = document["month"]
    return month
