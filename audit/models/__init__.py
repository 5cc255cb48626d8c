"""The audit log, as Django reads it."""

from audit.models.entries import AuditEntry

__all__ = ["AuditEntry"]
