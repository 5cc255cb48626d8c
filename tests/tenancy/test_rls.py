"""Row-level security, table by table: what a session sees and writes without a company, with a wrong one, with its own.

Generated over every company table of the catalogue, so a new table is tested the day it is made (RR-10, T2, T3).
"""

import uuid
from contextlib import contextmanager, nullcontext
from decimal import Decimal

import psycopg
import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

from ap.models import BillImportJob
from api.models import IdempotencyKey
from ar.models.imports import ImportJob
from commissions.services.payouts import payout_create
from core.dates import local_today
from documents.models import Draft, RenderedPdf
from inventory.models import ItemCategory
from ledger.models import ExchangeRate, LockDate
from reports.models import Alert, AlertDismissal, ExportJob
from reports.vat.services import vat_return_prepare
from tenancy.models import Company, CompanyUserGrant
from tests.bookkeeping import every_book_row
from tests.builders import (
    commission_approve,
    credited_one,
    draft_invoice,
    line,
    paid_invoice,
    posted_invoice,
    voided_invoice,
)
from tests.buying import every_purchase_row
from tests.catalogue import ask, company_tables, is_partition_of_the_log
from tests.payments.bank import every_bank_row
from tests.receiving import every_agreement

pytestmark = pytest.mark.django_db(transaction=True)

#: Tables of features that no builder fills yet; their policies are checked by the catalogue test.
NOT_FILLED = {"audit_log_rest"}


def paid_out_commission(owner, cast):
    """A commission that was adjusted and paid out."""
    sales = cast.users["sales"].pk
    invoice = paid_invoice(owner, cast.customer, [line("2", "50")], salesperson=sales)
    commission_approve(owner, invoice)
    credited_one(owner, invoice)
    payout_create(
        salesperson_id=sales,
        until=local_today(),
        date=local_today(),
        payment_account_id=cast.till.pk,
        actor=owner,
    )


def fill(cast):
    """Put at least one row of the company into every company table."""
    with cast.acting() as owner:
        sales = cast.users["sales"].pk
        draft_invoice(owner, cast.customer)
        posted_invoice(owner, cast.customer, [line(item=cast.items[0])])
        paid_invoice(owner, cast.customer, salesperson=sales)
        voided_invoice(owner, cast.other_customer)
        paid_out_commission(owner, cast)
        every_agreement(owner, cast.other_customer)
        every_bank_row(owner)
        every_book_row(owner)
        every_purchase_row(owner)
        ItemCategory.objects.create(code="MED", name="Medicines")
        ExchangeRate.objects.create(currency="USD", date=local_today(), rate=Decimal("3.75"))
        RenderedPdf.objects.create(
            kind="ar.invoice", document_id=uuid.uuid4(), content_hash="0", size=1
        )
        Draft.objects.create(user_id=cast.users["owner"].pk, kind="ar.invoice", payload={"a": 1})
        IdempotencyKey.objects.create(
            operation="x",
            key="k",
            fingerprint="f",
            actor_id=owner.user_id,
            expires_at=timezone.now(),
        )
        ImportJob.objects.create(file_name="a.csv", stored_file="a", layout="columns")
        BillImportJob.objects.create(file_name="a.csv", stored_file="a", layout="general")
        ExportJob.objects.create(
            source="list", key="invoices", title="i", format="csv", created_by_id=owner.user_id
        )
        alert = Alert.objects.create(
            kind="invoices_overdue",
            subject_kind="ar.customer",
            subject_id=cast.customer.pk,
            name="x",
            since=local_today(),
            found_at=timezone.now(),
            seen_at=timezone.now(),
        )
        AlertDismissal.objects.create(alert=alert, user_id=owner.user_id)
        LockDate.objects.create(area="stock", until=local_today().replace(year=2020, day=1))
        vat_return_prepare(date=local_today(), actor=owner)
        CompanyUserGrant.objects.create(
            user_id=cast.users["sales"].pk,
            permission=Permission.objects.get(
                content_type=ContentType.objects.get_for_model(Company), codename="ar.invoice.post"
            ),
            content_object=cast.company,
        )


@pytest.fixture
def filled(company_a, company_b):
    fill(company_a)
    fill(company_b)
    return company_a, company_b


def filled_tables():
    return [
        table
        for table in company_tables()
        if table not in NOT_FILLED and not is_partition_of_the_log(table)
    ]


def counts(sec, company_id):
    """Return the true number of the company's rows in each table, as the superuser sees them."""
    return {
        table: sec.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE company_id = %s").format(sql.Identifier(table)),
            [company_id],
        ).fetchone()[0]
        for table in filled_tables()
    }


def checksums(sec, company_id):
    """Return a checksum of everything the company owns."""
    return {
        table: sec.execute(
            sql.SQL(
                "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t WHERE company_id = %s"
            ).format(sql.Identifier(table)),
            [company_id],
        ).fetchone()[0]
        for table in filled_tables()
    }


