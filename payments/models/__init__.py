"""Money in, and what it settles."""

from payments.models.allocations import Allocation
from payments.models.payments import Payment, PaymentAccount

__all__ = ["Allocation", "Payment", "PaymentAccount"]
