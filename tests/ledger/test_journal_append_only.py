"""A posted journal never changes: not by update, delete, truncate, moving lines, nor as the owner of the tables (L3, L4)."""

import psycopg
import pytest
from django.db import connection

from ledger.models import JournalEntry, JournalLine
from tests.builders import posted_invoice
from tests.database import nothing_changes, refused, run

ATTACKS = [
    "UPDATE ledger_journalline SET debit = debit + 1",
    "UPDATE ledger_journalline SET entry_id = (SELECT id FROM ledger_journalentry ORDER BY id LIMIT 1)",
    "UPDATE ledger_journalline SET account_id = account_id",
    "UPDATE ledger_journalentry SET date = date",
    "UPDATE ledger_journalentry SET made_in = pg_current_xact_id()",
    "DELETE FROM ledger_journalline",
    "DELETE FROM ledger_journalentry",
    "TRUNCATE ledger_journalline",
    "TRUNCATE ledger_journalentry CASCADE",
    "ALTER TABLE ledger_journalline DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
]


@pytest.mark.django_db
@pytest.mark.parametrize("attack", ATTACKS)
def test_application_role_cannot_change_a_posted_journal(in_company_a, owner, attack):
    posted_invoice(owner, in_company_a.customer)
    with nothing_changes(), refused(match="denied" if "ALTER" not in attack else "must be owner"):
        run(attack)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if attack[:5] in ("UPDAT", "DELET", "TRUNC")]
)
def test_owner_of_the_tables_cannot_change_a_posted_journal(company_a, servers, sec, attack):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
        posted_invoice(owner, company_a.customer)
    before = sec.execute(
        "SELECT md5(string_agg(l::text, '' ORDER BY id)) FROM ledger_journalline l"
    ).fetchone()

    name = connection.settings_dict["NAME"]
    with psycopg.connect(servers.database_url("app_owner", name)) as strong:
        strong.execute("SELECT set_config('app.company_id', %s, true)", [str(company_a.id)])
        with pytest.raises(psycopg.errors.CheckViolation, match=r"never changes"):
            strong.execute(attack)

    assert (
        sec.execute(
            "SELECT md5(string_agg(l::text, '' ORDER BY id)) FROM ledger_journalline l"
        ).fetchone()
        == before
    )


@pytest.mark.django_db(transaction=True)
def test_no_line_joins_an_entry_of_an_earlier_transaction(company_a, sec):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)

    with company_a.acting(), nothing_changes():
        entry = JournalEntry.objects.get()
        line = JournalLine.objects.all()[0]
        with refused("journal_no_late_line"):
            JournalLine.objects.bulk_create(
                [
                    JournalLine(
                        entry_id=entry.pk,
                        position=9,
                        account_id=line.account_id,
                        date=entry.date,
                        debit=1,
                        currency="SAR",
                    ),
                    JournalLine(
                        entry_id=entry.pk,
                        position=10,
                        account_id=line.account_id,
                        date=entry.date,
                        credit=1,
                        currency="SAR",
                    ),
                ]
            )
