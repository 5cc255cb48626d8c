"""One upload on its way into documents: columns that every kind of import has."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.models import CompanyOwned


class ImportJobRow(CompanyOwned):
    """A file, how it is read, how far its import is and what came of it. Amounts in the company's currency."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Stopped")

    file_name = models.CharField(_("file"), max_length=200)
    stored_file = models.CharField(max_length=300)
    stored_problems = models.CharField(max_length=300, blank=True)
    layout = models.CharField(_("layout"), max_length=30)
    mapping = models.JSONField(default=dict, blank=True)
    headings = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    post = models.BooleanField(_("post the documents"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.UPLOADED
    )
    message = models.CharField(max_length=500, blank=True)
    documents_expected = models.PositiveIntegerField(default=0)
    documents_done = models.PositiveIntegerField(default=0)
    documents = models.PositiveIntegerField(_("documents"), default=0)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    rejected = models.PositiveIntegerField(_("refused rows"), default=0)
    skipped = models.PositiveIntegerField(_("imported before"), default=0)
    net = AmountField(_("net"), default=0)
    vat = AmountField(_("VAT"), default=0)
    problems = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    #: A worker beats here while it is at it; empty while the message is on its way.
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(CompanyOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        """Whether a worker has it, or will have it soon."""
        return self.state in (self.State.CHECKING, self.State.RUNNING)

    @property
    def gross(self) -> object:
        """Net and VAT together."""
        return self.net + self.vat
