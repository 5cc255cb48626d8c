"""Answers kept by Idempotency-Key (reliability.md part 6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import CompanyOwned


class IdempotencyKey(CompanyOwned):
    """One request that was made under a client's key, and its answer.

    Written in the request's own transaction: a refused or failed request leaves no row. `status` is empty while the
    request runs.
    """

    operation = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta(CompanyOwned.Meta):
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["company", "operation", "key"], name="idempotency_key_once"
            ),
        )
        indexes = (models.Index(fields=["expires_at"], name="idempotency_key_expiry"),)

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
