from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reports.registry import REPORTS
        from web.navigation import PALETTE, Entry

        PALETTE[:] = [
            Entry(f"report-{one.key}", one.title, f"reports:{one.key}", one.icon, one.permission)
            for one in REPORTS
        ]
