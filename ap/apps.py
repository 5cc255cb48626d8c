from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApConfig(AppConfig):
    name = "ap"
    verbose_name = _("Suppliers and bills")
    default_auto_field = "django.db.models.BigAutoField"
