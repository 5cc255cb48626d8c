"""Starting a child so that it never outlives us, and stopping it politely."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.services.layout import Account, Layout

PR_SET_PDEATHSIG = 1


class ServiceFailed(RuntimeError):
    """A server did not start; the text says why and where its log is."""


def start(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    account: Account | None = None,
    parent_death_signal: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only us and we decide the order of stopping.

    On Linux the kernel signals the child when we die. Output is appended to `log`, or goes where ours goes.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def die_with_parent() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(parent_death_signal))

    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(  # noqa: S603  # our own commands, no shell
            [str(part) for part in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            preexec_fn=die_with_parent,  # called before any thread of ours exists
            env=dict(env) if env is not None else None,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def stop(
    child: subprocess.Popen[bytes], *, with_signal: signal.Signals, patience_seconds: float
) -> None:
    """Ask a child to stop; kill its whole session when it has not done so in time."""
    if child.poll() is not None:
        return
    child.send_signal(with_signal)
    try:
        child.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def prepare_folders(layout: Layout) -> None:
    """Make the folders of the servers, open to nobody but us and the account they run as."""
    for folder in reversed([each for each in layout.data.parents if not each.exists()]):
        # Whatever the umask: the servers' account passes through.
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    layout.data.mkdir(exist_ok=True)
    if layout.state.parent != layout.data:
        _name_distant_folder(layout)
    layout.logs.mkdir(exist_ok=True)
    # Others may pass through the data folder, not list it: the servers' account must reach its part.
    if layout.data.stat().st_uid == os.geteuid():
        layout.data.chmod(0o711 if layout.account else 0o700)
    for folder in (layout.state, layout.sockets):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        expected = {os.geteuid(), layout.account.uid if layout.account else os.geteuid()}
        if folder.is_symlink() or found.st_uid not in expected:
            raise ServiceFailed(f"{folder} belongs to somebody else; choose another MIZAN_DATA.")
        if layout.account:
            os.chown(folder, layout.account.uid, layout.account.gid)
        folder.chmod(0o700)


def _name_distant_folder(layout: Layout) -> None:
    """Note in the data folder where the database lies. Without the note the data folder is new: so is the database."""
    note = layout.data / "servers.txt"
    if note.exists():
        return
    if layout.state.exists():
        aside = layout.state.with_name(f"{layout.state.name}.old")
        shutil.rmtree(aside, ignore_errors=True)
        layout.state.rename(aside)
    note.write_text(f"The database lies in {layout.state}\n")


def give_to_account(path: Path, account: Account) -> None:
    """Hand a tree to the servers' account."""
    shutil.chown(path, account.uid, account.gid)
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(folder) / name, account.uid, account.gid, follow_symlinks=False)


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log file."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
