"""Bank files, statements, lines and matches as the API writes them, and their OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers as drf

from api.serializers import amount as decimal
from api.shapes import day, maybe_money, moment, money
from payments.bank.proposals import Proposal
from payments.bank.wording import reason_text, reason_texts
from payments.models import BankFile, BankLine, BankMatch, BankStatement, MatchRule
from payments.selectors.bank_accounts import AccountState

METHODS = ("booked", "payment", "account", "transfer", "settlement", "suspense")


def statement_shape(statement: BankStatement) -> dict[str, Any]:
    """Return a statement without its lines."""
    currency = statement.currency
    return {
        "id": str(statement.pk),
        "file": str(statement.file_id),
        "payment_account": str(statement.payment_account_id),
        "identifier": statement.identifier,
        "currency": currency,
        "date_from": day(statement.date_from),
        "date_to": day(statement.date_to),
        "opening_balance": money(statement.opening_balance, currency),
        "closing_balance": money(statement.closing_balance, currency),
        "known_count": statement.known_count,
        "has_gap": statement.has_gap,
    }


def file_shape(file: BankFile, statements: Iterable[BankStatement] = ()) -> dict[str, Any]:
    """Return a file with the statements it brought."""
    return {
        "id": str(file.pk),
        "file_name": file.file_name,
        "format": file.format,
        "state": file.state,
        "problems": list(file.problems),
        "created_at": moment(file.created_at),
        "statements": [statement_shape(one) for one in statements],
    }


def line_shape(line: BankLine) -> dict[str, Any]:
    """Return a statement line."""
    return {
        "id": str(line.pk),
        "statement": str(line.statement_id),
        "payment_account": str(line.payment_account_id),
        "date": day(line.date),
        "value_date": day(line.value_date) if line.value_date else None,
        "amount": money(line.amount, line.currency),
        "currency": line.currency,
        "bank_reference": line.bank_reference,
        "reference": line.reference,
        "party_name": line.party_name,
        "party_account": line.party_account,
        "text": line.narrative,
        "is_opening": line.is_opening,
        "is_matched": line.is_matched,
    }


def proposal_shape(proposal: Proposal, currency: str) -> dict[str, Any]:
    """Return a proposal with its reasons in words."""
    return {
        "key": proposal.key,
        "method": proposal.method,
        "score": proposal.score,
        "is_sure": proposal.is_sure,
        "reasons": [reason_text(one) for one in proposal.reasons],
        "entries": [str(key) for key in proposal.entries],
        "allocations": [
            {"document": str(key), "amount": money(part, currency)}
            for key, part in proposal.documents
        ],
        "party_kind": proposal.party.kind if proposal.party else None,
        "party": str(proposal.party.id) if proposal.party else None,
        "rule": str(proposal.rule_id) if proposal.rule_id else None,
        "payment_account": str(proposal.payment_account_id)
        if proposal.payment_account_id
        else None,
        "own_line": str(proposal.own_line_id) if proposal.own_line_id else None,
        "gross": maybe_money(proposal.gross, currency),
    }


def match_shape(match: BankMatch) -> dict[str, Any]:
    """Return a match; its line is loaded."""
    return {
        "id": str(match.pk),
        "line": str(match.line_id),
        "method": match.method,
        "entry": str(match.entry_id) if match.entry_id else None,
        "payment": str(match.payment_id) if match.payment_id else None,
        "rule": str(match.rule_id) if match.rule_id else None,
        "score": match.score,
        "reasons": reason_texts(match.reasons),
        "created_at": moment(match.created_at),
        "undone_at": moment(match.undone_at) if match.undone_at else None,
    }


def rule_shape(rule: MatchRule) -> dict[str, Any]:
    """Return a rule."""
    return {
        "id": str(rule.pk),
        "name": rule.name,
        "position": rule.position,
        "text": rule.text,
        "sign": rule.sign,
        "payment_account": str(rule.payment_account_id) if rule.payment_account_id else None,
        "amount_from": maybe_money(rule.amount_from, ""),
        "amount_to": maybe_money(rule.amount_to, ""),
        "account": str(rule.account_id),
        "tax_code": rule.tax_code,
        "description": rule.description,
        "is_active": rule.is_active,
        "version": rule.version,
    }


def state_shape(state: AccountState) -> dict[str, Any]:
    """Return a payment account with its balances."""
    account = state.account
    return {
        "id": str(account.pk),
        "code": account.code,
        "name": account.name,
        "name_arabic": account.name_arabic,
        "kind": account.kind,
        "currency": account.currency,
        "bank_name": account.bank_name,
        "iban": account.iban,
        "account_number": account.account_number,
        "book_balance": money(state.book_balance, account.currency),
        "statement_balance": maybe_money(state.statement_balance, account.currency),
        "statement_date": day(state.statement_date) if state.statement_date else None,
        "unmatched_lines": state.unmatched,
        "has_gap": state.has_gap,
    }


class BankStatementShape(drf.Serializer[Any]):
    """A statement of one account."""

    id = drf.UUIDField()
    file = drf.UUIDField()
    payment_account = drf.UUIDField()
    identifier = drf.CharField()
    currency = drf.CharField()
    date_from = drf.DateField()
    date_to = drf.DateField()
    opening_balance = decimal()
    closing_balance = decimal()
    known_count = drf.IntegerField(help_text="Lines left out: an earlier statement has them.")
    has_gap = drf.BooleanField(help_text="It does not begin where the statement before it ended.")


class BankFileShape(drf.Serializer[Any]):
    """A file and what it brought."""

    id = drf.UUIDField()
    file_name = drf.CharField()
    format = drf.ChoiceField(("mt940", "camt053", "ofx", "csv"))
    state = drf.ChoiceField(("waiting", "done", "failed"))
    problems = drf.ListField(child=drf.CharField())
    created_at = drf.DateTimeField()
    statements = BankStatementShape(many=True)


class CsvInput(drf.Serializer[Any]):
    """How a CSV file is read."""

    delimiter = drf.ChoiceField((",", ";", "\t", "|"), required=False)
    decimal_mark = drf.ChoiceField((".", ","), required=False)
    date_format = drf.CharField(required=False, help_text="For example %d/%m/%Y.")
    columns = drf.DictField(
        child=drf.CharField(), required=False, help_text="Field -> heading of the file."
    )
    opening_balance = decimal(required=False)
    closing_balance = decimal(required=False)


class BankFileInput(drf.Serializer[Any]):
    """A bank's file."""

    file_name = drf.CharField(max_length=200)
    content_base64 = drf.CharField()
    format = drf.ChoiceField(("mt940", "camt053", "ofx", "csv"), required=False)
    encoding = drf.CharField(required=False)
    payment_account = drf.UUIDField(required=False)
    csv = CsvInput(required=False)


