"""Broken rules of commissions."""

from __future__ import annotations

from core.errors import DomainError


class SnapshotNotFound(DomainError):
    """There is no such commission for the actor."""

    code = "not_found"
    status = 404


class SnapshotState(DomainError):
    """Only a pending commission is approved."""

    code = "commission_state"
    status = 409


class NothingToPay(DomainError):
    """A payout is greater than zero: what was taken back waits for the next one (accounting.md section 7)."""

    code = "nothing_to_pay"
    status = 409
