"""Both embedded servers together, owned by exactly one process for each data folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import IO

from config.services.bootstrap import bootstrap
from config.services.layout import DATABASE, Layout
from config.services.postgres import PostgresServer
from config.services.processes import prepare_folders
from config.services.valkey import ValkeyServer


class Taken(RuntimeError):
    """Another process owns the servers of this data folder."""


class FileLock:
    """A lock that the kernel releases when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a+")

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock; without `wait`, return False when it is held."""
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._file, mode | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def note(self, text: str) -> None:
        """Write who holds the lock into its file, for messages."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()

    def release(self) -> None:
        """Give the lock back."""
        self._file.close()


class Servers:
    """The embedded servers as a context: started, bootstrapped, stopped. Raises Taken when somebody owns them."""

    def __init__(
        self,
        layout: Layout,
        *,
        postgres: bool = True,
        valkey: bool = True,
        durable: bool = True,
        kind: str = "serve",
    ) -> None:
        self.layout = layout
        self.postgres = PostgresServer(layout, durable=durable) if postgres else None
        self.valkey = ValkeyServer(layout) if valkey else None
        self._kind = kind
        self._lock: FileLock | None = None

    def __enter__(self) -> Servers:
        prepare_folders(self.layout)
        lock = FileLock(self.layout.owner_lock)
        if not lock.take(wait=False):
            lock.release()
            raise Taken(self.layout.owner_lock.read_text().strip())
        self._lock = lock
        lock.note(f"{self._kind} {os.getpid()}")
        try:
            self.layout.ready.unlink(missing_ok=True)
            if self.valkey:
                self.valkey.start()
            if self.postgres:
                self.postgres.start()
                bootstrap(self.postgres.admin_url, DATABASE)
            self.layout.ready.write_text(
                " ".join(
                    name
                    for name, made in (("postgres", self.postgres), ("valkey", self.valkey))
                    if made
                )
            )
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.layout.ready.unlink(missing_ok=True)
        if self.postgres:
            self.postgres.stop()
        if self.valkey:
            self.valkey.stop()
        if self._lock:
            self._lock.release()
            self._lock = None

    def revive(self) -> list[str]:
        """Start again whichever server has died and return their names; PostgreSQL recovers from its log."""
        revived = []
        if self.postgres and not self.postgres.is_running():
            self.postgres.start()
            revived.append("PostgreSQL")
        if self.valkey and not self.valkey.is_running():
            self.valkey.start()
            revived.append("Valkey")
        return revived
