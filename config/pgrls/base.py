"""Django's PostgreSQL backend, which tells the database who acts for which company.

Where a transaction begins, the current scope is sent in one statement with transaction-local effect: it cannot leak
to the next user of a pooled connection, and code that forgets it sees no rows (reliability.md part 4).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import Error, OperationalError
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader

from tenancy.context import SCOPED_ALIAS, current_scope, scope_statement


class MomentLoader(BaseTzLoader):
    """Reads moments by the standard library's compiled parser; the one Django inherits is slow, and a list reads
    hundreds. Connections speak UTC; what the parser does not know (infinity, years before Christ) goes the long way.
    """

    timezone = UTC

    def load(self, data: bytes | bytearray | memoryview) -> datetime:
        text = bytes(data).decode()
        if text.endswith("+00"):
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass
        moment: datetime = super().load(data)
        return moment


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with the scope set at each BEGIN of the application's connection."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return what to connect with; the adapters are Django's but for the reading of moments."""
        params: dict[str, Any] = super().get_connection_params()
        params["context"].register_loader("timestamptz", MomentLoader)
        return params

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        """Switch autocommit; when a transaction begins, send the scope first."""
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if autocommit or self.alias != SCOPED_ALIAS:
            return
        scope = current_scope.get()
        if scope is None:
            return
        sql, params = scope_statement(scope)
        try:
            self._send(sql, params)
        except OperationalError:
            if not self._renew():
                self.close()
                raise
            super().set_autocommit(False)
            self._send(sql, params)
        except Error:
            self.close()
            raise

    def _send(self, sql: str, params: Any) -> None:
        with self.cursor() as cursor:
            cursor.execute(sql, params)

    def _renew(self) -> bool:
        """Replace a connection that died while it lay in the pool.

        Nothing has been done in the new transaction yet, so beginning it again on a fresh connection is safe. The
        pool's other idle connections are checked too: after a restart of the server they are all dead.
        """
        if self.connection is None or not self.connection.closed:
            return False
        self.close()
        if self.pool:
            self.pool.check()
        self.connect()
        return True
