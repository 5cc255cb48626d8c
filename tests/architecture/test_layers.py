"""Structure that a reader can rely on: imports go down, rules live in services, files stay readable (style 2 and 7)."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = [
    "api",
    "ap",
    "ar",
    "audit",
    "commissions",
    "config",
    "core",
    "documents",
    "einvoicing",
    "inventory",
    "ledger",
    "opening",
    "payments",
    "pricing",
    "purchases",
    "reports",
    "sales",
    "tenancy",
    "web",
]

#: Files that may be longer, with the reason.
LONG = {
    "config/settings/base.py": "one list of settings, read from top to bottom",
}
LONGEST = 420


def files():
    return [
        file
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in file.parts
    ]


def trees():
    return [
        (file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8")))
        for file in files()
    ]


def test_imports_go_down_only():
    command = Path(sys.executable).parent / "lint-imports"
    answer = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout


def test_no_import_hides_in_a_function():
    """Apps connect their parts in ready(), when models exist; nowhere else."""
    hidden = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        if not name.endswith("apps.py")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_models_hold_no_rules():
    """No save(), no clean(), no signals of models: bulk writes pass them by."""
    found = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in trees()
        if "/models" in name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name in ("save", "delete", "clean", "full_clean")
    ]
    found += [
        file.relative_to(ROOT).as_posix()
        for file in files()
        if re.search(
            r"\b(?:pre|post)_(?:save|delete)\b|\bm2m_changed\b", file.read_text(encoding="utf-8")
        )
    ]

    assert found == []


def test_services_take_keywords_only():
    loose = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in trees()
        if "/services/" in name and not name.startswith("config/")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(getattr(d, "id", "") == "write" for d in node.decorator_list)
        and (node.args.args or node.args.posonlyargs)
    ]

    assert loose == []


def test_files_stay_readable():
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text().splitlines()) for file in files()
    }
    too_long = {name: n for name, n in lengths.items() if n > LONGEST and name not in LONG}

    assert too_long == {}, "Split by noun."
    assert sorted(lengths.values())[int(len(lengths) * 0.9)] < 300


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("*/migrations/0*.py")), ids=lambda f: f"{f.parts[-3]}.{f.stem}"
)
def test_migrations_are_named_for_what_they_do(file):
    assert "_auto_" not in file.name
    assert "_merge" not in file.name


def test_every_module_says_what_it_is_for():
    silent = [
        name
        for name, tree in trees()
        if tree.body
        and ast.get_docstring(tree) is None
        and not name.endswith(("__init__.py", "apps.py", "asgi.py", "wsgi.py"))
    ]

    assert silent == []
