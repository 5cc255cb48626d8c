"""Business events of receivables. Sent with `send`, inside the transaction: a failing receiver fails the write."""

from django.dispatch import Signal

#: An invoice was posted. Arguments: invoice.
invoice_posted = Signal()
#: Invoices became PAID. Arguments: invoice_ids (list of UUID).
invoice_paid = Signal()
#: A credit note was posted and may settle its invoice. Arguments: credit_note, invoice (or None).
credit_note_posted = Signal()
#: Invoices that were PAID are open again: an allocation was undone or a payment reversed. Arguments: invoice_ids,
#: date (of the undoing).
invoice_reopened = Signal()
#: A posted journal entry of receivables settles part of an invoice without money: a bad debt written off (S12), a
#: prepayment applied (S10). Arguments: invoice, entry_id, amount (the invoice's currency), base_amount (carrying amount
#: relieved, documents.carrying), date.
invoice_relieved = Signal()
#: Such an entry was reversed: what it settled is open again. Arguments: entry_id, date.
invoice_relief_undone = Signal()
