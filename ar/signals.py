"""Business events of receivables. Sent with `send`, inside the transaction: a failing receiver fails the write."""

from django.dispatch import Signal

#: An invoice was posted. Arguments: invoice.
invoice_posted = Signal()
#: Invoices became PAID. Arguments: invoice_ids (list of UUID).
invoice_paid = Signal()
#: A credit note was posted and may settle its invoice. Arguments: credit_note, invoice (or None).
credit_note_posted = Signal()
