from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from django.contrib.auth.signals import user_logged_in  # models exist only now

        from audit import receivers

        user_logged_in.connect(receivers.sign_in_recorded, dispatch_uid="audit.sign_in")
