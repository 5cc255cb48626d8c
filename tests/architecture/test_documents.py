"""Every registered document keeps the promises of the mechanism; a forgotten step is named in a sentence."""

import re

import pytest
from django.db.models import UniqueConstraint

from documents.lifecycle import Status
from documents.models import DocumentHeader, DocumentLine
from documents.registry import DocumentType, all_types, register
from tenancy.roles import PERMISSIONS
from tests.catalogue import ask

pytestmark = pytest.mark.django_db

TYPES = all_types()
HEADER_TRIGGERS = {
    "a_guard",
    "a_guard_new",
    "a_no_truncate",
    "b_posted_complete",
    "c_summary_insert",
    "c_summary_update",
    "c_summary_delete",
    "y_history_insert",
    "y_history_delete",
    "z_audit_insert",
    "z_audit_update",
    "z_audit_delete",
}
LINE_TRIGGERS = {
    "a_guard_insert",
    "a_guard_update",
    "a_guard_delete",
    "a_no_truncate",
    "z_audit_insert",
    "z_audit_update",
    "z_audit_delete",
}


def triggers_of(table):
    rows = ask(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
    )
    return {name for (name,) in rows}


def each(function):
    return pytest.mark.parametrize("document", TYPES, ids=lambda document: document.kind)(function)


def test_every_document_table_is_a_registered_type():
    tables = {model._meta.db_table for model in DocumentHeader.__subclasses__()}

    assert tables == {document.header._meta.db_table for document in TYPES}, (
        "Register it in document_types.py."
    )


@each
def test_type_names_its_own_tables(document):
    assert issubclass(document.header, DocumentHeader)
    assert issubclass(document.line, DocumentLine)
    assert document.kind.split(".")[0] == document.header._meta.app_label
    assert document.title_english
    assert any("\u0600" <= letter <= "\u06ff" for letter in document.title_arabic)


def test_prefixes_differ():
    assert len({document.prefix for document in TYPES}) == len(TYPES)


@each
def test_header_keeps_the_constraints_of_the_abstract_header(document):
    """A child's own list of constraints silently drops the parent's."""
    names = {constraint.name for constraint in document.header._meta.constraints}
    label = f"{document.header._meta.app_label}_{document.header._meta.model_name}"
    wanted = {
        f"{label}_{suffix}"
        for suffix in (
            "tenant_pk",
            "number_once",
            "sequence_once",
            "external_once",
            "status_known",
            "number_when_posted",
            "amounts_finite",
            "minor_units",
            "total_adds_up",
            "allocation_bounds",
            "branch_tenant_fk",
        )
    }

    assert wanted - names == set(), "Write constraints = (*DocumentHeader.Meta.constraints, ...)."


@each
def test_line_keeps_the_constraints_of_the_abstract_line(document):
    names = {constraint.name for constraint in document.line._meta.constraints}
    label = f"{document.line._meta.app_label}_{document.line._meta.model_name}"

    assert {
        f"{label}_{suffix}"
        for suffix in (
            "tenant_pk",
            "document_tenant_fk",
            "position_once",
            "quantity_price",
            "amounts_finite",
            "tax_known",
        )
    } - names == set(), "Write constraints = (*DocumentLine.Meta.constraints, ...)."


@each
def test_numbers_are_unique_in_the_database(document):
    table = document.header._meta.db_table
    unique = {c.name for c in document.header._meta.constraints if isinstance(c, UniqueConstraint)}
    indexes = {
        name
        for (name,) in ask(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique AND indrelid = %s::regclass",
            [table],
        )
    }

    assert unique <= indexes


@each
def test_guards_history_and_trail_are_attached(document):
    missing = HEADER_TRIGGERS - triggers_of(document.header._meta.db_table)
    assert missing == set(), "Add GuardDocument, AuditTable and KeepHistory to the migration."
    missing = LINE_TRIGGERS - triggers_of(document.line._meta.db_table)
    assert missing == set(), "Add GuardDocument and AuditLines to the migration."


@each
def test_roles_say_who_sees_and_makes_it(document):
    assert {f"{document.kind}.view", f"{document.kind}.create"} <= set(PERMISSIONS), (
        "Add it to tenancy/roles.py."
    )


@each
def test_lifecycle_begins_as_a_draft_and_ends_somewhere(document):
    steps = document.lifecycle.transitions
    assert (Status.DRAFT, Status.POSTED) in steps
    assert not any(to == Status.DRAFT for _, to in steps), "Nothing becomes a draft again."
    assert all(current not in document.lifecycle.final for current, _ in steps)


@each
def test_guard_allows_no_step_the_lifecycle_cannot_reach(document):
    """From void and back to draft there is no step, in the table and in the trigger alike."""
    for state in Status:
        assert not document.lifecycle.allows(Status.VOID, state)
        assert not document.lifecycle.allows(state, Status.DRAFT)


def test_type_is_registered_once():
    first = TYPES[0]
    other = DocumentType(
        first.kind, first.header, first.line, "XX", "Other", "آخر", first.lifecycle
    )

    assert register(first) is first
    with pytest.raises(ValueError, match="twice"):
        register(other)


def test_written_out_trails_name_every_column():
    """After a column of such a table came or went: audit.operations.KeepTrail in the same migration."""
    trails = ask(
        "SELECT tgrelid::regclass::text, prosrc FROM pg_trigger JOIN pg_proc f ON f.oid = tgfoid "
        "WHERE f.proname LIKE '%%_keep_trail'"
    )
    missing = [
        (table, column)
        for table, source in trails
        for (column,) in ask(
            "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped",
            [table],
        )
        if not re.search(rf"\bn\.{column}\b", source)
    ]

    assert {table for table, _ in trails} >= {document.header._meta.db_table for document in TYPES}
    assert missing == []
