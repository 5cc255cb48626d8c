"""Everything the open lines of a payment account could be: a constant number of statements for a page of lines."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import connection

from ap.models import Supplier
from ar.models import Customer
from payments.bank.matching import FAR_DAYS
from payments.bank.proposals import (
    Candidates,
    CardReceipt,
    LineFacts,
    OpenDocument,
    OwnAccount,
    OwnLine,
    Party,
    RuleFacts,
)
from payments.bank.statements import account_key
from payments.models import BankLine, MatchRule, PaymentAccount
from payments.selectors.bank_bookings import unreconciled
from tenancy.context import current_company_id

MOST_DOCUMENTS = 1000
_NUMBER = re.compile(r"[A-Za-z]{0,8}[-/ ]?[0-9][0-9A-Za-z/-]{2,30}")


def line_facts(line: BankLine) -> LineFacts:
    """Return what matching needs of a stored line."""
    return LineFacts(
        id=line.pk,
        payment_account_id=line.payment_account_id,
        date=line.date,
        amount=line.amount,
        currency=line.currency,
        text=" ".join(
            part
            for part in (line.narrative, line.reference, line.party_name, line.bank_reference)
            if part
        ),
        party_name=line.party_name,
        party_account=line.party_account,
        is_opening=line.is_opening,
    )


def candidates_for(account: PaymentAccount, lines: Sequence[LineFacts]) -> Candidates:
    """Return what the lines of one account could be: bookings, documents, rules, transfers, card receipts."""
    if not lines:
        return Candidates()
    first = min(line.date for line in lines)
    last = max(line.date for line in lines)
    has_opening = any(line.is_opening for line in lines)
    bookings = unreconciled(
        account.pk,
        since=None if has_opening else first - dt.timedelta(days=FAR_DAYS * 4),
        until=last + dt.timedelta(days=FAR_DAYS),
    )
    parties = _parties(lines)
    return Candidates(
        bookings=tuple(one.as_candidate() for one in bookings),
        documents=tuple(_documents(lines, parties)),
        parties=tuple(parties),
        rules=tuple(_rules()),
        own_lines=tuple(_own_lines(account, first, last)),
        own_accounts=tuple(_own_accounts(account)),
        receipts=tuple(_card_receipts(account, first, last)),
    )


def _rules() -> Iterable[RuleFacts]:
    for rule in MatchRule.objects.filter(is_active=True).order_by("position", "name", "id"):
        yield RuleFacts(
            rule.pk,
            rule.name,
            rule.text,
            rule.sign,
            rule.payment_account_id,
            rule.amount_from,
            rule.amount_to,
        )


def _own_lines(account: PaymentAccount, first: dt.date, last: dt.date) -> Iterable[OwnLine]:
    around = dt.timedelta(days=7)
    rows = (
        BankLine.objects.filter(
            is_matched=False,
            is_opening=False,
            currency=account.currency,
            date__range=(first - around, last + around),
        )
        .exclude(payment_account_id=account.pk)
        .select_related("payment_account")
        .order_by("date", "id")[:MOST_DOCUMENTS]
    )
    for row in rows:
        yield OwnLine(
            row.pk, row.payment_account_id, row.payment_account.code, row.date, row.amount
        )


def _own_accounts(account: PaymentAccount) -> Iterable[OwnAccount]:
    rows = PaymentAccount.objects.filter(is_active=True, currency=account.currency)
    for row in rows.exclude(pk=account.pk).order_by("code"):
        numbers = {account_key(row.iban), account_key(row.account_number)} - {""}
        if numbers:
            yield OwnAccount(row.pk, row.code, frozenset(numbers))


def _card_receipts(account: PaymentAccount, first: dt.date, last: dt.date) -> Iterable[CardReceipt]:
    clearing = PaymentAccount.objects.filter(
        is_active=True, kind=PaymentAccount.Kind.CARD, currency=account.currency
    ).exclude(pk=account.pk)
    for one in clearing.order_by("code"):
        for booking in unreconciled(one.pk, since=first - dt.timedelta(days=30), until=last):
            if booking.amount > 0:
                yield CardReceipt(booking.entry_id, one.pk, booking.date, booking.amount)


# parties whose name, or whose account, stands in the lines

_KNOWN_PARTIES = """
SELECT 'customer', u.id, u.name, u.name_arabic, ''
FROM ar_customer u WHERE u.company_id = %(company)s
  AND EXISTS (SELECT 1 FROM unnest(%(texts)s::text[]) AS t
              WHERE (length(u.name) > 4 AND strpos(t, lower(u.name)) > 0)
                 OR (length(u.name_arabic) > 4 AND strpos(t, u.name_arabic) > 0))
UNION ALL
SELECT 'supplier', s.id, s.name, s.name_arabic, ''
FROM ap_supplier s WHERE s.company_id = %(company)s
  AND EXISTS (SELECT 1 FROM unnest(%(texts)s::text[]) AS t
              WHERE (length(s.name) > 4 AND strpos(t, lower(s.name)) > 0)
                 OR (length(s.name_arabic) > 4 AND strpos(t, s.name_arabic) > 0))
