"""Posting a journal by hand and importing journals take the same statements at any length (FT-4)."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger.services.journal_import import ImportSettings, import_journals
from ledger.services.manual import manual_create, manual_post
from tests.ledger.hand import BANK, RENT, row, typed

pytestmark = pytest.mark.django_db


def posting(owner, lines):
    rows = [row(RENT, debit="1") for _ in range(lines - 1)] + [row(BANK, credit=str(lines - 1))]
    with transaction.atomic():
        draft = manual_create(typed=typed(rows), actor=owner)
        with CaptureQueriesContext(connection) as queries:
            manual_post(journal_id=draft.pk, actor=owner)
    return len(queries)


def test_two_and_five_hundred_lines_post_alike(in_company_a, owner):
    posting(owner, 2)  # what is read once

    assert posting(owner, 500) == posting(owner, 2) <= 16


def importing(path, count):
    rows = ["txn,date,account,amount"]
    for number in range(count):
        rows += [f"{count}-{number},2026-01-05,{RENT},1", f"{count}-{number},2026-01-05,{BANK},-1"]
    path.write_text("\n".join(rows), encoding="utf-8")
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        result = import_journals(path, ImportSettings(source="s"), problem=print)
    assert result.entries == count
    return len(queries)


def test_five_and_four_hundred_journals_are_imported_alike(in_company_a, tmp_path):
    path = tmp_path / "journals.csv"
    importing(path, 1)

    assert importing(path, 400) == importing(path, 5)
