from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpeningConfig(AppConfig):
    name = "opening"
    verbose_name = _("Opening balances")
    default_auto_field = "django.db.models.BigAutoField"
