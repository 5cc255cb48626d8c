from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EinvoicingConfig(AppConfig):
    name = "einvoicing"
    verbose_name = _("E-invoicing")
    default_auto_field = "django.db.models.BigAutoField"
