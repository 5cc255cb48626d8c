"""OFX, version 1 (SGML) and 2 (XML), read by the parser of the package ofxtools. Pure.

Only its parser is used, not its models: banks break the specification in ways that do not matter here (an account
number of ten digits), and amounts and dates are read by our own strict rules anyway. The parser knows no entities.
"""

from __future__ import annotations

import html
import io
from xml.etree.ElementTree import Element  # only the type; ofxtools parses

from ofxtools.header import OFXHeaderError, parse_header
from ofxtools.Parser import ParseError, TreeBuilder

from core.errors import N_
from core.money import ZERO
from payments.bank.statements import (
    ParsedEntry,
    ParsedStatement,
    UnreadableStatement,
    amount_in,
    day_in,
    one_line,
)


def read_ofx(data: bytes) -> list[ParsedStatement]:
    """Return a statement for each account of an OFX file. Raises UnreadableStatement."""
    root = _tree(_message(data))
    found = [*root.iter("STMTRS"), *root.iter("CCSTMTRS")]
    if not found:
        raise UnreadableStatement(N_("The file holds no OFX statement."), field="file")
    return [_statement(one) for one in found]


def _message(data: bytes) -> str:
    if data.lstrip().startswith(b"<OFX>"):
        # the header is missing; some exports are like that
        return data.decode("utf-8", errors="replace")
    try:
        _header, message = parse_header(io.BytesIO(data))
    except (OFXHeaderError, ValueError, LookupError, AttributeError) as error:
        raise UnreadableStatement(
            N_("The header of the OFX file cannot be read."), field="file"
        ) from error
    return str(message)


def _tree(message: str) -> Element:
    builder = TreeBuilder()
    try:
        builder.feed(message)
        root = builder.close()
    except (ParseError, AssertionError, IndexError, ValueError) as error:
        raise UnreadableStatement(
            N_("The OFX file cannot be read: %(reason)s."),
            field="file",
            params={"reason": one_line(str(error), 160) or "OFX"},
        ) from error
    if root is None or root.tag != "OFX":
        raise UnreadableStatement(N_("The file holds no OFX statement."), field="file")
    return root


def _text(element: Element, path: str, limit: int = 200) -> str:
    return one_line(html.unescape(element.findtext(path) or ""), limit)


def _statement(found: Element) -> ParsedStatement:
    account = _text(found, "BANKACCTFROM/ACCTID", 60) or _text(found, "CCACCTFROM/ACCTID", 60)
    if not account:
        raise UnreadableStatement(N_("The OFX statement names no account."), field="file")
    entries = tuple(_entry(one, account) for one in found.findall("BANKTRANLIST/STMTTRN"))
    closing = amount_in(found.findtext("LEDGERBAL/BALAMT"), where=account)
    as_of = day_in(found.findtext("LEDGERBAL/DTASOF"), where=account)
    days = [entry.date for entry in entries]
    # DTSTART says what was asked for, not what is there; an account can begin in the year 2000 that way
    first = min([*days, as_of])
    last = max([*days, as_of])
    return ParsedStatement(
        account=account,
        currency=_text(found, "CURDEF", 3),
        identifier=f"OFX {account} {first:%Y-%m-%d} {last:%Y-%m-%d}",
        date_from=first,
        date_to=last,
        opening=closing - sum((entry.amount for entry in entries), ZERO),
        closing=closing,
        entries=entries,
        opening_is_derived=True,
    )


def _entry(found: Element, account: str) -> ParsedEntry:
    reference = _text(found, "FITID", 120)
    where = f"{account}, {reference}" if reference else account
    name, memo = _text(found, "NAME"), _text(found, "MEMO", 800)
    return ParsedEntry(
        # the amount first: it is the fault that people look for
        amount=amount_in(found.findtext("TRNAMT"), where=where),
        date=day_in(found.findtext("DTPOSTED"), where=where),
        bank_reference=reference,
        reference=_text(found, "CHECKNUM", 120) or _text(found, "REFNUM", 120),
        party_name=name,
        narrative=memo if memo.startswith(name) else one_line(f"{name} {memo}"),
        code=_text(found, "TRNTYPE", 10),
    )
