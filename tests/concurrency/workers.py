"""Real connections at the same time: each thread has its own, as each web worker does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections

from core.errors import DomainError


def at_once(
    work: Callable[[Any], Any], arguments: Iterable[Any], *, seconds: float = 60
) -> list[Any]:
    """Run `work` once for each argument, all threads starting together.

    Returns results in the order of the arguments; a refusal is returned as the error. Anything else fails the test.
    """
    items = list(arguments)
    results: list[Any] = [None] * len(items)
    broken: list[BaseException] = []
    start = threading.Barrier(len(items))

    def run(index: int) -> None:
        try:
            start.wait(seconds)
            results[index] = work(items[index])
        except DomainError as refusal:
            results[index] = refusal
        except BaseException as error:  # noqa: BLE001  # handed to the test, which fails with it
            broken.append(error)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(items))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs: a deadlock?"
    if broken:
        raise broken[0]
    return results


def refusals(results: Iterable[Any]) -> list[DomainError]:
    """Return the refused ones."""
    return [result for result in results if isinstance(result, DomainError)]
