from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommissionsConfig(AppConfig):
    name = "commissions"
    verbose_name = _("Commissions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect commissions to the events of lower apps."""
        from ar.signals import invoice_paid  # models exist only now
        from commissions.receivers import paid_invoices_earn_commission

        invoice_paid.connect(paid_invoices_earn_commission, dispatch_uid="commissions.paid")
