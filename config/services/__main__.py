"""`python -m config.services hold FOLDER`: own the embedded servers of a data folder while they are used."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from config.services.layout import layout_for
from config.services.session import hold


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    holding = commands.add_parser("hold", help="own the servers until nobody uses them")
    holding.add_argument("data", type=Path)
    holding.add_argument("--fast", action="store_true", help="not durable; for tests")
    chosen = parser.parse_args()
    return hold(layout_for(chosen.data), durable=not chosen.fast)


if __name__ == "__main__":
    sys.exit(main())
