"""Measured rows and how they are printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(slots=True)
class Row:
    """One line of a table. Times in milliseconds."""

    what: str
    floor: float
    ours: float
    statements: int
    target: str
    worst: float = 0.0

    @property
    def ratio(self) -> float:
        return self.ours / self.floor if self.floor else 0.0


@dataclass(slots=True)
class Table:
    """The rows of one job."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def show(self) -> None:
        print(f"\n### {self.title}\n")
        print("| job | floor ms | Mizan ms | p95 ms | statements | ratio | to reach |")
        print("|---|---|---|---|---|---|---|")
        for row in self.rows:
            print(
                f"| {row.what} | {row.floor:.2f} | {row.ours:.2f} | {row.worst:.2f} | {row.statements} "
                f"| {row.ratio:.2f} | {row.target} |"
            )
        for note in self.notes:
            print(f"\n{note}")


def clock(job: Callable[[], object]) -> float:
    """Return the milliseconds of one run."""
    started = time.perf_counter()
    job()
    return (time.perf_counter() - started) * 1000


def side_by_side(
    what: str,
    *,
    floor: Callable[[], object],
    ours: Callable[[], object],
    rounds: int,
    target: str,
    warm: int = 3,
) -> Row:
    """Measure floor and product in turns, so that both meet the same machine; medians."""
    for _ in range(warm):
        floor()
        ours()
    floors, times = [], []
    for _ in range(rounds):
        floors.append(clock(floor))
        times.append(clock(ours))
    with CaptureQueriesContext(connection) as captured:
        ours()
    statements = sum(
        not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        for query in captured.captured_queries
    )
    times.sort()
    return Row(
        what,
        statistics.median(floors),
        statistics.median(times),
        statements,
        target,
        times[min(int(len(times) * 0.95), len(times) - 1)],
    )
