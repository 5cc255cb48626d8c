"""manage.py import_invoices: one JSON line at the end, repeatable, and one sentence where it cannot go on (RR-12)."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from ar.management.commands import import_invoices
from ar.models import Invoice

pytestmark = pytest.mark.django_db

ROWS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536366,POST,POSTAGE,1,2010-12-02 08:28:00,18.00,,United Kingdom
C536379,85123A,WHITE HOLDER,-2,2010-12-03 09:41:00,2.55,17850,United Kingdom
536380,22960,JAM MAKING SET,x,2010-12-03 09:42:00,4.25,17850,United Kingdom
"""


@pytest.fixture
def run(company_a, tmp_path, capsys):
    file = tmp_path / "lines.csv"
    file.write_text(ROWS, encoding="utf-8")

    def go(*, path=file, **options):
        slug = company_a.company.slug
        call_command(
            "import_invoices", str(path), company=slug, layout="online-retail", post=True, **options
        )
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return go


def counted(cast):
    with cast.acting():
        return Invoice.objects.count()


def test_a_file_is_posted_and_each_refused_row_is_listed(run, company_a, tmp_path):
    log = tmp_path / "rejected.csv"

    done = run(rejected=log)

    assert (done["documents"], done["lines"], done["rejected"]) == (3, 3, 1)
    assert (done["net"], done["vat"], done["gross"]) == ("28.20", "4.23", "32.43")
    assert counted(company_a) == 2
    assert log.read_text(encoding="utf-8").splitlines()[1].startswith("5,536380,quantity,x,")


def test_days_and_a_dry_run_choose_what_is_written(run, company_a):
    assert run(dry_run=True)["documents"] == 3
    assert counted(company_a) == 0
    day = import_invoices._day("2010-12-02")
    assert run(first_day=day, last_day=day)["gross"] == "20.70"
    assert counted(company_a) == 1


def test_a_second_run_goes_on_where_the_first_stopped(run, company_a):
    run(last_day=import_invoices._day("2010-12-01"))

    done = run()

    assert (done["documents"], done["skipped"], counted(company_a)) == (2, 1, 2)


def test_what_cannot_be_helped_is_told_in_one_sentence(run, company_a, tmp_path, monkeypatch):
    with pytest.raises(CommandError, match="no such file"):
        run(path=tmp_path / "other.csv")
    with pytest.raises(CommandError, match=r"nowhere/log\.csv: No such file"):
        run(rejected=tmp_path / "nowhere" / "log.csv")

    def cut_off(*args, **options):
        raise OperationalError("terminating connection due to administrator command")

    monkeypatch.setattr(import_invoices, "import_file", cut_off)
    with pytest.raises(CommandError, match="run the same command again"):
        run()
