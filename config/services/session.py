"""Lending the embedded servers to a command or a test run.

Every user holds a shared lock while it runs. The first one starts a holder process that owns the servers and stops
them when the last user is gone; when `make run` is up, its servers are simply used.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from config.env import PROJECT_ROOT, read
from config.services.external import addresses_on
from config.services.layout import Layout, layout_for
from config.services.processes import ServiceFailed, prepare_folders, tail
from config.services.servers import FileLock, Servers, Taken

WAIT_SECONDS = 90
LINGER_SECONDS = 0.5
# These read no data; starting a database for them would only cost time.
COMMANDS_WITHOUT_SERVERS = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "findstatic",
        "help",
        "makemessages",
        "messages",
        "serve",
        "spectacular",
        "startapp",
        "test",
        "version",
        "--help",
        "--version",
    }
)


@contextmanager
def prepare_command(arguments: Sequence[str]) -> Iterator[None]:
    """Make the servers that a management command needs available, and name them in the environment."""
    command = arguments[1] if len(arguments) > 1 else "help"
    asks_database = any(part.startswith("--database") for part in arguments)
    # The supervisor's own commands find its servers in the environment it gives them.
    if os.environ.pop("MIZAN_SERVERS", "") == "given":
        yield
        return
    if command in COMMANDS_WITHOUT_SERVERS and not (command == "check" and asks_database):
        yield
        return
    layout = layout_for(read("MIZAN_DATA"))
    os.environ.update(addresses_on(read("DATABASE_URL"), layout.data))
    if read("DATABASE_URL") and read("REDIS_URL"):
        yield
        return
    with use_servers(layout):
        os.environ.update({k: v for k, v in layout.exported().items() if not os.environ.get(k)})
        yield


@contextmanager
def use_servers(layout: Layout, *, durable: bool = True) -> Iterator[Layout]:
    """Keep the embedded servers of `layout` running for the block; raises ServiceFailed."""
    prepare_folders(layout)
    users = FileLock(layout.users_lock)
    users.take(shared=True)
    try:
        _ensure(layout, durable)
        yield layout
    finally:
        users.release()


def _ensure(layout: Layout, durable: bool) -> None:
    holder: int | None = None
    log = layout.logs / "holder.log"
    end = time.monotonic() + WAIT_SECONDS
    while not _answering(layout):
        if holder is None:
            holder = _start_holder(layout, durable)
        ended, status = os.waitpid(holder, os.WNOHANG)
        if ended and status:
            raise ServiceFailed(f"The embedded servers did not start:\n{tail(log)}")
        if ended:
            # Somebody else's holder was faster, or was just stopping: ask again.
            holder = None
        if time.monotonic() > end:
            raise ServiceFailed(
                f"The embedded servers do not answer after {WAIT_SECONDS} s:\n{tail(log)}"
            )
        time.sleep(0.05)


def _answering(layout: Layout) -> bool:
    """Return whether an owner lives and has said that its servers are ready."""
    if not layout.ready.exists():
        return False
    probe = FileLock(layout.owner_lock)
    free = probe.take(wait=False)
    probe.release()
    return not free


def _start_holder(layout: Layout, durable: bool) -> int:
    """Start the holder and return its process id. It may go on serving others after we have ended."""
    command = [sys.executable, "-m", "config.services", "hold", str(layout.data)]
    if not durable:
        command.append("--fast")
    descriptor = os.open(layout.logs / "holder.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    try:
        return os.posix_spawn(
            sys.executable,
            command,
            os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, null, 0),
                (os.POSIX_SPAWN_DUP2, descriptor, 1),
                (os.POSIX_SPAWN_DUP2, descriptor, 2),
            ],
            setsid=True,
        )
    finally:
        os.close(descriptor)
        os.close(null)


def hold(layout: Layout, *, durable: bool) -> int:
    """Own the servers until no user is left. Return 0, also when another process owns them already."""
    users = FileLock(layout.users_lock)
    try:
        with Servers(layout, durable=durable, kind="hold") as servers:
            idle_since = None
            while True:
                time.sleep(0.25)
                servers.revive()
                # Held until the servers are down: a new user waits here and then starts a holder of its own.
                if not users.take(wait=False):
                    idle_since = None
                    continue
                idle_since = idle_since or time.monotonic()
                if time.monotonic() - idle_since >= LINGER_SECONDS:
                    return 0
                users.take(shared=True, wait=False)
    except Taken:
        # The owner may be on its way out; the user asks again.
        time.sleep(0.1)
        return 0
    finally:
        users.release()
