"""Files kept beside a record: the supplier's bill, the contract behind a journal, a receipt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.constraints import SqlCheck
from tenancy.models import CompanyOwned


class Attachment(CompanyOwned):
    """One file of one record (`entity_kind`, `entity_id`); its content lies in file storage under `stored_file`."""

    entity_kind = models.CharField(max_length=40)
    entity_id = models.UUIDField()
    file_name = models.CharField(_("file"), max_length=200)
    content_type = models.CharField(_("kind of file"), max_length=80)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    stored_file = models.CharField(max_length=300)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        ordering = ("created_at",)
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["company", "entity_kind", "entity_id", "sha256"], name="attachment_once"
            ),
            SqlCheck("size > 0", name="attachment_not_empty"),
            SqlCheck("sha256 ~ '^[0-9a-f]{64}$'", name="attachment_sha256_form"),
        )

    def __str__(self) -> str:
        return self.file_name
