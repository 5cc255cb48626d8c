from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect payments to the events of lower apps."""
        from ap.signals import supplier_credit_posted
        from ar.signals import (  # models exist only now
            credit_note_posted,
            invoice_relief_undone,
            invoice_relieved,
        )
        from ledger.signals import books_created
        from payments import receivers

        books_created.connect(
            receivers.company_gets_payment_accounts, dispatch_uid="payments.accounts"
        )
        credit_note_posted.connect(
            receivers.credit_note_settles_invoice, dispatch_uid="payments.notes"
        )
        supplier_credit_posted.connect(
            receivers.supplier_credit_settles_bill, dispatch_uid="payments.supplier_credits"
        )
        invoice_relieved.connect(receivers.entry_settles_invoice, dispatch_uid="payments.relieved")
        invoice_relief_undone.connect(
            receivers.reversed_entry_reopens, dispatch_uid="payments.relief_undone"
        )
