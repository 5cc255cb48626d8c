"""Storing one statement: which lines are new, where it continues, where something is missing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter

from core.errors import N_
from core.ids import uuid7
from core.money import ZERO
from core.transactions import write
from payments.bank.errors import BankLineNotFound, StatementInUse
from payments.bank.reading import entry_key, fingerprint
from payments.bank.statements import ParsedEntry, ParsedStatement
from payments.models import BankFile, BankLine, BankMatch, BankStatement, PaymentAccount
from tenancy.permissions import require
from tenancy.principal import Principal

BATCH = 2000
#: The one line of an account that stands for the balance before its first statement.
_OPENING = "opening"


def statement_store(
    *, statement: ParsedStatement, account: PaymentAccount, file: BankFile
) -> BankStatement | None:
    """Store a statement with its new lines; None when it, or everything on it, is there already.

    The account's row is locked by the caller. A statement that continues the last balance brings new lines only; one
    that overlaps is compared line by line, by the bank's reference, else by all that is printed.
    """
    theirs = BankStatement.objects.filter(payment_account_id=account.pk)
    if theirs.filter(identifier=statement.identifier, date_to=statement.date_to).exists():
        return None
    before = theirs.filter(date_to__lte=statement.date_to).order_by("-date_to", "-id").first()
    continues = (
        before is not None
        and not statement.opening_is_derived
        and before.closing_balance == statement.opening
    )
    new, known = _new_entries(statement, account.pk, continues=continues)
    if known and not new:
        return None
    known_amount = sum((entry.amount for entry in known), ZERO)
    stored = BankStatement.objects.create(
        id=uuid7(),
        file_id=file.pk,
        payment_account_id=account.pk,
        identifier=statement.identifier,
        currency=statement.currency,
        date_from=statement.date_from,
        date_to=statement.date_to,
        opening_balance=statement.opening,
        closing_balance=statement.closing,
        known_count=len(known),
        known_amount=known_amount,
        has_gap=before is not None
        and before.closing_balance + statement.movement - known_amount != statement.closing,
    )
    lines = [
        _line(stored, entry, position, occurrence)
        for position, (entry, occurrence) in enumerate(new, start=1)
    ]
    BankLine.objects.bulk_create(lines, batch_size=BATCH)
    if before is None:
        _opening_line(stored)
    _gap_after(stored)
    return stored


def _new_entries(
    statement: ParsedStatement, account_id: uuid.UUID, *, continues: bool
) -> tuple[list[tuple[ParsedEntry, int]], list[ParsedEntry]]:
    """Return the new entries, each with how manieth of its kind it is, and those that are stored already."""
    if not statement.entries:
        return [], []
    days = [entry.date for entry in statement.entries]
    stored = Counter(
        entry_key(ParsedEntry(*row))
        for row in BankLine.objects.filter(
            payment_account_id=account_id,
            is_opening=False,
            date__range=(min(days), max(days)),
        ).values_list(
            "date",
            "amount",
            "value_date",
            "bank_reference",
            "reference",
            "party_name",
            "party_account",
            "narrative",
            "code",
        )
    )
    seen: Counter[str] = Counter()
    new, known = [], []
    for entry in statement.entries:
        key = entry_key(entry)
        seen[key] += 1
        if continues:
            new.append((entry, stored[key] + seen[key]))
        elif seen[key] <= stored[key]:
            known.append(entry)
        else:
            new.append((entry, seen[key]))
    return new, known


def _line(statement: BankStatement, entry: ParsedEntry, position: int, occurrence: int) -> BankLine:
    return BankLine(
        id=uuid7(),
        statement_id=statement.pk,
        payment_account_id=statement.payment_account_id,
        position=position,
        date=entry.date,
        value_date=entry.value_date,
        amount=entry.amount,
        currency=statement.currency,
        bank_reference=entry.bank_reference,
        reference=entry.reference,
        party_name=entry.party_name,
        party_account=entry.party_account,
        narrative=entry.narrative,
        code=entry.code,
        fingerprint=fingerprint(entry, occurrence),
    )


def _opening_line(statement: BankStatement) -> None:
    """Let the first statement's opening balance stand as a line: the bookings before it are matched with it."""
    old = (
        BankLine.objects.filter(payment_account_id=statement.payment_account_id, is_opening=True)
        .select_for_update()
        .first()
    )
    if old is not None:
        if BankMatch.objects.filter(line_id=old.pk).exists():
            raise StatementInUse(
                N_(
                    "This statement is older than the first one of %(account)s, whose opening balance is"
                    " matched already."
                ),
                field="file",
                params={"account": statement.payment_account.code},
            )
        old.delete()
    if statement.opening_balance:
        BankLine.objects.create(
            id=uuid7(),
            statement_id=statement.pk,
            payment_account_id=statement.payment_account_id,
            position=0,
            date=statement.date_from - dt.timedelta(days=1),
            amount=statement.opening_balance,
            currency=statement.currency,
            is_opening=True,
            fingerprint=_OPENING,
        )


def _gap_after(statement: BankStatement) -> None:
    """Say of the next statement whether it now continues this one."""
    after = (
        BankStatement.objects.filter(
            payment_account_id=statement.payment_account_id, date_to__gt=statement.date_to
        )
        .order_by("date_to", "id")
        .first()
    )
    if after is None:
        return
    moved = after.closing_balance - after.opening_balance - after.known_amount
    gap = statement.closing_balance + moved != after.closing_balance
    if gap != after.has_gap:
        BankStatement.objects.filter(pk=after.pk).update(has_gap=gap)


@write
def statement_remove(*, statement_id: uuid.UUID, actor: Principal) -> None:
    """Take a statement back that was imported by mistake. Raises StatementInUse once a line was matched."""
    require(actor, "payments.bank.import")
    statement = BankStatement.objects.filter(pk=statement_id).first()
    if statement is None:
        raise BankLineNotFound(N_("There is no such statement."))
    # before its lines, as whoever matches them does
    PaymentAccount.objects.select_for_update(no_key=True).get(pk=statement.payment_account_id)
    lines = BankLine.objects.filter(statement_id=statement_id)
    if BankMatch.objects.filter(line_id__in=lines.values("pk")).exists():
        raise StatementInUse(N_("Lines of this statement were matched; it stays."))
    newest = (
        BankStatement.objects.filter(payment_account_id=statement.payment_account_id)
        .order_by("-date_to", "-id")
        .first()
    )
    if newest is not None and newest.pk != statement.pk:
        raise StatementInUse(N_("Only the newest statement of an account can be removed."))
    lines.delete()
    file_id = statement.file_id
    statement.delete()
    if not BankStatement.objects.filter(file_id=file_id).exists():
        # the file may be imported again
        BankFile.objects.filter(pk=file_id).update(state=BankFile.State.FAILED)