class BankLineShape(drf.Serializer[Any]):
    """A line of a statement; positive: money in."""

    id = drf.UUIDField()
    statement = drf.UUIDField()
    payment_account = drf.UUIDField()
    date = drf.DateField()
    value_date = drf.DateField(allow_null=True)
    amount = decimal()
    currency = drf.CharField()
    bank_reference = drf.CharField()
    reference = drf.CharField()
    party_name = drf.CharField()
    party_account = drf.CharField()
    text = drf.CharField()
    is_opening = drf.BooleanField()
    is_matched = drf.BooleanField()


class BankAllocation(drf.Serializer[Any]):
    """An amount for one invoice or bill."""

    document = drf.UUIDField()
    amount = decimal()


class BankProposalShape(drf.Serializer[Any]):
    """What a line may be, and why."""

    key = drf.CharField(help_text="Send it as `proposal` to confirm.")
    method = drf.ChoiceField(METHODS)
    score = drf.IntegerField()
    is_sure = drf.BooleanField()
    reasons = drf.ListField(child=drf.CharField())
    entries = drf.ListField(child=drf.UUIDField())
    allocations = BankAllocation(many=True)
    party_kind = drf.CharField(allow_null=True)
    party = drf.UUIDField(allow_null=True)
    rule = drf.UUIDField(allow_null=True)
    payment_account = drf.UUIDField(allow_null=True)
    own_line = drf.UUIDField(allow_null=True)
    gross = decimal(allow_null=True)


