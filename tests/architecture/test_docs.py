"""The docs say what the code does: packages, signals, commands, variables, roles, words (style 6)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config.env import VARIABLES
from documents.registry import all_types
from ledger.posting import AccountRole
from tests.architecture.test_layers import PACKAGES, files

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"


def text(name):
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_package_is_in_the_picture():
    page = text("architecture.md")

    assert [package for package in PACKAGES if f"`{package}`" not in page] == []
    assert "```mermaid" in page


def test_every_signal_is_in_the_table():
    page = text("architecture.md")
    found = {
        name
        for file in files()
        for name in re.findall(
            r"^(\w+) = Signal\(\)", file.read_text(encoding="utf-8"), re.MULTILINE
        )
    }

    assert found
    assert [name for name in found if f".{name}`" not in page] == []


def test_every_variable_and_command_is_in_operations():
    page = text("operations.md")
    commands = {
        file.stem for file in ROOT.glob("*/management/commands/*.py") if file.stem != "__init__"
    }

    assert [name for name in VARIABLES if f"`{name}`" not in page] == []
    assert [name for name in commands if f"`{name}" not in page] == []


def test_every_document_has_its_posting_rule_and_its_word():
    rules, words = text("posting-rules.md"), text("glossary.md")
    for document in all_types():
        noun = document.kind.split(".")[1].replace("_", " ")
        assert noun in rules, document.kind
        assert f"| {noun} |" in words, document.kind


def test_posting_rules_name_roles_that_exist():
    known = {role.value for role in AccountRole}
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", text("posting-rules.md")))
    roles = {
        name
        for name in named
        if name.split("_")[0] in {"ar", "vat", "sales", "revenue", "cash", "bank"}
    }

    assert roles
    assert roles <= known


@pytest.mark.parametrize(
    "page", [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"], ids=lambda page: page.name
)
def test_links_and_named_files_exist(page):
    content = page.read_text(encoding="utf-8")
    links = [
        link.split("#")[0]
        for link in re.findall(r"\]\(([^)\s]+)\)", content)
        if not link.startswith(("http", "mailto"))
    ]
    for link in links:
        if link and not link.endswith(".png"):
            assert (page.parent / link).exists(), link
    for name in re.findall(
        r"`((?:tests|config|core|documents|ledger|ar|payments|tenancy)/[\w/]+\.py)(?:::\w+)?`",
        content,
    ):
        if "return_note" not in name:
            assert (ROOT / name).exists(), name


def test_decisions_are_numbered_and_say_what_they_cost():
    records = sorted((DOCS / "decisions").glob("*.md"))

    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        assert all(
            part in record.read_text()
            for part in ("tags:", "**Context.**", "**Decision.**", "**Costs.**")
        )
