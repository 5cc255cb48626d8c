from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApConfig(AppConfig):
    name = "ap"
    verbose_name = _("Suppliers and bills")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the document types."""
        from ap import document_types  # noqa: F401  # registering is the point of the import
