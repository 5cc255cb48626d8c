"""Proposals for statement lines: which booking, document, rule, transfer or card settlement a line is. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from core.money import ZERO
from core.text import search_words
from payments.bank.others import by_rule, card_settlements, transfers
from payments.bank.proposals import (
    Booking,
    Candidates,
    LineFacts,
    OpenDocument,
    Party,
    Proposal,
    Reason,
)
from payments.bank.statements import account_key

MOST_SHOWN = 5
#: Bookings further away are the same money only when the bank names them.
FAR_DAYS = 45
_MOST_COMBINED = 24
#: Words of company names that tell nobody apart.
_COMMON = frozenset(
    search_words(
        "company co est establishment trading ltd llc the and for group general saudi arabia ksa sons bros"
        " شركة مؤسسة التجارية للتجارة المحدودة السعودية العربية مجموعة و في"
    )
)


def proposals(line: LineFacts, among: Candidates) -> list[Proposal]:
    """Return what the line may be, the likeliest first, at most five; the highest score is at most 100."""
    found = [
        *_opening(line, among),
        *_booked(line, among),
        *_settling(line, among),
        *by_rule(line, among.rules),
        *transfers(line, among),
        *card_settlements(line, among.receipts),
    ]
    best: dict[str, Proposal] = {}
    for one in found:
        if one.key not in best or one.score > best[one.key].score:
            best[one.key] = one
    ranked = sorted(best.values(), key=lambda one: (-one.score, one.method, one.key))
    return _doubtful_when_equal(ranked)[:MOST_SHOWN]


def _doubtful_when_equal(ranked: list[Proposal]) -> list[Proposal]:
    """Two sure proposals of one score are not sure: a person chooses."""
    if len(ranked) > 1 and ranked[0].is_sure and ranked[0].score == ranked[1].score:
        return [replace(one, score=min(one.score, 85)) if one.is_sure else one for one in ranked]
    return ranked


# names and numbers in the text of a bank


@lru_cache(maxsize=4096)
def _number_pattern(number: str) -> re.Pattern[str] | None:
    groups = re.findall(r"[A-Z]+|[0-9]+", number.upper())
    if sum(map(len, groups)) < 4 or not any(group.isdigit() for group in groups):
        return None
    return re.compile(r"(?<![A-Z0-9])" + r"[^A-Z0-9]*".join(groups) + r"(?![0-9])")


def mentions(text: str, number: str) -> bool:
    """Whether a text names a document, however it is punctuated; numbers of fewer than four signs are no evidence."""
    pattern = _number_pattern(number) if number else None
    return pattern is not None and pattern.search(text.upper()) is not None


def same_name(text: str, party: Party) -> bool:
    """Whether the text has the words by which the party is told from others, in one of its languages."""
    found = set(search_words(text))
    for name in (party.name, party.name_arabic):
        words = [word for word in search_words(name) if word not in _COMMON and len(word) > 2]
        if words and sum(word in found for word in words) * 10 >= len(words) * 7:
            return True
    return False


def _knows_account(line: LineFacts, party: Party) -> bool:
    return bool(line.party_account) and account_key(line.party_account) in party.accounts


def _days_reason(line: LineFacts, date: dt.date) -> tuple[int, Reason | None]:
    days = abs((line.date - date).days)
    if days == 0:
        return 12, Reason("same_days")
    if days <= 3:
        return 10, Reason("near_days", {"days": days})
    if days <= 10:
        return 5, Reason("near_days", {"days": days})
    return 0, Reason("near_days", {"days": days})


# bookings that are there already


def _opening(line: LineFacts, among: Candidates) -> Iterator[Proposal]:
    """The balance before the first statement is all that was booked before it."""
    if not line.is_opening:
        return
    before = [one for one in among.bookings if one.date <= line.date]
    if before and sum((one.amount for one in before), ZERO) == line.amount:
        yield Proposal(
            "booked", 95, (Reason("opening"),), entries=tuple(one.entry_id for one in before)
        )


def _booked(line: LineFacts, among: Candidates) -> Iterator[Proposal]:
    equal = [one for one in among.bookings if one.amount == line.amount]
    for one in equal:
        proposal = _one_booking(line, one, alone=len(equal) == 1)
        if proposal is not None:
            yield proposal
    yield from _several_bookings(line, among.bookings)


def _one_booking(line: LineFacts, one: Booking, *, alone: bool) -> Proposal | None:
    named = next((n for n in (one.reference, one.number) if mentions(line.text, n)), "")
    days = abs((line.date - one.date).days)
    if days > FAR_DAYS and not named and not line.is_opening:
        return None
    score, reasons = 60, [Reason("amount")]
    if alone:
        score, reasons = score + 8, [Reason("only_amount")]
    if named:
        score += 25
        reasons.append(Reason("reference", {"number": named}))
    if one.party_name and same_name(line.text, Party("", one.entry_id, one.party_name)):
        score += 12
        reasons.append(Reason("party_name", {"name": one.party_name}))
    points, near = _days_reason(line, one.date)
    if near is not None:
        reasons.append(near)
    return Proposal("booked", min(score + points, 100), tuple(reasons), entries=(one.entry_id,))


def _several_bookings(line: LineFacts, bookings: Sequence[Booking]) -> Iterator[Proposal]:
    """A paying-in slip, or a file of payments: several bookings that the text names, or of one day."""
    named = [one for one in bookings if mentions(line.text, one.reference or one.number)]
    if len(named) > 1 and sum((one.amount for one in named), ZERO) == line.amount:
        yield _joined(named, 92)
    by_day: dict[dt.date, list[Booking]] = {}
    for one in bookings:
        if (one.amount > 0) == (line.amount > 0) and abs((one.date - line.date).days) <= 5:
            by_day.setdefault(one.date, []).append(one)
    for of_day in by_day.values():
        if len(of_day) > 1 and sum((one.amount for one in of_day), ZERO) == line.amount:
            yield _joined(of_day, 75)


def _joined(bookings: Sequence[Booking], score: int) -> Proposal:
    return Proposal(
        "booked",
        score,
        (Reason("sum", {"count": len(bookings)}),),
        entries=tuple(one.entry_id for one in bookings),
    )


# open documents: a payment is made for them


def _settling(line: LineFacts, among: Candidates) -> Iterator[Proposal]:
    kind = "customer" if line.amount > 0 else "supplier"
    amount = abs(line.amount)
    documents = [one for one in among.documents if one.party.kind == kind]
    named = [
        one
        for one in documents
        if mentions(line.text, one.number) or mentions(line.text, one.their_number)
    ]
    for party, theirs in _by_party(named):
        yield _named_documents(line, party, theirs, amount)
    known = {}
    for party in (*among.parties, *(one.party for one in documents)):
        if party.kind == kind and (_knows_account(line, party) or same_name(line.text, party)):
            known[party.id] = party
    for party in known.values():
        theirs = sorted(
            (one for one in documents if one.party.id == party.id),
            key=lambda one: (one.due_date, one.date, one.number),
        )
        yield from _documents_of(line, party, theirs, amount)
    if not named and not known:
        equal = [one for one in documents if one.open_amount == amount]
        for one in equal[:3]:
            yield Proposal(
                "payment",
                60 if len(equal) == 1 else 45,
                (Reason("document_amount", {"number": one.number}),),
                documents=((one.id, amount),),
                party=one.party,
            )


def _by_party(documents: Iterable[OpenDocument]) -> Iterator[tuple[Party, list[OpenDocument]]]:
    groups: dict[object, list[OpenDocument]] = {}
    for one in documents:
        groups.setdefault(one.party.id, []).append(one)
    for group in groups.values():
        yield group[0].party, group


def _names(party: Party) -> dict[str, str]:
    return {"name": party.name, "name_arabic": party.name_arabic}


def _party_points(line: LineFacts, party: Party) -> tuple[int, list[Reason]]:
    if _knows_account(line, party):
        return 25, [Reason("party_account", _names(party))]
    if same_name(line.text, party):
        return 15, [Reason("party_name", _names(party))]
    return 0, []


def _filled(
    documents: Sequence[OpenDocument], amount: Decimal
) -> tuple[tuple[tuple[object, Decimal], ...], Decimal]:
    """Return the amount put on the documents in their order, and what is left."""
    parts, left = [], amount
    for one in documents:
        take = min(left, one.open_amount)
        if take > 0:
            parts.append((one.id, take))
            left -= take
    return tuple(parts), left


def _named_documents(
    line: LineFacts, party: Party, documents: Sequence[OpenDocument], amount: Decimal
) -> Proposal:
    points, reasons = _party_points(line, party)
    reasons = [Reason("document", {"number": one.number}) for one in documents[:3]] + reasons
    total = sum((one.open_amount for one in documents), ZERO)
    parts, left = _filled(documents, amount)
    if total == amount:
        score = 92
        reasons.append(Reason("amount"))
    elif left:
        score = 70
        reasons.append(Reason("on_account"))
    else:
        score = 72
        reasons.append(Reason("part"))
    return Proposal(
        "payment",
        min(score + points // 3, 100 if total == amount else 88),
        tuple(reasons),
        documents=parts,  # type: ignore[arg-type]  # ids are uuids
        party=party,
    )


def _documents_of(
    line: LineFacts, party: Party, documents: Sequence[OpenDocument], amount: Decimal
) -> Iterator[Proposal]:
    """One document, several, or the oldest of a party that the line names."""
    points, reasons = _party_points(line, party)
    chosen = _equal_to(documents, amount)
    if chosen:
        single = len(chosen) == 1
        why = (
            Reason("document_amount", {"number": chosen[0].number})
            if single
            else Reason("sum", {"count": len(chosen)})
        )
        yield Proposal(
            "payment",
            min((72 if single else 66) + points, 97),
            (*reasons, why),
            documents=tuple((one.id, one.open_amount) for one in chosen),
            party=party,
        )
        return
    parts, left = _filled(documents, amount)
    why = Reason("oldest_first") if parts else Reason("on_account")
    more = (Reason("on_account"),) if left and parts else ()
    yield Proposal(
        "payment",
        min(40 + points, 65),
        (*reasons, why, *more),
        documents=parts,  # type: ignore[arg-type]  # ids are uuids
        party=party,
    )


def _equal_to(documents: Sequence[OpenDocument], amount: Decimal) -> list[OpenDocument]:
    """Return documents that are the amount together: one, the oldest in a row, or two or three among the oldest."""
    for one in documents:
        if one.open_amount == amount:
            return [one]
    running = ZERO
    for position, one in enumerate(documents, start=1):
        running += one.open_amount
        if running == amount:
            return list(documents[:position])
        if running > amount:
            break
    for size in (2, 3):
        for some in combinations(documents[:_MOST_COMBINED], size):
            if sum((one.open_amount for one in some), ZERO) == amount:
                return list(some)
    return []
