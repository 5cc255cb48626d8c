"""The scope reaches the database where a transaction begins, and nowhere else."""

import threading
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from config.checks import QUESTION, faults_of_role, require_safe_role
from tenancy.context import company_scope

SETTINGS = (
    "SELECT current_setting('app.company_id', true), current_setting('app.actor_id', true), "
    "current_setting('app.role', true), current_setting('app.source', true)"
)


def current_settings():
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_scope_is_sent_once_where_a_transaction_begins():
    with (
        company_scope(7, actor_id=3, role="owner", source="app"),
        CaptureQueriesContext(connection) as captured,
        transaction.atomic(),
        transaction.atomic(),
    ):
        assert current_settings() == ("7", "3", "owner", "app")

    sent = [query["sql"] for query in captured.captured_queries if "set_config" in query["sql"]]
    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_scope_ends_with_the_transaction():
    with company_scope(7, actor_id=3), transaction.atomic():
        assert current_settings()[0] == "7"

    with transaction.atomic():
        assert not current_settings()[0]


@pytest.mark.django_db(transaction=True)
def test_scope_opened_inside_a_transaction_is_pushed_and_taken_back():
    with transaction.atomic():
        with company_scope(7):
            assert current_settings()[0] == "7"
        assert not current_settings()[0]


@pytest.mark.django_db
def test_scope_works_in_a_wrapped_test():
    with company_scope(9, actor_id=2), transaction.atomic():
        assert current_settings()[:2] == ("9", "2")


@pytest.mark.django_db(transaction=True)
def test_failed_scope_leaves_a_usable_connection():
    with pytest.raises(Exception, match="NUL"), company_scope(7, role="a\0b"), transaction.atomic():
        pass  # the setting itself is refused

    with transaction.atomic():
        assert not current_settings()[0]


@pytest.mark.django_db(transaction=True)
def test_connection_that_died_in_the_pool_is_replaced_at_begin(sec):
    with transaction.atomic():
        current_settings()
    sec.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app_web' AND datname = %s",
        [connection.settings_dict["NAME"]],
    )

    with company_scope(7), transaction.atomic():
        assert current_settings()[0] == "7"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_companies_do_not_mix_over_a_small_pool(settings):
    """Fifty threads over three connections: every transaction sees its own company."""
    wrapper: Any = connections["default"]
    wrapper.close()
    wrapper.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 3, "timeout": 20}
    wrong: list[object] = []

    def work(company: int) -> None:
        try:
            for _ in range(5):
                with company_scope(company, actor_id=company + 1000), transaction.atomic():
                    if current_settings()[:2] != (str(company), str(company + 1000)):
                        wrong.append(company)
                with transaction.atomic():
                    if current_settings()[0]:
                        wrong.append(("left over", company))
                connection.close()
        except OperationalError as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(company,)) for company in range(1, 51)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        wrapper.close()
        wrapper.close_pool()
        del wrapper.settings_dict["OPTIONS"]["pool"]

    assert wrong == []


@pytest.mark.django_db
def test_tests_run_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == ("app_web", "app_web")


@pytest.mark.django_db
def test_application_role_may_start():
    require_safe_role()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "fault"),
    [("cluster_admin", "superuser"), ("app_backup", "bypasses"), ("app_owner", "owns tables")],
)
def test_every_stronger_role_is_refused(servers, role, fault):
    name = connection.settings_dict["NAME"]
    with psycopg.connect(servers.database_url(role, name)) as strong:
        row = strong.execute(QUESTION).fetchone() or ()

    assert any(fault in sentence for sentence in faults_of_role(row))


@pytest.mark.django_db
def test_application_role_cannot_create_truncate_or_disable():
    for statement in (
        "CREATE TABLE sneaky (a int)",
        "TRUNCATE tenancy_company CASCADE",
        "ALTER TABLE tenancy_company DISABLE ROW LEVEL SECURITY",
        "SET ROLE app_sec",
        "SET session_replication_role = replica",
    ):
        with (
            pytest.raises(Exception, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
