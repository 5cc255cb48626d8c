"""Where the embedded servers keep their files and sockets, and which account they run as.

Every process computes the same answer from MIZAN_DATA alone, so a command finds the servers that another one started.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET_PATH = 107
# A comma would name two folders to PostgreSQL, a percent or question mark end a path in an address.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")
POSTGRES_SOCKET = ".s.PGSQL.5432"
DATABASE = "mizan"
SERVER_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A system account the servers run as; None in its place means: as the current user."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one installation. `state` belongs to the servers, `sockets` holds their sockets."""

    data: Path
    state: Path
    sockets: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        """Return the folder of the database cluster."""
        return self.state / "postgres"

    @property
    def redis_socket(self) -> Path:
        """Return the socket of the embedded Valkey."""
        return self.sockets / "valkey.sock"

    @property
    def logs(self) -> Path:
        """Return the folder of the servers' log files."""
        return self.data / "log"

    @property
    def owner_lock(self) -> Path:
        """Return the file locked by the process that owns the servers."""
        return self.data / "owner.lock"

    @property
    def users_lock(self) -> Path:
        """Return the file on which every user of the servers holds a shared lock."""
        return self.data / "users.lock"

    @property
    def ready(self) -> Path:
        """Return the file that exists while the servers answer."""
        return self.data / "ready"

    def database_url(self, role: str, database: str = DATABASE) -> str:
        """Return the address of a database of the embedded server, signed in as `role`."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def redis_url(self, number: int = 0) -> str:
        """Return the address of the embedded Valkey."""
        return f"unix://{self.redis_socket}?db={number}"

    def exported(self) -> Mapping[str, str]:
        """Return the environment variables that lead to the embedded servers."""
        return {
            "DATABASE_URL": self.database_url("app_web"),
            "DATABASE_OWNER_URL": self.database_url("app_owner"),
            "REDIS_URL": self.redis_url(),
        }


def layout_for(data: Path) -> Layout:
    """Return the layout of the data folder `data`.

    PostgreSQL refuses to run as root, so root lends it an account. Where that account cannot reach the data folder
    (a clone under /root), or the socket's path would be too long, the folder moves to a place derived from its name.
    """
    data = data.resolve()
    mark = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    state = data / "servers"
    account = None
    if os.geteuid() == 0:
        account = _account(state)
        if not _reachable(data, account):
            state = Path("/var/lib") / f"mizan-{mark}"
            account = _account(state)
    sockets = state / "run"
    too_long = len(os.fsencode(sockets / POSTGRES_SOCKET)) > LONGEST_SOCKET_PATH
    if too_long or not PLAIN_PATH.fullmatch(str(sockets)):
        sockets = Path("/tmp") / f"mizan-{os.geteuid()}-{mark}"  # noqa: S108  # short, made 0700, owner is checked
    return Layout(data=data, state=state, sockets=sockets, account=account)


def _account(state: Path) -> Account:
    """Return the account of existing files, so that root can go on with an ordinary user's data."""
    try:
        found = (state / "postgres").stat()
    except OSError:
        pass
    else:
        if found.st_uid != 0:
            return Account(found.st_uid, found.st_gid)
    for name in SERVER_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise RuntimeError(
        "PostgreSQL does not run as root: create a system account named postgres, or start as another user."
    )


def _reachable(folder: Path, account: Account) -> bool:
    """Return whether the account may pass through every existing folder above and including `folder`."""
    for step in (folder, *folder.parents):
        try:
            found = step.stat()
        except OSError:
            continue
        if found.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            # The data folder itself is opened by us (see session.prepare_folders) when it is ours.
            if step == folder and found.st_uid == 0:
                continue
            return False
    return True
