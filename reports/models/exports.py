"""One file being made in the background (SP-7)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.constraints import SqlCheck
from tenancy.models import CompanyOwned


class ExportJob(CompanyOwned):
    """A report or list on its way into a file: what was asked, how far it is, where the file lies and until when."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being written")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Stopped")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Deleted")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"
        PDF = "pdf", "PDF"

    #: "report" or "list", and its key in the registry.
    source = models.CharField(max_length=6)
    key = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=200)
    query = models.JSONField(default=dict, blank=True)
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    language = models.CharField(max_length=2, default="en")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    message = models.CharField(max_length=500, blank=True)
    rows_done = models.PositiveIntegerField(_("rows"), default=0)
    rows_expected = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    stored_file = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = (
            *CompanyOwned.Meta.constraints,
            SqlCheck("source IN ('report', 'list')", name="export_job_source_known"),
            SqlCheck("format IN ('csv', 'xlsx', 'pdf')", name="export_job_format_known"),
            SqlCheck(
                "state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')",
                name="export_job_state_known",
            ),
            SqlCheck(
                "state <> 'done' OR (stored_file <> '' AND expires_at IS NOT NULL)",
                name="export_job_done_has_file",
            ),
        )
        indexes = (
            models.Index(
                fields=["company", "created_by", "-created_at"], name="export_job_by_user"
            ),
            models.Index(
                fields=["company", "state"],
                condition=models.Q(state__in=["queued", "running", "done"]),
                name="export_job_to_watch",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_working(self) -> bool:
        """Whether a worker has it, or will have it soon."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)
