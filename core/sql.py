"""SQL files that stand beside the migrations which run them."""

from __future__ import annotations

from pathlib import Path


def sql_file(migration: str, name: str) -> str:
    """Return the text of `<app>/sql/<name>` for the migration module at path `migration`."""
    return (Path(migration).resolve().parent.parent / "sql" / name).read_text(encoding="utf-8")
