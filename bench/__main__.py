"""`python -m bench [--quick] [--only NAME ...]`: durable servers of its own under .data/bench, or those of DATABASE_URL."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from config.env import PROJECT_ROOT
from config.services.layout import layout_for
from config.services.postgres import ADMIN
from config.services.session import use_servers

JOBS = ("preview", "line", "post", "payment", "pdf", "list", "balance", "ageing", "import")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=JOBS, default=list(JOBS))
    parser.add_argument(
        "--quick", action="store_true", help="few rounds, no 260,000 invoices, one month"
    )
    return parser.parse_args(arguments)


def _measure(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django  # noqa: PLC0415  # settings read the addresses set above

    django.setup()
    from bench.run import measure  # noqa: PLC0415  # models exist only now

    return measure(options.only, quick=options.quick)


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    if os.environ.get("DATABASE_URL"):
        return _measure(options)
    layout = layout_for(PROJECT_ROOT / ".data" / "bench")
    with use_servers(layout, durable=True):
        os.environ.update(layout.exported())
        os.environ["BENCH_ADMIN_URL"] = layout.database_url(ADMIN)
        os.environ["BENCH_ADMIN_URL"] = layout.database_url(ADMIN).replace("/postgres", "/mizan")
        os.environ.setdefault("MIZAN_DATA", str(layout.data))
        return _measure(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