class BankProposals(drf.Serializer[Any]):
    """The proposals of a line, the likeliest first."""

    line = BankLineShape()
    proposals = BankProposalShape(many=True)


class BankMatchInput(drf.Serializer[Any]):
    """A proposal by its key, or a method with what it needs."""

    proposal = drf.CharField(required=False)
    method = drf.ChoiceField(METHODS, required=False)
    entries = drf.ListField(child=drf.UUIDField(), required=False)
    customer = drf.UUIDField(required=False)
    supplier = drf.UUIDField(required=False)
    allocations = BankAllocation(many=True, required=False)
    account = drf.UUIDField(required=False)
    tax_code = drf.CharField(required=False)
    description = drf.CharField(required=False)
    payment_account = drf.UUIDField(required=False)
    own_line = drf.UUIDField(required=False)


class BankMatchShape(drf.Serializer[Any]):
    """What a line was matched with."""

    id = drf.UUIDField()
    line = drf.UUIDField()
    method = drf.ChoiceField(METHODS)
    entry = drf.UUIDField(allow_null=True)
    payment = drf.UUIDField(allow_null=True)
    rule = drf.UUIDField(allow_null=True)
    score = drf.IntegerField()
    reasons = drf.ListField(child=drf.CharField())
    created_at = drf.DateTimeField()
    undone_at = drf.DateTimeField(allow_null=True)


class BankSureInput(drf.Serializer[Any]):
    """Whose sure proposals are confirmed."""

    payment_account = drf.UUIDField()


class BankSureAnswer(drf.Serializer[Any]):
    """What was confirmed, and what refused."""

    matches = BankMatchShape(many=True)
    refused = drf.ListField(child=drf.CharField())


class BankUndoInput(drf.Serializer[Any]):
    """When the reversal is dated; `keep_booking`: only the match goes."""

    date = drf.DateField(required=False)
    keep_booking = drf.BooleanField(required=False)


class BankRuleInput(drf.Serializer[Any]):
    """A rule."""

    name = drf.CharField(max_length=120)
    position = drf.IntegerField(required=False)
    text = drf.CharField(max_length=120)
    sign = drf.ChoiceField(("any", "in", "out"), required=False)
    payment_account = drf.UUIDField(required=False, allow_null=True)
    amount_from = decimal(required=False, allow_null=True)
    amount_to = decimal(required=False, allow_null=True)
    account = drf.UUIDField()
    tax_code = drf.CharField(required=False)
    description = drf.CharField(required=False)
    is_active = drf.BooleanField(required=False)
    version = drf.IntegerField(required=False)


class BankRuleShape(BankRuleInput):
    """A rule as stored."""

    id = drf.UUIDField()
    version = drf.IntegerField()


class BankAccountShape(drf.Serializer[Any]):
    """A payment account with its balances."""

    id = drf.UUIDField()
    code = drf.CharField()
    name = drf.CharField()
    name_arabic = drf.CharField()
    kind = drf.ChoiceField(("cash", "bank", "card"))
    currency = drf.CharField()
    bank_name = drf.CharField()
    iban = drf.CharField()
    account_number = drf.CharField()
    book_balance = decimal()
    statement_balance = decimal(allow_null=True)
    statement_date = drf.DateField(allow_null=True)
    unmatched_lines = drf.IntegerField()
    has_gap = drf.BooleanField()


class BankAccounts(drf.Serializer[Any]):
    """All payment accounts."""

    results = BankAccountShape(many=True)
