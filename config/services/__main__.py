"""`python -m config.services run` serves; `hold FOLDER` owns the embedded servers of a folder while they are used."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

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
    chosen = parser.parse_args()
    if chosen.command == "run":
        return run(with_parent=chosen.with_parent)
    return hold(layout_for(chosen.data), durable=not chosen.fast)


if __name__ == "__main__":
    sys.exit(main())
