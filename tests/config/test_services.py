"""Roles, layouts and addresses of the servers Mizan brings along or is given."""

import os
from pathlib import Path

import psycopg
import pytest

from config.env import BadSetting
from config.services import external
from config.services.bootstrap import bootstrap
from config.services.external import addresses_on, bootstrap_named_server
from config.services.layout import LONGEST_SOCKET_PATH, layout_for
from config.services.postgres import ADMIN
from config.services.servers import Servers, Taken
from tests import databases

pytestmark = pytest.mark.xdist_group("services")


@pytest.fixture
def spare_database(servers):
    """The name of a database that does not exist yet; removed afterwards."""
    name = f"test_{os.getpid()}_spare"
    yield name
    with databases.admin(servers) as connection:
        databases.drop(connection, name)


@pytest.mark.parametrize("name", ["folder" * 20, "a,b", "50%", "what?", "وثائق"])
def test_awkward_folder_gets_a_short_plain_socket_path(tmp_path, name):
    deep = tmp_path / name

    layout = layout_for(deep)

    assert len(os.fsencode(layout.sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert str(layout.sockets).isascii()
    assert layout == layout_for(deep)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the servers an account")
def test_closed_folder_of_root_moves_the_servers_where_they_can_be_reached(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    layout = layout_for(closed / "data")

    assert layout.account is not None
    assert Path("/var/lib") in layout.state.parents


def test_second_owner_of_a_data_folder_is_refused(servers):
    with pytest.raises(Taken), Servers(servers):
        pass


def test_bootstrap_can_be_repeated(servers, spare_database):
    for _ in range(2):
        bootstrap(servers.database_url(ADMIN, "postgres"), spare_database)

    with psycopg.connect(servers.database_url("app_owner", spare_database)) as connection:
        connection.execute("CREATE TABLE made_later (id int)")
        row = connection.execute(
            "SELECT has_table_privilege('app_web', 'made_later', 'SELECT, INSERT, UPDATE, DELETE'), "
            "has_table_privilege('app_web', 'made_later', 'TRUNCATE'), "
            "has_table_privilege('app_web', 'made_later', 'REFERENCES'), "
            "has_table_privilege('app_web', 'made_later', 'TRIGGER'), "
            "has_table_privilege('app_ro', 'made_later', 'SELECT'), "
            "has_table_privilege('app_ro', 'made_later', 'INSERT')"
        ).fetchone()

    assert row == (True, False, False, False, True, False)


def test_owner_works_as_the_secure_role_only_on_request(servers):
    with psycopg.connect(servers.database_url("app_owner", "postgres")) as connection:
        bypasses = "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(bypasses).fetchone() == (False,)
        connection.execute("SET ROLE app_sec")
        assert connection.execute(bypasses).fetchone() == (True,)


def test_reading_role_cannot_write(servers):
    with psycopg.connect(servers.database_url("app_ro", "mizan")) as connection:
        assert connection.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
        assert connection.execute("SHOW statement_timeout").fetchone() == ("1min",)


def test_superuser_address_is_exchanged_for_the_application_roles(
    servers, spare_database, tmp_path
):
    found = addresses_on(servers.database_url(ADMIN, spare_database), tmp_path)

    assert set(found) == {"DATABASE_URL", "DATABASE_OWNER_URL"}
    with psycopg.connect(found["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == (
            "app_web",
            spare_database,
        )
    kept = tmp_path / external.PASSWORD_FILE
    assert kept.stat().st_mode & 0o777 == 0o600
    assert addresses_on(servers.database_url(ADMIN, spare_database), tmp_path) == found


def test_application_address_is_left_alone(servers, tmp_path):
    assert addresses_on(servers.database_url("app_web", "mizan"), tmp_path) == {}
    assert addresses_on("", tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_initialiser_makes_what_the_two_addresses_name(servers, spare_database):
    bootstrap_named_server(
        servers.database_url(ADMIN, "postgres"),
        servers.database_url("app_web", spare_database),
        servers.database_url("app_owner", spare_database),
    )

    with psycopg.connect(servers.database_url("app_web", spare_database)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_initialiser_refuses_a_web_address_of_another_role(servers, spare_database):
    with pytest.raises(BadSetting, match="app_web"):
        bootstrap_named_server(
            servers.database_url(ADMIN, "postgres"),
            servers.database_url("app_owner", spare_database),
            servers.database_url("app_owner", spare_database),
        )
