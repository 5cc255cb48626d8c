"""How the database looks for rows while much is written at once."""

from __future__ import annotations

from typing import Any

_BY_KEY = """
SET LOCAL plan_cache_mode = 'force_generic_plan';
SET LOCAL enable_seqscan = off;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off
"""


def plans_by_key(cursor: Any) -> None:
    """Let guards, foreign keys and kept sums find rows by key until the transaction ends, whatever the statistics say.

    For bulk writes, in each of their transactions, with plans_forget before the first: statistics are always older than
    what a bulk write has just written.
    A plan kept from when a table was small reads all of it for each batch; a plan made for a company the statistics have
    not seen expects one row of it, and takes any index that begins with the company (measured: seven times slower).
    """
    cursor.execute(_BY_KEY)


def plans_forget(cursor: Any) -> None:
    """Drop the plans this connection has kept: those made before plans_by_key, and those made under it."""
    cursor.execute("DISCARD PLANS")
