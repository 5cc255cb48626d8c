"""CAMT.053 (ISO 20022 bank-to-customer statements), every version, read over defusedxml. Pure.

A small reader of our own: the packages that read camt.053 today are first versions that change each month. defusedxml
refuses document types, entities and references to other files, so a statement cannot expand or reach anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import (  # only the type and the error; defusedxml parses
    Element,
    ParseError,
)

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.errors import N_
from payments.bank.statements import (
    ParsedEntry,
    ParsedStatement,
    UnreadableStatement,
    amount_in,
    day_in,
    one_line,
)

_OPENING = ("OPBD", "PRCD")
_NONE = frozenset({"NOTPROVIDED", "NONREF", ""})


def read_camt(data: bytes) -> list[ParsedStatement]:
    """Return the statements of a CAMT.053 file, in order. Raises UnreadableStatement."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableStatement(
            N_("The XML file declares a document type or entities; statements have none."),
            field="file",
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableStatement(
            N_("The XML file cannot be read: %(reason)s."),
            field="file",
            params={"reason": one_line(str(error), 160)},
        ) from error
    _forget_namespaces(root)
    found = root.findall("./BkToCstmrStmt/Stmt")
    if not found:
        raise UnreadableStatement(N_("The file holds no CAMT.053 statement."), field="file")
    return [_statement(one, number) for number, one in enumerate(found, start=1)]


def _forget_namespaces(root: Element) -> None:
    # the namespace is the version of the message; the elements read here are the same in all
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]


def _text(element: Element, *paths: str) -> str:
    """Return the text of the first path that has one."""
    for path in paths:
        found = element.findtext(path)
        if found and found.strip():
            return found.strip()
    return ""


def _money(element: Element, where: str) -> tuple[Decimal, str]:
    """Return the signed amount of an entry or balance and its currency."""
    amount = element.find("Amt")
    sign = _text(element, "CdtDbtInd")
    if amount is None or sign not in ("CRDT", "DBIT"):
        raise UnreadableStatement(
            N_("%(where)s: an amount or its credit or debit mark is missing."),
            field="file",
            params={"where": where},
        )
    value = amount_in(amount.text, where=where)
    if value < 0:
        raise UnreadableStatement(
            N_("%(where)s: the amount %(amount)s cannot be read."),
            field="file",
            params={"where": where, "amount": str(value)},
        )
    return (value if sign == "CRDT" else -value), amount.get("Ccy", "")


def _balances(statement: Element, identifier: str) -> dict[str, tuple[Decimal, str, str]]:
    """Return code -> (amount, currency, date); of several with one code the first opening and the last closing."""
    found: dict[str, tuple[Decimal, str, str]] = {}
    for balance in statement.findall("Bal"):
        code = _text(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd")
        if code not in (*_OPENING, "CLBD") or (code != "CLBD" and code in found):
            continue
        amount, currency = _money(balance, identifier)
        found[code] = amount, currency, _text(balance, "Dt/Dt", "Dt/DtTm")
    return found


def _statement(element: Element, number: int) -> ParsedStatement:
    identifier = one_line(_text(element, "Id"), 60) or str(number)
    account = _text(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id")
    balances = _balances(element, identifier)
    opening = next((balances[code] for code in _OPENING if code in balances), None)
    closing = balances.get("CLBD")
    if not account or opening is None or closing is None:
        raise UnreadableStatement(
            N_("Statement %(statement)s lacks its account, opening or closing balance."),
            field="file",
            params={"statement": identifier},
        )
    entries, currencies = [], {opening[1], closing[1]}
    if stated := _text(element, "Acct/Ccy"):
        currencies.add(stated)
    for entry, currency in _entries(element, identifier):
        entries.append(entry)
        currencies.add(currency)
    if len(currencies) > 1:
        raise UnreadableStatement(
            N_("Statement %(statement)s mixes the currencies %(currencies)s."),
            field="file",
            params={"statement": identifier, "currencies": ", ".join(sorted(currencies))},
        )
    days = [entry.date for entry in entries]
    last = day_in(closing[2], where=identifier)
    return ParsedStatement(
        account=one_line(account, 60),
        currency=currencies.pop(),
        identifier=identifier,
        date_from=min([*days, last]),
        date_to=max([*days, last]),
        opening=opening[0],
        closing=closing[0],
        entries=tuple(entries),
    )


def _entries(statement: Element, identifier: str) -> Iterator[tuple[ParsedEntry, str]]:
    for number, entry in enumerate(statement.findall("Ntry"), start=1):
        # pending and information entries move no balance
        if _text(entry, "Sts/Cd", "Sts") not in ("BOOK", ""):
            continue
        where = f"{identifier}, {number}"
        amount, currency = _money(entry, where)
        booked = _text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
        value = _text(entry, "ValDt/Dt", "ValDt/DtTm")
        name, account = _party(entry, money_in=amount > 0)
        yield (
            ParsedEntry(
                date=day_in(booked, where=where),
                value_date=day_in(value, where=where) if value else None,
                amount=amount,
                bank_reference=_known(
                    _text(entry, "AcctSvcrRef", "NtryDtls/TxDtls/Refs/AcctSvcrRef")
                ),
                reference=_known(
                    _text(
                        entry,
                        "NtryDtls/TxDtls/Refs/EndToEndId",
                        "NtryDtls/TxDtls/Refs/InstrId",
                        "NtryRef",
                    )
                ),
                party_name=name,
                party_account=account,
                narrative=_narrative(entry),
                code=one_line(_text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd", "BkTxCd/Prtry/Cd"), 10),
            ),
            currency,
        )


def _known(text: str) -> str:
    reference = one_line(text, 120)
    return "" if reference.upper() in _NONE else reference


def _party(entry: Element, *, money_in: bool) -> tuple[str, str]:
    """Return name and account of the other side: who paid, or who was paid."""
    side = "Dbtr" if money_in else "Cdtr"
    parties = entry.find("NtryDtls/TxDtls/RltdPties")
    if parties is None:
        return "", ""
    name = _text(parties, f"{side}/Nm", f"{side}/Pty/Nm")
    account = _text(parties, f"{side}Acct/Id/IBAN", f"{side}Acct/Id/Othr/Id")
    return one_line(name, 200), one_line(account, 60).replace(" ", "")


def _narrative(entry: Element) -> str:
    parts = [
        *(found.text for found in entry.findall("NtryDtls/TxDtls/RmtInf/Ustrd")),
        *(found.text for found in entry.findall("NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref")),
        *(found.text for found in entry.findall("NtryDtls/TxDtls/RmtInf/Strd/RfrdDocInf/Nb")),
        *(found.text for found in entry.findall("NtryDtls/TxDtls/AddtlTxInf")),
        entry.findtext("AddtlNtryInf"),
    ]
    return one_line(" ".join(part for part in parts if part))
