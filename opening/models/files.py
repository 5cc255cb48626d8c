"""One file of opening balances on its way into the books (accounting.md section 10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, finite
from tenancy.models import CompanyOwned


class OpeningFile(CompanyOwned):
    """A file, the go-live date it is for, what a check found, and what it posted. `total` in base currency."""

    class Step(models.TextChoices):
        CUSTOMERS = "customers", _("Open customer documents")
        SUPPLIERS = "suppliers", _("Open supplier documents")
        STOCK = "stock", _("Stock")
        ACCOUNTS = "accounts", _("Trial balance")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        POSTED = "posted", _("Posted")
        UNDONE = "undone", _("Undone")

    step = models.CharField(_("step"), max_length=9, choices=Step.choices)
    date = models.DateField(_("go-live date"))
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.UPLOADED
    )
    file_name = models.CharField(_("file"), max_length=200)
    stored_file = models.CharField(max_length=300)
    mapping = models.JSONField(default=dict, blank=True)
    headings = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    create_parties = models.BooleanField(_("add missing parties"), default=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    rejected = models.PositiveIntegerField(_("refused rows"), default=0)
    total = AmountField(_("total"), default=0)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("opening file")
        verbose_name_plural = _("opening files")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["company", "step"],
                condition=models.Q(step="accounts", state="posted"),
                name="opening_trial_balance_once",
            ),
            SqlCheck(
                "step IN ('customers', 'suppliers', 'stock', 'accounts')",
                name="opening_file_step_known",
            ),
            SqlCheck(
                "state IN ('uploaded', 'checked', 'posted', 'undone')",
                name="opening_file_state_known",
            ),
            finite("opening_file", "total", minimum=None),
        )
        indexes = (models.Index(fields=["company", "-created_at"], name="opening_file_by_date"),)

    def __str__(self) -> str:
        return f"{self.step} {self.file_name}"