@contextmanager
def cursor_of(cast=None):
    """Open one transaction of the application: for a company, or for none."""
    with (
        cast.scope() if cast else nullcontext(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        yield cursor


def touched(cast, statement, params=None):
    """Return how many rows a statement reached; a missing privilege is as good as none."""
    try:
        with cursor_of(cast) as cursor:
            cursor.execute(statement, params)
            return cursor.rowcount
    except DatabaseError as error:
        if "permission denied" not in str(error):
            raise
        return 0


def visible(company, *, actor=""):
    """Return how many rows of each table a session of the application sees with this setting."""
    seen = {}
    with transaction.atomic(), connection.cursor() as cursor:
        if company is not None:
            cursor.execute(
                "SELECT set_config('app.company_id', %s, true), set_config('app.actor_id', %s, true)",
                [str(company), str(actor)],
            )
        for table in filled_tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            seen[table] = cursor.fetchone()[0]
    return seen


def test_every_table_is_filled_for_both_companies(filled, sec):
    for cast in filled:
        empty = [table for table, count in counts(sec, cast.id).items() if not count]
        assert empty == [], "Fill the new table in fill(), so that its policy is proved."


@pytest.mark.parametrize("setting", [None, "", "999999999"])
def test_without_a_known_company_no_row_is_visible(filled, setting):
    assert set(visible(setting).values()) == {0}
    assert ask("SELECT count(*) FROM tenancy_company") == [(0,)]


def test_a_junk_company_shows_no_row(filled):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.company_id', 'junk', true)")
        for table in filled_tables():
            with pytest.raises(DatabaseError, match="invalid input syntax"), transaction.atomic():
                cursor.execute(f'SELECT count(*) FROM "{table}"')


def test_each_company_sees_all_of_its_rows_and_none_of_the_other(filled, sec):
    for cast in filled:
        assert visible(cast.id, actor=cast.users["owner"].pk) == counts(sec, cast.id)


def test_drafts_are_visible_to_their_user_only(filled):
    company_a, _ = filled

    assert visible(company_a.id, actor=company_a.users["owner"].pk)["documents_draft"] == 1
    assert visible(company_a.id, actor=company_a.users["accountant"].pk)["documents_draft"] == 0
    assert visible(company_a.id)["documents_draft"] == 0


@pytest.mark.parametrize("statement", ["UPDATE {} SET company_id = company_id", "DELETE FROM {}"])
def test_no_row_of_the_other_company_is_changed_or_deleted(filled, sec, statement):
    company_a, company_b = filled
    before = checksums(sec, company_b.id)

    for table in filled_tables():
        text = statement.format(f'"{table}"') + " WHERE company_id = %s"
        assert touched(company_a, text, [company_b.id]) == 0, table

    assert checksums(sec, company_b.id) == before


def test_no_row_can_be_inserted_for_the_other_company(filled, sec):
    company_a, company_b = filled
    before = counts(sec, company_b.id)

    for table in filled_tables():
        columns = [
            name
            for (name,) in sec.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
                "AND NOT attisdropped AND attgenerated = ''",
                [table],
            )
        ]
        row = sec.execute(
            sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE company_id = %s LIMIT 1").format(
                sql.Identifier(table)
            ),
            [company_b.id],
        ).fetchone()[0]
        key = "history_id" if "history_id" in row else "id"
        row[key] = 999_999_999 if isinstance(row[key], int) else str(uuid.uuid4())
        names = ", ".join(f'"{name}"' for name in columns)
        statement = (
            f'INSERT INTO "{table}" ({names}) OVERRIDING SYSTEM VALUE '
            f'SELECT {names} FROM jsonb_populate_record(NULL::"{table}", %s)'
        )
        with pytest.raises(DatabaseError) as refused, cursor_of(company_a) as cursor:
            cursor.execute(statement, [Jsonb(row)])
        assert isinstance(
            refused.value.__cause__,
            psycopg.errors.InsufficientPrivilege | psycopg.errors.CheckViolation,
        ), (table, refused.value)

    assert counts(sec, company_b.id) == before


def test_without_a_company_nothing_can_be_written(filled, sec):
    _, company_b = filled
    before = checksums(sec, company_b.id)

    for table in filled_tables():
        for statement in (
            f'DELETE FROM "{table}"',
            f'UPDATE "{table}" SET company_id = company_id',
        ):
            assert touched(None, statement) == 0, table

    assert checksums(sec, company_b.id) == before


def test_own_rows_never_move_to_another_company(filled, sec):
    company_a, company_b = filled
    before = counts(sec, company_b.id)

    for table in filled_tables():
        with pytest.raises(DatabaseError), cursor_of(company_a) as cursor:
            cursor.execute(f'UPDATE "{table}" SET company_id = %s', [company_b.id])

    assert counts(sec, company_b.id) == before


def test_owner_of_the_tables_sees_nothing_without_a_company(filled, servers):
    """Row-level security is forced: even migrations see no row by accident."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(servers.database_url("app_owner", name), autocommit=True) as owner:
        for table in filled_tables():
            assert owner.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,), table


def test_a_row_cannot_point_into_another_company(filled):
    """The composite key refuses what a plain foreign key would accept: a line under the other company's invoice."""
    company_a, company_b = filled
    with company_b.acting() as owner_b:
        foreign = draft_invoice(owner_b, company_b.customer)

    with (
        pytest.raises(DatabaseError, match="document_tenant_fk"),
        cursor_of(company_a) as cursor,
    ):
        cursor.execute(
            "INSERT INTO ar_invoiceline (id, company_id, document_id, position, item_code, description, "
            "description_arabic, quantity, unit, unit_price, discount_percent, discount_amount, tax_category, "
            "tax_rate, tax_code, net_amount, tax_amount, gross_amount) VALUES (%s, %s, %s, 9, '', 'x', '', 1, '', "
            "1, 0, 0, 'S', 15, '', 1, 0.15, 1.15)",
            [uuid.uuid4(), company_a.id, foreign.pk],
        )
