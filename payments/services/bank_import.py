"""Taking a bank's file: read, prove, map to payment accounts, store what is new. All of it, or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation

from audit.services.events import audit_event
from core.errors import N_, DomainError, ValidationErrors
from core.queue import enqueue_on_commit
from core.transactions import write
from payments.bank.errors import (
    AccountUnknown,
    BankLineNotFound,
    StatementCurrencyDiffers,
    StatementKnown,
)
from payments.bank.reading import format_of, read_statements
from payments.bank.statements import ParsedStatement, UnreadableStatement, account_key
from payments.bank.table import CsvRules
from payments.models import BankFile, CsvLayout, PaymentAccount
from payments.services.bank_statements import statement_store
from tenancy.context import current_company_id
from tenancy.models import User
from tenancy.permissions import require
from tenancy.principal import Principal

MOST_BYTES = 20 * 1024 * 1024
#: Larger files are read by a worker.
LARGE_BYTES = 512 * 1024
TASK = "payments.read_bank_file"
#: A file that waits longer is not on its way any more.
LOST_AFTER = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TypedBankFile:
    """A file as sent. `file_format` empty: told by its content; `payment_account_id`: needed for CSV."""

    name: str
    data: bytes
    file_format: str = ""
    encoding: str = "utf-8"
    payment_account_id: uuid.UUID | None = None
    rules: CsvRules = field(default_factory=CsvRules)


@write
def bank_file_import(*, typed: TypedBankFile, actor: Principal) -> BankFile:
    """Import a bank file; a large one is handed to a worker and its row says what became of it.

    Raises StatementKnown (file or statements were imported before), UnreadableStatement, DoesNotAddUp, AccountUnknown,
    StatementCurrencyDiffers, ValidationErrors with several of them.
    """
    require(actor, "payments.bank.import")
    if len(typed.data) > MOST_BYTES:
        raise UnreadableStatement(
            N_("The file is larger than %(limit)s MB."),
            field="file",
            params={"limit": MOST_BYTES // 1024**2},
        )
    _accounts_locked()
    sha = hashlib.sha256(typed.data).hexdigest()
    _refuse_known_file(sha)
    file_format = typed.file_format or format_of(typed.data, typed.name)
    if file_format not in BankFile.Format.values:
        raise UnreadableStatement(N_("Choose one of the values offered."), field="format")
    file = BankFile(
        file_name=Path(typed.name).name[:200] or "statement",
        sha256=sha,
        size=len(typed.data),
        format=file_format,
        options={
            "encoding": typed.encoding,
            "payment_account": str(typed.payment_account_id or ""),
            "rules": _rules_json(typed.rules),
        },
        state=BankFile.State.DONE,
        created_by_id=actor.user_id,
    )
    if len(typed.data) > LARGE_BYTES:
        return _hand_over(file, typed.data, actor)
    file.save(force_insert=True)
    _take(file, typed.data)
    return file


def _accounts_locked() -> list[PaymentAccount]:
    """Return the payment accounts, locked: imports take turns, what is new depends on what the one before stored."""
    return list(
        PaymentAccount.objects.select_for_update(no_key=True).filter(is_active=True).order_by("pk")
    )


def _refuse_known_file(sha: str) -> None:
    known = BankFile.objects.filter(sha256=sha).exclude(state=BankFile.State.FAILED).first()
    if known is not None:
        raise StatementKnown(
            N_("This file was imported on %(date)s as %(name)s."),
            field="file",
            params={"date": known.created_at.date().isoformat(), "name": known.file_name},
        )


def _rules_json(rules: CsvRules) -> dict[str, Any]:
    return {
        key: str(value) if isinstance(value, Decimal) else value
        for key, value in asdict(rules).items()
    }


def _rules_of(file: BankFile) -> CsvRules:
    stored = dict(file.options.get("rules") or {})
    for name in ("opening", "closing"):
        if stored.get(name) is not None:
            stored[name] = Decimal(stored[name])
    return CsvRules(**stored)


def _hand_over(file: BankFile, data: bytes, actor: Principal) -> BankFile:
    file.state = BankFile.State.WAITING
    # the name of the upload is shown, never used as a path
    file.stored_file = default_storage.save(
        f"bank/{current_company_id()}/{uuid.uuid4()}", ContentFile(data)
    )
    file.save(force_insert=True)
    enqueue_on_commit(TASK, current_company_id(), actor.user_id, str(file.pk))
    return file


def bank_file_read(*, file_id: uuid.UUID, actor_id: int | None) -> None:
    """Read a file that waits; called by the worker. Delivered twice, the second finds nothing to do."""
    with transaction.atomic():
        file = BankFile.objects.filter(pk=file_id, state=BankFile.State.WAITING).first()
        user = User.objects.filter(pk=actor_id).first() if actor_id else None
        if file is None:
            return
        with default_storage.open(file.stored_file) as stored:
            data = stored.read()
    with translation.override(user.language if user else "en"):
        try:
            with transaction.atomic():
                file = BankFile.objects.select_for_update().get(pk=file_id)
                if file.state != BankFile.State.WAITING:
                    return
                _take(file, data)
                file.state = BankFile.State.DONE
                file.save(update_fields=["state"])
        except DomainError as error:
            errors = error.errors if isinstance(error, ValidationErrors) else [error]
            _failed(file_id, [one.message for one in errors])
        except Exception:
            _failed(file_id, [translation.gettext("The file could not be read; upload it again.")])
            raise
    default_storage.delete(file.stored_file)


def waiting_files_read() -> int:
    """Read files whose message was lost on the way, or whose worker died; return how many. Called by beat."""
    with transaction.atomic():
        rows = BankFile.objects.filter(
            state=BankFile.State.WAITING, created_at__lt=timezone.now() - LOST_AFTER
        )
        found = list(rows.order_by("created_at").values_list("pk", "created_by_id")[:10])
    for key, actor_id in found:
        bank_file_read(file_id=key, actor_id=actor_id)
    return len(found)


@transaction.atomic
def _failed(file_id: uuid.UUID, problems: list[str]) -> None:
    BankFile.objects.filter(pk=file_id).update(state=BankFile.State.FAILED, problems=problems[:50])


def _take(file: BankFile, data: bytes) -> None:
    accounts = _accounts_locked()
    chosen = next((one for one in accounts if str(one.pk) == file.options["payment_account"]), None)
    if file.options["payment_account"] and chosen is None:
        raise AccountUnknown(N_("There is no such payment account."), field="payment_account")
    rules = _rules_of(file)
    if file.format == BankFile.Format.CSV:
        if chosen is None:
            raise AccountUnknown(
                N_("A CSV file names no account: choose the payment account."),
                field="payment_account",
            )
        rules = replace(
            rules,
            account=chosen.iban or chosen.account_number or chosen.code,
            currency=chosen.currency,
        )
    found = read_statements(
        data, file_format=file.format, encoding=file.options["encoding"], rules=rules
    )
    mapped = _mapped(found, accounts, chosen, is_csv=file.format == BankFile.Format.CSV)
    new = [
        stored
        for statement, account in mapped
        if (stored := statement_store(statement=statement, account=account, file=file)) is not None
    ]
    if not new:
        raise StatementKnown(N_("All statements of this file were imported before."), field="file")
    if file.format == BankFile.Format.CSV and chosen is not None:
        _remember_layout(chosen, rules, file.options["encoding"])
    audit_event(
        "IMPORT",
        "payments.bank_file",
        file.pk,
        {"file": file.file_name, "statements": len(new), "known": len(mapped) - len(new)},
    )


def _remember_layout(account: PaymentAccount, rules: CsvRules, encoding: str) -> None:
    CsvLayout.objects.update_or_create(
        payment_account_id=account.pk,
        defaults={
            "encoding": encoding,
            "delimiter": rules.delimiter,
            "decimal_mark": rules.decimal_mark,
            "date_format": rules.date_format,
            "columns": dict(rules.columns),
        },
    )


def _mapped(
    statements: Sequence[ParsedStatement],
    accounts: Sequence[PaymentAccount],
    chosen: PaymentAccount | None,
    *,
    is_csv: bool,
) -> list[tuple[ParsedStatement, PaymentAccount]]:
    """Return each statement with its payment account. Raises with every account that is unknown or of another currency."""
    named = Counter(account_key(statement.account) for statement in statements)
    pairs, errors = [], dict[tuple[str, str], DomainError]()
    for statement in statements:
        account = chosen if is_csv else _account_of(statement.account, accounts)
        if account is None and chosen is not None and len(named) == 1:
            account = chosen if not (chosen.iban or chosen.account_number) else None
        if account is None or (chosen is not None and account.pk != chosen.pk and len(named) == 1):
            errors["account", statement.account] = _unknown(statement.account, chosen)
        elif account.currency != statement.currency:
            errors["currency", statement.account] = StatementCurrencyDiffers(
                N_(
                    "Statement %(statement)s is in %(stated)s, the payment account %(account)s in %(currency)s."
                ),
                field="file",
                params={
                    "statement": statement.identifier,
                    "stated": statement.currency,
                    "account": account.code,
                    "currency": account.currency,
                },
            )
        else:
            pairs.append((statement, account))
    if errors:
        raise ValidationErrors(errors.values())
    # oldest first, so that each finds the balance it continues
    return sorted(pairs, key=lambda pair: (pair[0].date_to, pair[0].date_from))


def _unknown(number: str, chosen: PaymentAccount | None) -> AccountUnknown:
    if chosen is not None:
        return AccountUnknown(
            N_("The statement is of account %(number)s, not of %(account)s."),
            field="payment_account",
            params={"number": number, "account": chosen.code},
        )
    return AccountUnknown(
        N_(
            "No payment account has the number %(number)s: add it to the account, or choose the account."
        ),
        field="payment_account",
        params={"number": number},
    )


def _account_of(number: str, accounts: Iterable[PaymentAccount]) -> PaymentAccount | None:
    """Return the account whose IBAN or number the bank prints, with or without bank code and currency."""
    whole = account_key(number)
    keys = {whole, account_key(number.rpartition("/")[2])}
    for account in accounts:
        own = {account_key(account.iban), account_key(account.account_number)} - {""}
        if own & (keys | {key.removesuffix(account.currency) for key in keys}):
            return account
        if any(len(key) >= 8 and account_key(account.iban).endswith(key) for key in keys):
            return account
    return None


def bank_file_get(file_id: uuid.UUID) -> BankFile:
    """Return a file. Raises BankLineNotFound."""
    file = BankFile.objects.filter(pk=file_id).first()
    if file is None:
        raise BankLineNotFound(N_("There is no such bank file."))
    return file
