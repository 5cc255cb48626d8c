"""Bank files and statements: import, list, remove; payment accounts with their balances."""

from __future__ import annotations

import base64
import binascii
import uuid
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, parse_choice, query_of, refuse_unknown
from api.pagination import paged_query
from api.serializers import page_of
from api.views import ApiView
from core.errors import N_, DomainError
from core.inputs import clean_text, parse_decimal, parse_uuid
from documents.typed import Collected
from payments.api import bank_shapes as shapes
from payments.bank.reading import ENCODINGS, FORMATS
from payments.bank.table import DATE_FORMATS, DECIMAL_MARKS, DELIMITERS, FIELDS, CsvRules
from payments.models import BankStatement
from payments.selectors.bank_accounts import account_states
from payments.services.bank_import import TypedBankFile, bank_file_get, bank_file_import
from payments.services.bank_statements import statement_remove

FILE_FIELDS = ("file_name", "content_base64", "format", "encoding", "payment_account", "csv")
_CSV_FIELDS = (
    "delimiter",
    "decimal_mark",
    "date_format",
    "columns",
    "opening_balance",
    "closing_balance",
)


def _content(value: Any) -> bytes:
    if not isinstance(value, str) or not value:
        raise DomainError(
            N_("Send the file's content in base64."), code="required", field="content_base64"
        )
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise DomainError(
            N_("Send the file's content in base64."), code="invalid", field="content_base64"
        ) from None


def _rules(value: Any, note: Collected) -> CsvRules:
    if value is None:
        return CsvRules()
    if not isinstance(value, dict):
        raise DomainError(N_("Send an object."), code="invalid", field="csv")
    refuse_unknown(value, _CSV_FIELDS, "csv.")
    columns = value.get("columns") or {}
    if not isinstance(columns, dict) or not all(
        isinstance(one, str) and len(one) <= 200 for one in columns.values()
    ):
        raise DomainError(N_("Send an object."), code="invalid", field="csv.columns")
    refuse_unknown(columns, FIELDS, "csv.columns.")

    def amount(name: str) -> Decimal | None:
        if value.get(name) is None:
            return None
        return note.take(lambda: parse_decimal(value[name], field=f"csv.{name}"), None)

    def choice(name: str, known: dict[str, str], default: str) -> str:
        return note.take(
            lambda: parse_choice(value.get(name, default), known, field=f"csv.{name}"), default
        )

    return CsvRules(
        delimiter=choice("delimiter", DELIMITERS, ","),
        decimal_mark=choice("decimal_mark", DECIMAL_MARKS, "."),
        date_format=choice("date_format", DATE_FORMATS, "%Y-%m-%d"),
        columns=columns,
        opening=amount("opening_balance"),
        closing=amount("closing_balance"),
    )


def typed_file(body: dict[str, Any]) -> TypedBankFile:
    """Read a file as sent. Raises ValidationErrors naming every wrong field."""
    note = Collected()
    account = body.get("payment_account")
    file_format = body.get("format")
    typed = TypedBankFile(
        name=note.take(
            lambda: clean_text(
                body.get("file_name"), field="file_name", min_length=1, max_length=200
            ),
            "",
        ),
        data=note.take(lambda: _content(body.get("content_base64")), b""),
        file_format=note.take(lambda: parse_choice(file_format, FORMATS, field="format"), "")
        if file_format
        else "",
        encoding=note.take(
            lambda: parse_choice(body.get("encoding", "utf-8"), ENCODINGS, field="encoding"),
            "utf-8",
        ),
        payment_account_id=note.take(lambda: parse_uuid(account, field="payment_account"), None)
        if account
        else None,
        rules=note.take(lambda: _rules(body.get("csv"), note), CsvRules()),
    )
    note.done()
    return typed


def whole_file(file_id: uuid.UUID) -> dict[str, Any]:
    """Return a file with its statements."""
    file = bank_file_get(file_id)
    return shapes.file_shape(file, BankStatement.objects.filter(file_id=file.pk).order_by("id"))


class BankStatementList(ApiView):
    """Bank statements of the company."""

    permissions = {"GET": "payments.bank.view", "POST": "payments.bank.import"}  # read only

    @extend_schema(
        operation_id="bank_statements_list",
        parameters=[
            OpenApiParameter("payment_account", OpenApiTypes.UUID),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(shapes.BankStatementShape),
    )
    def get(self, request: Request) -> Response:
        """List statements, newest first."""
        query = query_of(request.query_params, ("payment_account",))
        rows = BankStatement.objects.order_by("-date_to", "-id")
        if "payment_account" in query:
            key = parse_uuid(query["payment_account"], field="payment_account")
            rows = rows.filter(payment_account_id=key)
        return paged_query(request, query, rows, shapes.statement_shape)

    @extend_schema(
        operation_id="bank_statements_import",
        request=shapes.BankFileInput,
        responses={201: shapes.BankFileShape},
    )
    @idempotent("bank_statements.import", keep=KEEP_MONEY)
    def post(self, request: Request) -> Response:
        """Import a bank's file: MT940, CAMT.053, OFX or CSV. A large one answers `waiting`; ask for the file again."""
        typed = typed_file(body_of(request.data, FILE_FIELDS))
        file = bank_file_import(typed=typed, actor=self.principal)
        return Response(whole_file(file.pk), status=status.HTTP_201_CREATED)


class BankStatementDetail(ApiView):
    """One statement."""

    permissions = {"GET": "payments.bank.view", "DELETE": "payments.bank.import"}  # read only

    @extend_schema(operation_id="bank_statements_retrieve", responses=shapes.BankStatementShape)
    def get(self, request: Request, statement_id: uuid.UUID) -> Response:
        """Return a statement; its lines are at bank-lines?statement=."""
        statement = BankStatement.objects.filter(pk=statement_id).first()
        if statement is None:
            raise not_found()
        return Response(shapes.statement_shape(statement))

    @extend_schema(operation_id="bank_statements_delete", responses={204: None})
    def delete(self, request: Request, statement_id: uuid.UUID) -> Response:
        """Remove the newest statement of an account, while none of its lines was matched."""
        statement_remove(statement_id=statement_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BankFileDetail(ApiView):
    """One file."""

    permissions = {"GET": "payments.bank.view"}  # read only

    @extend_schema(operation_id="bank_files_retrieve", responses=shapes.BankFileShape)
    def get(self, request: Request, file_id: uuid.UUID) -> Response:
        """Return a file: how far its reading is, what it brought, or why it was refused."""
        return Response(whole_file(file_id))


class BankAccountList(ApiView):
    """Payment accounts with their balances."""

    permissions = {"GET": "payments.bank.view"}  # read only

    @extend_schema(operation_id="bank_accounts_list", responses=shapes.BankAccounts)
    def get(self, request: Request) -> Response:
        """Return balance in the books, balance at the bank and lines to match of every payment account."""
        query_of(request.query_params, (), is_list=False)
        return Response({"results": [shapes.state_shape(one) for one in account_states()]})
