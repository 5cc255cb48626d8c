"""`make run`: the embedded servers, the web server, the worker and the scheduler under one supervisor.

Everything is a child of this process and ends with it: on Ctrl-C and SIGTERM in order, on a hard kill through the
kernel's parent-death signal. A child that dies is started again; one that keeps dying ends the run.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import FrameType

import psycopg

from config.env import PROJECT_ROOT, BadSetting, read
from config.services.external import addresses_on
from config.services.layout import Layout, layout_for
from config.services.processes import PR_SET_PDEATHSIG, ServiceFailed, prepare_folders, start, stop
from config.services.servers import Servers, Taken

ANSWER_SECONDS = 60
STOP_SECONDS = 15
WATCH_SECONDS = 0.5
MOST_DEATHS = 5
DEATHS_WITHIN_SECONDS = 60
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  # compared with, not bound to
# What the serving processes never see: the owner may change the schema and every company's rows.
WITHHELD = ("DATABASE_OWNER_URL",)
DEMO = """
  Sign in with one of the demo people, password demo-mizan-1:
    owner@demo.mizan.test        accountant@demo.mizan.test    sales@demo.mizan.test
    cashier@demo.mizan.test      auditor@demo.mizan.test       owner@second.mizan.test
"""


class Stop(BaseException):
    """A signal asked us to end."""


@dataclass(slots=True)
class Program:
    """One of our long-running children and its recent deaths."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    child: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)

    def start(self) -> None:
        """Start the child; its output joins ours."""
        self.child = start(self.command, log=None, env=self.env, cwd=PROJECT_ROOT)

    def has_died(self) -> bool:
        """Return whether the child ended by itself."""
        return self.child is not None and self.child.poll() is not None


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(*, with_parent: bool = False) -> int:
    """Serve until stopped; return the exit code. `with_parent` ends us too when the calling `make` is killed."""
    if with_parent and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ask_to_stop)
    try:
        return _run()
    except Stop:
        say("Stopped.")
        return 0
    except (BadSetting, ServiceFailed) as error:
        say(f"Mizan cannot start. {error}")
    except psycopg.OperationalError as error:
        say(f"Mizan cannot start. The server of DATABASE_URL does not let us in: {error}")
    except Taken as owner:
        say(
            f"Mizan already runs on this data folder ({owner}). Stop it first, or set another MIZAN_DATA."
        )
    return 1


def _ask_to_stop(number: int, frame: FrameType | None) -> None:
    # Once: a second Ctrl-C must not interrupt the orderly stop.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stop


def _run() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    host, port = read("HOST"), read("PORT")
    _require_free_port(host, port)
    layout = layout_for(read("MIZAN_DATA"))
    prepare_folders(layout)
    os.environ.update(addresses_on(read("DATABASE_URL"), layout.data))
    with _servers(layout) as servers:
        if servers:
            os.environ.update({k: v for k, v in layout.exported().items() if not os.environ.get(k)})
        _manage("prepare")
        programs = _programs(layout, host, port)
        try:
            for program in programs:
                program.start()
            _wait_for_answer(host, port, programs)
            shown = "127.0.0.1" if host in ANY_ADDRESS else host
            demo = read("SEED_DEMO") and read("DJANGO_SETTINGS_MODULE") == "config.settings.dev"
            say(
                f"\n  Mizan is at http://{shown}:{port}/\n{DEMO if demo else ''}\n  Data: {layout.data}    Ctrl-C stops everything.\n"
            )
            return _watch(programs, servers)
        finally:
            _stop_all(programs)


@contextlib.contextmanager
def _servers(layout: Layout) -> Iterator[Servers | None]:
    """Own the embedded servers that are not replaced by an address; wait for a command that uses them."""
    postgres, valkey = not read("DATABASE_URL"), not read("REDIS_URL")
    if not postgres and not valkey:
        yield None
        return
    told = False
    while True:
        try:
            servers = Servers(layout, postgres=postgres, valkey=valkey).__enter__()
            break
        except Taken as owner:
            if not str(owner).startswith("hold"):
                raise
            if not told:
                say("Waiting for a command that uses this data folder to end.")
                told = True
            time.sleep(WATCH_SECONDS)
    try:
        yield servers
    finally:
        servers.__exit__(None, None, None)


