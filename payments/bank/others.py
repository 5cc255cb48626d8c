"""Lines that settle no document: rules, transfers between own accounts, settlements of card receipts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.money import ZERO, quantize
from core.text import search_key
from payments.bank.proposals import (
    Candidates,
    CardReceipt,
    LineFacts,
    Proposal,
    Reason,
    RuleFacts,
)
from payments.bank.statements import account_key

_TRANSFER_DAYS = 7
_SETTLEMENT_DAYS = 21
_HIGHEST_CARD_FEE = Decimal("0.04")
_CARD_WORDS = (
    "mada",
    "pos settlement",
    "card settlement",
    "merchant",
    "visa",
    "span",
    "مدي",
    "تسويه",
    "نقاط بيع",
)


def rule_takes(rule: RuleFacts, line: LineFacts) -> bool:
    """Whether a rule takes a line: its words, sign, account and amounts."""
    if rule.payment_account_id and rule.payment_account_id != line.payment_account_id:
        return False
    if rule.sign != "any" and (rule.sign == "in") != (line.amount > 0):
        return False
    amount = abs(line.amount)
    if rule.amount_from is not None and amount < rule.amount_from:
        return False
    if rule.amount_to is not None and amount > rule.amount_to:
        return False
    return search_key(rule.text) in search_key(line.text)


def by_rule(line: LineFacts, rules: Sequence[RuleFacts]) -> Iterator[Proposal]:
    """The first rule that takes the line is sure; those after it are offered."""
    if line.is_opening:
        return
    taken = [rule for rule in rules if rule_takes(rule, line)]
    for place, rule in enumerate(taken[:2]):
        yield Proposal(
            "account",
            91 if place == 0 else 60,
            (Reason("rule", {"name": rule.name}),),
            rule_id=rule.id,
        )


def transfers(line: LineFacts, among: Candidates) -> Iterator[Proposal]:
    """Propose transfers: lines of own accounts with the opposite amount, and own accounts that the line names."""
    if line.is_opening:
        return
    text = account_key(line.text + " " + line.party_account)
    named = {
        one.id: one
        for one in among.own_accounts
        if any(len(number) > 5 and number in text for number in one.numbers)
    }
    matched = set()
    for own in among.own_lines:
        days = abs((own.date - line.date).days)
        if own.amount != -line.amount or days > _TRANSFER_DAYS:
            continue
        reasons = [Reason("own_line", {"account": own.account_name})]
        score = 82 - days
        if own.payment_account_id in named:
            score += 12
            reasons.append(Reason("own_account", {"account": own.account_name}))
        matched.add(own.payment_account_id)
        yield Proposal(
            "transfer",
            score,
            tuple(reasons),
            own_line_id=own.id,
            payment_account_id=own.payment_account_id,
        )
    for one in named.values():
        if one.id not in matched:
            yield Proposal(
                "transfer",
                70,
                (Reason("own_account", {"account": one.name}),),
                payment_account_id=one.id,
            )


def card_settlements(line: LineFacts, receipts: Sequence[CardReceipt]) -> Iterator[Proposal]:
    """Receipts of days in a row whose sum, less a fee as acquirers take it, is what the bank paid."""
    if line.amount <= 0 or line.is_opening:
        return
    text = search_key(line.text)
    spoken = any(word in text for word in _CARD_WORDS)
    by_account: dict[object, list[CardReceipt]] = {}
    for one in receipts:
        if 0 <= (line.date - one.date).days <= _SETTLEMENT_DAYS:
            by_account.setdefault(one.payment_account_id, []).append(one)
    for of_account in by_account.values():
        for window in _windows(of_account):
            gross = sum((one.amount for one in window), ZERO)
            fee = gross - line.amount
            if not 0 <= fee <= gross * _HIGHEST_CARD_FEE:
                continue
            reasons = [
                Reason(
                    "card_fee",
                    {
                        "gross": str(quantize(gross, line.currency)),
                        "percent": f"{fee * 100 / gross:.2f}",
                    },
                )
            ]
            if spoken:
                reasons.append(Reason("card_words"))
            oldest = window[0] is of_account[0]
            yield Proposal(
                "settlement",
                (70 if spoken else 50) + (22 if spoken and oldest else 10 if oldest else 0),
                tuple(reasons),
                entries=tuple(one.entry_id for one in window),
                payment_account_id=window[0].payment_account_id,
                gross=gross,
            )


def _windows(receipts: list[CardReceipt]) -> Iterator[list[CardReceipt]]:
    receipts.sort(key=lambda one: (one.date, one.entry_id))
    days = sorted({one.date for one in receipts})
    for start in range(len(days)):
        for end in range(start, len(days)):
            yield [one for one in receipts if days[start] <= one.date <= days[end]]
