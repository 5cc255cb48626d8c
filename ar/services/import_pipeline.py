"""Reading, computing and writing at the same time: one thread prepares batches, some connections write them."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from itertools import cycle

from django.db import connection

from ar.services.import_rows import Batch
from ar.services.import_writer import (
    WriterContext,
    write_batch,
    write_batch_within,
    writer_begin,
    writer_end,
)

#: Connections writing side by side: two keep the processors busy while the third waits for balances or the disk.
WRITERS = 3


def batches_ahead(batches: Iterator[Batch]) -> Generator[Batch, None, None]:
    """Yield the batches while a thread prepares the next ones; its errors are raised here."""
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(maxsize=2)
    stopped = threading.Event()

    def put(item: Batch | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.2)
            except queue.Full:
                continue
            return

    def produce() -> None:
        try:
            for batch in batches:
                put(batch)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001  # handed to the consumer, which raises it
            put(error)

    thread = threading.Thread(target=produce, name="import-reader", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        thread.join()


def _write_apart(batch: Batch, context: WriterContext) -> Batch:
    write_batch(batch, context)
    return batch


def batches_written(batches: Iterator[Batch], context: WriterContext) -> Iterator[Batch]:
    """Write the batches and yield each when it is committed.

    Some threads write side by side, each on a connection that it keeps to the end; inside a transaction that is open
    already there is only that one connection.
    """
    if connection.in_atomic_block:
        for batch in batches:
            write_batch_within(batch, context)
            yield batch
        return
    writers = [ThreadPoolExecutor(1, thread_name_prefix="import-writer") for _ in range(WRITERS)]
    waiting: deque[Future[Batch]] = deque()
    try:
        for writer in writers:
            writer.submit(writer_begin).result()
        for batch, writer in zip(batches, cycle(writers)):
            # the scope is a context variable: each job carries its own copy
            waiting.append(writer.submit(copy_context().run, _write_apart, batch, context))
            if len(waiting) > WRITERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for job in waiting:
            job.cancel()
        for writer in writers:
            writer.submit(writer_end)
            writer.shutdown()
