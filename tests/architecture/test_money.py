"""No floating point where money is: not in the source, not in the database."""

import ast
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = settings.BASE_DIR
# These packages hold no money.
WITHOUT_MONEY = {"config", "web", "api"}
# file -> why a float is right there
ALLOWED = {"core/timing.py": "milliseconds for Server-Timing"}
# A duration may be a float; the line says so.
DURATION = re.compile(r"second|timeout|sleep", re.IGNORECASE)


def product_files():
    for app in settings.PRODUCT_APPS:
        if app in WITHOUT_MONEY:
            continue
        yield from sorted((ROOT / app).rglob("*.py"))


def floats_in(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"literal {node.value}"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
        ):
            yield node.lineno, "float(...)"


def test_no_float_in_the_product():
    found = [
        f"{name}:{line}: {what}"
        for file in product_files()
        if (name := file.relative_to(ROOT).as_posix()) not in ALLOWED
        for text in [file.read_text()]
        for line, what in floats_in(ast.parse(text))
        if not DURATION.search(text.splitlines()[line - 1])
    ]

    assert found == []


def test_no_float_field_in_our_models():
    found = [
        f"{model._meta.label}.{field.name}"
        for app in settings.PRODUCT_APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField)
    ]

    assert found == []


@pytest.mark.django_db
def test_no_float_or_money_column_in_the_database(sec):
    rows = sec.execute(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 "
        "AND NOT a.attisdropped AND a.atttypid IN ('float4'::regtype, 'float8'::regtype, 'money'::regtype)"
    ).fetchall()

    assert rows == []
