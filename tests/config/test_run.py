"""`make run` as a whole: it answers, survives what dies under it, and leaves nothing behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from config.services.layout import layout_for
from config.services.postgres import ADMIN

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]
ROOT = settings.BASE_DIR


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def site(tmp_path_factory):
    """A way to start the site on a data folder of its own; everything is ended afterwards."""
    # Short and reachable by the servers' account, unlike pytest's own folders.
    folder = Path(os.path.realpath("/tmp")) / f"mizan-run-{os.getpid()}"
    folder.mkdir(mode=0o711)
    port = free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "MIZAN_DATA": str(folder / "data"),
        "PORT": str(port),
        "SEED_DEMO": "false",
        "WEB_WORKERS": "1",
        "WORKER_PROCESSES": "1",
    }
    started = []

    class Site:
        data = folder / "data"
        url = f"http://127.0.0.1:{port}"

        def start(self):
            log = (folder / "run.log").open("ab")
            process = subprocess.Popen(
                [sys.executable, "-m", "config.services", "run"],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
            )
            log.close()
            started.append(process)
            until(lambda: process.poll() is not None or self.answers(), seconds=90)
            assert process.poll() is None, (folder / "run.log").read_text()[-2000:]
            return process

        def answers(self):
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=5) as answer,
            ):
                return answer.status == 200
            return False

        def command(self, *arguments):
            return subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )

        def log(self):
            return (folder / "run.log").read_text()

    yield Site()
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()
    time.sleep(0.5)
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def until(condition, *, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.1)


def family(process):
    """All processes below the supervisor, and the supervisor."""
    top = psutil.Process(process.pid)
    return [top, *top.children(recursive=True)]


def all_gone(processes):
    return not any(
        each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes
    )


def count_users(layout):
    with psycopg.connect(layout.database_url(ADMIN)) as connection:
        row = connection.execute("SELECT count(*) FROM tenancy_user").fetchone()
    return row and row[0]


def test_site_survives_deaths_finds_its_data_again_and_leaves_nothing(site):
    process = site.start()
    layout = layout_for(site.data)
    names = {" ".join(each.cmdline()) for each in family(process)[1:]}
    assert any("granian" in name for name in names)
    assert any("celery" in name and "worker" in name for name in names)
    assert any("celery" in name and "beat" in name for name in names)

    # A command uses the servers of the running site.
    made = site.command(
        "shell",
        "-c",
        "from tenancy.models import User; User.objects.create_user('a@b.test', 'x' * 20)",
    )
    assert made.returncode == 0, made.stderr
    assert count_users(layout) == 1

    # PostgreSQL is killed: it is started again and nothing that was committed is lost.
    postgres = next(
        each for each in family(process) if each.name() == "postgres" and each.ppid() == process.pid
    )
    postgres.kill()
    until(lambda: "PostgreSQL had stopped" in site.log())
    assert count_users(layout) == 1

    # A second run on the same data is refused with a sentence.
    again = site.command("serve")
    assert again.returncode == 1
    assert "cannot be used" in again.stdout

    before = family(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert all_gone(before)

    second = site.start()
    assert count_users(layout) == 1

    # Killed without a chance to clean up: the kernel ends the rest.
    before = family(second)
    second.kill()
    second.wait()
    until(lambda: all_gone(before), seconds=30)


def test_command_brings_its_own_servers_and_ends_them(site):
    result = site.command("migrate", "--plan")

    assert result.returncode == 0, result.stderr
    assert "tenancy" in result.stdout
    until(lambda: not layout_for(site.data).ready.exists())