def _require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSetting("PORT", f"{host}:{port} cannot be used ({error.strerror}).") from None


def _manage(*arguments: str) -> None:
    child = start(
        [sys.executable, PROJECT_ROOT / "manage.py", *arguments],
        log=None,
        env=os.environ | {"MIZAN_SERVERS": "given"},
        cwd=PROJECT_ROOT,
    )
    try:
        code = child.wait()
    except Stop:
        stop(child, with_signal=signal.SIGTERM, patience_seconds=STOP_SECONDS)
        raise
    if code:
        raise ServiceFailed(f"manage.py {' '.join(arguments)} failed (see above).")


def _programs(layout: Layout, host: str, port: int) -> list[Program]:
    threads = read("WEB_THREADS")
    env = {key: value for key, value in os.environ.items() if key not in WITHHELD}
    # Root on one's own machine is meant; the warning is about pickled messages, which are refused here.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    celery = [sys.executable, *quiet, "-m", "celery", "--quiet", "--app", "config.celery"]
    level = ["--loglevel", read("LOG_LEVEL")]
    web = [
        *(
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            host,
            "--port",
            str(port),
        ),
        *("--workers", str(read("WEB_WORKERS")), "--blocking-threads", str(threads)),
        *(
            "--no-ws",
            "--respawn-failed-workers",
            "--workers-kill-timeout",
            "10",
            "--log-level",
            "warning",
        ),
        "config.wsgi:application",
    ]
    worker = [
        *(*celery, "worker", *level, "--concurrency", str(read("WORKER_PROCESSES"))),
        *("--without-gossip", "--without-mingle", "--max-tasks-per-child", "500"),
    ]
    beat = [*celery, "beat", *level, "--pidfile=", "--schedule", str(layout.data / "beat-schedule")]
    # One connection for each thread and one to spare.
    return [
        Program("web", web, env | {"DATABASE_POOL_SIZE": str(threads + 1)}),
        Program("worker", worker, env),
        Program("beat", beat, env),
    ]


def _wait_for_answer(host: str, port: int, programs: list[Program]) -> None:
    address = "127.0.0.1" if host in ANY_ADDRESS else host
    url = f"http://{f'[{address}]' if ':' in address else address}:{port}/api/v1/health"
    end = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # our own address
                return
        except urllib.error.HTTPError:
            # It answers; what it says about this host name is its own affair.
            return
        except OSError as error:
            dead = [program.name for program in programs if program.has_died()]
            if dead or time.monotonic() > end:
                raise ServiceFailed(
                    f"The {dead[0] if dead else 'web'} process did not start: {error}"
                ) from error
            time.sleep(0.1)


def _watch(programs: list[Program], servers: Servers | None) -> int:
    """Keep everything alive; return 1 when something cannot be."""
    while True:
        time.sleep(WATCH_SECONDS)
        for name in servers.revive() if servers else ():
            say(f"{name} had stopped and was started again.")
        for program in programs:
            if not program.has_died():
                continue
            now = time.monotonic()
            program.deaths.append(now)
            while now - program.deaths[0] > DEATHS_WITHIN_SECONDS:
                program.deaths.popleft()
            if len(program.deaths) >= MOST_DEATHS:
                say(f"The {program.name} process keeps stopping; giving up.")
                return 1
            say(f"The {program.name} process had stopped and was started again.")
            program.start()


def _stop_all(programs: list[Program]) -> None:
    living = [program.child for program in programs if program.child and not program.has_died()]
    for child in living:
        child.send_signal(signal.SIGTERM)
    for child in living:
        with contextlib.suppress(ProcessLookupError):
            stop(child, with_signal=signal.SIGTERM, patience_seconds=STOP_SECONDS)
