"""Phases of a request, for the Server-Timing header (PS-3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

current_phases: ContextVar[dict[str, float] | None] = ContextVar("current_phases", default=None)


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Add the block's duration in milliseconds to the request's phase `name`."""
    phases = current_phases.get()
    if phases is None:
        yield
        return
    start = time.perf_counter()
    try:
        yield
    finally:
        phases[name] = phases.get(name, 0.0) + (time.perf_counter() - start) * 1000


def header_value(phases: dict[str, float]) -> str:
    """Return the Server-Timing header of measured phases."""
    return ", ".join(f"{name};dur={duration:.2f}" for name, duration in phases.items())
