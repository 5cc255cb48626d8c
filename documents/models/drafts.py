"""What somebody was typing: auto-saved and named drafts of the editor (IF-2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import CompanyOwned


class Draft(CompanyOwned):
    """The typed state of an editor. Only its user sees it, by policy.

    One auto-saved draft (name empty) for each user, kind and document under edit; named ones as many as saved.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    document_id = models.UUIDField(null=True, blank=True)
    document_version = models.PositiveIntegerField(null=True, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    payload = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-updated_at",)
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["company", "user", "kind", "document_id"],
                condition=models.Q(name=""),
                nulls_distinct=False,
                name="draft_one_autosave",
            ),
            models.UniqueConstraint(
                fields=["company", "user", "kind", "name"],
                condition=~models.Q(name=""),
                name="draft_name_once",
            ),
        )

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.updated_at}"
