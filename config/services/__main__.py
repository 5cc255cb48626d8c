"""`python -m config.services run` serves; `hold FOLDER` owns the embedded servers of a folder while they are
used; `bootstrap` makes the roles and the database on a real server.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from config.env import read
from config.services.external import bootstrap_named_server
from config.services.layout import layout_for
from config.services.run import run
from config.services.session import hold


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    holding = commands.add_parser("hold", help="own the servers until nobody uses them")
    holding.add_argument("data", type=Path)
    holding.add_argument("--fast", action="store_true", help="not durable; for tests")
    running = commands.add_parser("run", help="serve until stopped")
    running.add_argument("--with-parent", action="store_true", help="end when the caller ends")
    commands.add_parser("bootstrap", help="make roles and database with DATABASE_ADMIN_URL")
    chosen = parser.parse_args()
    if chosen.command == "bootstrap":
        bootstrap_named_server(
            read("DATABASE_ADMIN_URL"), read("DATABASE_URL"), read("DATABASE_OWNER_URL")
        )
        return 0
    if chosen.command == "run":
        return run(with_parent=chosen.with_parent)
    return hold(layout_for(chosen.data), durable=not chosen.fast)


if __name__ == "__main__":
    sys.exit(main())
