"""manage.py import_opening and what verify says of a go-live."""

import json

import pytest
from django.core.management import CommandError, call_command

from ar.models import Invoice
from reports.verify.run import verify_company
from tests.opening.test_files import BALANCES, CUSTOMERS, GO_LIVE, SUPPLIERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def run(company_a, tmp_path, capsys):
    def go(step, text, **options):
        path = tmp_path / f"{step}.csv"
        day = GO_LIVE.replace(year=GO_LIVE.year - 1).isoformat()
        path.write_text(text.replace("{day}", day), encoding="utf-8")
        call_command(
            "import_opening",
            step,
            str(path),
            company=company_a.company.slug,
            date=GO_LIVE,
            create_parties=True,
            **options,
        )
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return go


def test_the_command_takes_over_all_steps_and_verify_agrees(run, company_a):
    assert run("customers", CUSTOMERS)["state"] == "posted"
    assert run("suppliers", SUPPLIERS)["total"] == "2000.00"
    assert run("accounts", BALANCES)["state"] == "posted"

    assert [one.check.name for one in verify_company(company_a.id) if one.count] == []


def test_a_dry_run_posts_nothing(run, company_a):
    assert run("customers", CUSTOMERS, dry_run=True)["state"] == "checked"
    with company_a.acting():
        assert not Invoice.objects.exists()


def test_refused_rows_end_the_command(run, company_a):
    with pytest.raises(CommandError, match="1 rows were refused"):
        run("accounts", BALANCES.replace("3110", "9999"))
    with pytest.raises(CommandError, match="Stock is taken over"):
        run("stock", "item,quantity\nA,1\n")
