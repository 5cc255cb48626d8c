"""Rules of the VAT return that can be broken."""

from __future__ import annotations

from core.errors import DomainError


class VatReturnState(DomainError):
    """A return is prepared, then filed, then paid; each step back has its own rule."""

    code = "vat_return_state"
    status = 409


class VatReturnStale(DomainError):
    """The books changed since the return was prepared."""

    code = "vat_return_stale"
    status = 409


class VatNotReconciled(DomainError):
    """VAT accounts moved by something that no box has; the rows are listed under box 14."""

    code = "vat_not_reconciled"
    status = 409


class CorrectionTooLarge(DomainError):
    """Corrections above 5,000 either way need a corrected return."""

    code = "correction_too_large"
