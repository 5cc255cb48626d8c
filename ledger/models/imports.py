"""One upload of journals on its way into the ledger."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import finite
from tenancy.models import CompanyOwned


class JournalImport(CompanyOwned):
    """A file of journals, how it is read and what came of it. `total` is the sum of the debits in base currency."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Stopped")

    file_name = models.CharField(_("file"), max_length=200)
    stored_file = models.CharField(max_length=300)
    mapping = models.JSONField(default=dict, blank=True)
    accounts = models.JSONField(default=dict, blank=True)
    unknown_accounts = models.JSONField(default=list, blank=True)
    headings = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    create_accounts = models.BooleanField(_("make missing accounts"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.UPLOADED
    )
    message = models.CharField(max_length=500, blank=True)
    entries = models.PositiveIntegerField(_("journals"), default=0)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    rejected = models.PositiveIntegerField(_("refused rows"), default=0)
    skipped = models.PositiveIntegerField(_("imported before"), default=0)
    total = AmountField(_("total"), default=0)
    problems = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("import of journals")
        verbose_name_plural = _("imports of journals")
        constraints = (
            *CompanyOwned.Meta.constraints,
            finite("journal_import", "total"),
        )
        indexes = (models.Index(fields=["company", "-created_at"], name="journal_import_by_date"),)

    def __str__(self) -> str:
        return self.file_name