UNION ALL
SELECT 'supplier', s.id, s.name, s.name_arabic, s.iban
FROM ap_supplier s WHERE s.company_id = %(company)s AND s.iban = ANY(%(accounts)s)
UNION ALL
-- who a line with this account was matched with before
(SELECT DISTINCT CASE WHEN p.customer_id IS NULL THEN 'supplier' ELSE 'customer' END,
        coalesce(u.id, s.id), coalesce(u.name, s.name), coalesce(u.name_arabic, s.name_arabic), l.party_account
FROM payments_bankline l
JOIN payments_bankmatch m ON m.company_id = l.company_id AND m.line_id = l.id AND m.undone_at IS NULL
JOIN payments_bankmatchitem i ON i.company_id = m.company_id AND i.match_id = m.id
JOIN ledger_journalentry e ON e.company_id = i.company_id AND e.id = i.entry_id
    AND e.source_kind = 'payments.payment'
JOIN payments_payment p ON p.company_id = e.company_id AND p.id = e.source_id
LEFT JOIN ar_customer u ON u.company_id = p.company_id AND u.id = p.customer_id
LEFT JOIN ap_supplier s ON s.company_id = p.company_id AND s.id = p.supplier_id
WHERE l.company_id = %(company)s AND l.party_account = ANY(%(accounts)s) LIMIT 500)
"""


def _parties(lines: Sequence[LineFacts]) -> list[Party]:
    texts = sorted({f"{line.party_name} {line.text}".lower() for line in lines if line.text})
    accounts = sorted({line.party_account for line in lines if line.party_account})
    if not texts and not accounts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _KNOWN_PARTIES,
            {
                "company": current_company_id(),
                "texts": texts,
                "accounts": accounts,
            },
        )
        rows = cursor.fetchall()
    known: dict[tuple[str, uuid.UUID], tuple[str, str]] = {}
    numbers: dict[tuple[str, uuid.UUID], set[str]] = defaultdict(set)
    for kind, key, name, name_arabic, account in rows:
        known[kind, key] = name, name_arabic
        if account:
            numbers[kind, key].add(account_key(account))
    return [
        Party(kind, key, name, name_arabic, frozenset(numbers[kind, key]))
        for (kind, key), (name, name_arabic) in sorted(known.items(), key=lambda item: str(item[0]))
    ]


# documents that the lines name, or that are open with their amount, or of the parties that they name

_OPEN = """
SELECT d.id, d.number, d.issue_date, coalesce(d.due_date, d.issue_date), d.total - d.allocated_amount,
       {theirs}, d.{party}_id
FROM {table} d
WHERE d.company_id = %(company)s AND d.currency = %(currency)s
  AND d.status IN ('posted', 'partially_paid') AND NOT d.is_locked AND d.settlement_hold = ''
  AND (d.number = ANY(%(numbers)s) OR {theirs} = ANY(%(numbers)s)
       OR d.open_amount = ANY(%(amounts)s::numeric[]) OR d.{party}_id = ANY(%(parties)s::uuid[]))
ORDER BY (d.number = ANY(%(numbers)s)) DESC, 4, d.id LIMIT %(limit)s
"""
_SIDES = (
    ("customer", "ar_invoice", "''", 1, Customer),
    ("supplier", "ap_bill", "d.supplier_number", -1, Supplier),
)


def _numbers_in(lines: Iterable[LineFacts]) -> list[str]:
    found: set[str] = set()
    for line in lines:
        for text in _NUMBER.findall(line.text):
            plain = text.strip()
            found |= {plain, plain.upper(), plain.replace(" ", "-").upper()}
            # the number alone, where the word before it is none of it
            found.add(re.sub(r"^[A-Za-z]+[-/ ]?", "", plain))
    return sorted(found)


def _documents(lines: Sequence[LineFacts], parties: Sequence[Party]) -> Iterable[OpenDocument]:
    numbers = _numbers_in(lines)
    known = {(one.kind, one.id): one for one in parties}
    for kind, table, theirs, sign, model in _SIDES:
        wanted = [line for line in lines if line.amount * sign > 0 and not line.is_opening]
        if not wanted:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                _OPEN.format(table=table, party=kind, theirs=theirs),
                {
                    "company": current_company_id(),
                    "currency": wanted[0].currency,
                    "numbers": numbers,
                    "amounts": sorted({abs(line.amount) for line in wanted}),
                    "parties": [one.id for one in parties if one.kind == kind],
                    "limit": MOST_DOCUMENTS,
                },
            )
            rows = cursor.fetchall()
        missing = {row[6] for row in rows} - {key for of_kind, key in known if of_kind == kind}
        for party in model.objects.filter(pk__in=missing):
            account = account_key(getattr(party, "iban", "") or "")
            known[kind, party.pk] = Party(
                kind,
                party.pk,
                party.name,
                party.name_arabic,
                frozenset({account} - {""}),
            )
        for key, number, date, due, open_amount, their_number, party_id in rows:
            yield OpenDocument(
                key,
                known[kind, party_id],
                number,
                date,
                due,
                Decimal(open_amount),
                their_number,
            )
