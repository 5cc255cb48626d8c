"""Proposals for stored lines, and confirming them: one, or all that are sure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from core.errors import N_, DomainError
from payments.bank.errors import BankLineNotFound, LineMatched, ProposalGone
from payments.bank.matching import proposals
from payments.bank.proposals import Proposal
from payments.models import BankLine, BankMatch, MatchRule, PaymentAccount
from payments.selectors.bank_candidates import candidates_for, line_facts
from payments.services.bank_lines import (
    PERMISSION,
    Why,
    bank_line_match,
    bank_line_pay,
    bank_line_post,
    bank_line_settle,
    bank_line_transfer,
)
from tenancy.permissions import require
from tenancy.principal import Principal

#: Lines looked at for one bulk confirmation.
BULK = 200


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a bulk confirmation did."""

    matches: tuple[BankMatch, ...]
    refused: tuple[DomainError, ...]


def proposals_for(
    account: PaymentAccount, lines: Sequence[BankLine]
) -> dict[uuid.UUID, list[Proposal]]:
    """Return the proposals of each line without a match, best first. A constant number of statements."""
    facts = [line_facts(line) for line in lines if not line.is_matched]
    among = candidates_for(account, facts)
    return {one.id: proposals(one, among) for one in facts}


def bank_line_accept(*, line_id: uuid.UUID, key: str, actor: Principal) -> BankMatch:
    """Confirm the proposal of this key; it is made anew, so that nothing outdated is confirmed. Raises ProposalGone."""
    require(actor, PERMISSION)
    line = BankLine.objects.select_related("payment_account").filter(pk=line_id).first()
    if line is None:
        raise BankLineNotFound(N_("There is no such bank line."))
    if line.is_matched:
        raise LineMatched(N_("This line is matched already."))
    found = proposals_for(line.payment_account, [line])[line.pk]
    chosen = next((one for one in found if one.key == key), None)
    if chosen is None:
        raise ProposalGone(N_("This is not possible any more; look at the proposals again."))
    return _confirm(line.pk, chosen, actor)


def _confirm(line_id: uuid.UUID, proposal: Proposal, actor: Principal) -> BankMatch:
    why = Why(
        score=proposal.score,
        reasons=tuple({"key": one.key, **one.params} for one in proposal.reasons),
        rule_id=proposal.rule_id,
    )
    if proposal.method == "booked":
        return bank_line_match(line_id=line_id, entries=proposal.entries, actor=actor, why=why)
    if proposal.method == "payment":
        assert proposal.party is not None
        return bank_line_pay(
            line_id=line_id,
            party_kind=proposal.party.kind,
            party_id=proposal.party.id,
            allocations=proposal.documents,
            actor=actor,
            why=why,
        )
    if proposal.method == "account":
        rule = MatchRule.objects.get(pk=proposal.rule_id)
        return bank_line_post(
            line_id=line_id,
            account_id=rule.account_id,
            tax_code=rule.tax_code,
            description=rule.description,
            actor=actor,
            why=why,
        )
    assert proposal.payment_account_id is not None
    if proposal.method == "transfer":
        return bank_line_transfer(
            line_id=line_id,
            payment_account_id=proposal.payment_account_id,
            own_line_id=proposal.own_line_id,
            actor=actor,
            why=why,
        )
    return bank_line_settle(
        line_id=line_id,
        entries=proposal.entries,
        payment_account_id=proposal.payment_account_id,
        actor=actor,
        why=why,
    )


def bank_lines_accept_sure(*, payment_account_id: uuid.UUID, actor: Principal) -> Confirmed:
    """Confirm every sure proposal of an account's oldest open lines. What one refuses does not stop the others.

    Nothing is used twice: a proposal that needs what another line just took is left for a person.
    """
    require(actor, PERMISSION)
    account = PaymentAccount.objects.filter(pk=payment_account_id).first()
    if account is None:
        raise BankLineNotFound(N_("There is no such payment account."))
    lines = list(
        BankLine.objects.filter(payment_account_id=account.pk, is_matched=False)
        .select_related("payment_account")
        .order_by("date", "id")[:BULK]
    )
    found = proposals_for(account, lines)
    used: set[uuid.UUID] = set()
    matches, refused = [], []
    for line in lines:
        best = next(iter(found[line.pk]), None)
        if best is None or not best.is_sure:
            continue
        needs = {*best.entries, *(key for key, _ in best.documents)}
        needs |= {best.own_line_id} if best.own_line_id else set()
        if needs & used:
            continue
        try:
            with transaction.atomic():
                matches.append(_confirm(line.pk, best, actor))
        except DomainError as error:
            refused.append(error)
        else:
            used |= needs
    return Confirmed(tuple(matches), tuple(refused))
