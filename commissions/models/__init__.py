"""Commissions earned by salespeople."""

from commissions.models.snapshots import CommissionSnapshot

__all__ = ["CommissionSnapshot"]
