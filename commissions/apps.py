from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommissionsConfig(AppConfig):
    name = "commissions"
    verbose_name = _("Commissions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect commissions to the events of lower apps."""
        from ar.signals import credit_note_posted, invoice_paid, invoice_reopened  # as above
        from commissions import receivers  # models exist only now

        invoice_paid.connect(
            receivers.paid_invoices_earn_commission, dispatch_uid="commissions.paid"
        )
        invoice_reopened.connect(
            receivers.reopened_invoices_lose_commission, dispatch_uid="commissions.reopened"
        )
        credit_note_posted.connect(
            receivers.credited_invoices_earn_less, dispatch_uid="commissions.credited"
        )
