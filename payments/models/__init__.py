"""Money in, and what it settles."""

from payments.models.allocations import Allocation
from payments.models.bank import (
    BankFile,
    BankLine,
    BankMatch,
    BankMatchItem,
    BankStatement,
    CsvLayout,
    MatchRule,
)
from payments.models.payments import Payment, PaymentAccount

__all__ = [
    "Allocation",
    "BankFile",
    "BankLine",
    "BankMatch",
    "BankMatchItem",
    "BankStatement",
    "CsvLayout",
    "MatchRule",
    "Payment",
    "PaymentAccount",
]
