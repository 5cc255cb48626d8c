"""Journals of other systems: the trial balance equals that of three peer tools on every account (data/gl-journals)."""

import csv
import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction

from ledger.selectors.balances import account_totals
from tests.cast import cast_make

pytestmark = pytest.mark.django_db(transaction=True)


def imported(cast, folder, name, capsys, **options):
    call_command(
        "import_journals",
        str(folder / f"{name}.postings.csv.gz"),
        company=cast.company.slug,
        create_accounts=True,
        **options,
    )
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize("name", ["household-usd", "personal-anonymised-usd"])
def test_trial_balance_equals_the_peer_tools_on_every_account(db, shared_data, name, capsys):
    folder = shared_data / "data" / "gl-journals"
    known = json.loads((folder / "known_answers.json").read_text(encoding="utf-8"))[name]
    cast = cast_make("Journals", currency="USD")

    result = imported(cast, folder, name, capsys)
    assert (result["entries"], result["lines"], result["rejected"]) == (
        known["transactions"],
        known["postings"],
        0,
    )
    assert Decimal(result["total"]) == Decimal(known["total_debit_by_currency"]["USD"])

    with cast.scope(), transaction.atomic():
        rows = {row.name: row for row in account_totals(as_of=dt.date(2030, 1, 1))}
    with (folder / f"{name}.trial_balance.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert len(rows) == len(expected) == known["accounts"]
    for row in expected:
        ours = rows[row["Account"]]
        assert (ours.total_debit, ours.total_credit, ours.balance) == (
            Decimal(row["Debit"]),
            Decimal(row["Credit"]),
            Decimal(row["Balance"]),
        ), row["Account"]

    again = imported(cast, folder, name, capsys)
    assert (again["entries"], again["skipped"]) == (0, known["transactions"])
