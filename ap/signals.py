"""Business events of payables. Sent with `send`, inside the transaction: a failing receiver fails the write."""

from django.dispatch import Signal

#: A bill was posted. Arguments: bill.
bill_posted = Signal()
#: Bills became PAID. Arguments: bill_ids (list of UUID).
bill_paid = Signal()
#: A supplier credit was posted and may settle its bill. Arguments: supplier_credit, bill (or None).
supplier_credit_posted = Signal()
