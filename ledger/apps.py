from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("Ledger")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the ledger to the events of lower apps."""
        from ledger.parties import register_parties
        from ledger.receivers import company_gets_books  # models exist only now
        from ledger.selectors.parties import EMPLOYEES
        from tenancy.services.companies import company_created

        company_created.connect(company_gets_books, dispatch_uid="ledger.books")
        register_parties(EMPLOYEES)
