"""One row of the audit trail. Written by database triggers only; the application may read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.images import ImageField
from tenancy.models.owned import CompanyManager


class AuditEntry(models.Model):
    """What changed, who did it, in which request, and why (RR-9)."""

    company = models.ForeignKey(
        "tenancy.Company", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("time"))
    action = models.TextField(_("action"))
    entity_type = models.TextField(_("kind"))
    entity_id = models.TextField(_("key"))
    old = ImageField(_("before"), null=True)
    new = ImageField(_("after"), null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    role = models.TextField(_("role"))
    source = models.TextField(_("source"))
    cause = models.TextField(_("cause"))
    request_id = models.TextField(_("request"))
    database_role = models.TextField(_("database role"))

    objects = CompanyManager()

    class Meta:
        managed = False
        db_table = "audit_log"
        ordering = ("-at", "-id")
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")

    def __str__(self) -> str:
        return f"{self.at} {self.action} {self.entity_type} {self.entity_id}"
