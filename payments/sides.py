"""The two sides of settlement as data: receivables with customers, payables with suppliers. Pure.

What pays is a source (money, a credit, a journal entry), what is paid a target (a document, a refund).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """Where one side keeps its open items, and the roles it books on.

    `sign`: +1 where a source is a debit that pays a claim of ours, -1 where it pays what we owe.
    """

    party: str
    sign: int
    money: str
    control: str
    discount: str
    document: str
    document_table: str
    credit: str
    credit_table: str


CUSTOMER = Side(
    party="customer",
    sign=1,
    money="in",
    control="ar_control",
    discount="settlement_discount_allowed",
    document="invoice",
    document_table="ar_invoice",
    credit="credit_note",
    credit_table="ar_creditnote",
)
SUPPLIER = Side(
    party="supplier",
    sign=-1,
    money="out",
    control="ap_control",
    discount="supplier_rebates",
    document="bill",
    document_table="ap_bill",
    credit="supplier_credit",
    credit_table="ap_suppliercredit",
)


def side_of(party: str) -> Side:
    """Return the side of `customer` or `supplier`."""
    return CUSTOMER if party == "customer" else SUPPLIER
