"""The services of payments under one name, for callers that need several of them."""

from payments.selectors.open_items import proposal_for
from payments.services.allocating import credit_allocate, payment_allocate, payment_for_update
from payments.services.registering import payment_register
from payments.services.reversing import allocation_undo, payment_void
from payments.typed import TypedPayment

__all__ = [
    "TypedPayment",
    "allocation_undo",
    "credit_allocate",
    "payment_allocate",
    "payment_for_update",
    "payment_register",
    "payment_void",
    "proposal_for",
]
