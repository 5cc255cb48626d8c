from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArConfig(AppConfig):
    name = "ar"
    verbose_name = _("Customers and invoices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the document types, and who journal lines may be about."""
        from ar import document_types  # noqa: F401  # registering is the point of the import
        from ar.selectors.party_source import CUSTOMERS
        from ledger.parties import register_parties

        register_parties(CUSTOMERS)
