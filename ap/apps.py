from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApConfig(AppConfig):
    name = "ap"
    verbose_name = _("Suppliers and bills")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the document types, and who journal lines may be about."""
        from ap import document_types  # noqa: F401  # registering is the point of the import
        from ap.selectors.party_source import SUPPLIERS
        from ledger.parties import register_parties

        register_parties(SUPPLIERS)
