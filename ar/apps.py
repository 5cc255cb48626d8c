from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArConfig(AppConfig):
    name = "ar"
    verbose_name = _("Customers and invoices")
    default_auto_field = "django.db.models.BigAutoField"
