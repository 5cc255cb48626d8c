"""Lock dates by area (accounting.md section 10). The journal's trigger obeys them; the strictest wins."""

from __future__ import annotations

import datetime as dt

from core.errors import N_, DomainError
from core.transactions import write
from ledger.errors import LockRefused, ReasonMissing
from ledger.models import LockDate, Period
from tenancy.context import current_actor_id
from tenancy.permissions import require
from tenancy.principal import Principal

TAX = LockDate.Area.TAX


@write
def lock_date_set(
    *, area: str, until: dt.date | None, actor: Principal, reason: str = ""
) -> LockDate | None:
    """Lock an area up to and including a day; None unlocks it. Earlier than before only by an owner with a reason.

    The tax lock is set by filing a VAT return alone. Raises LockRefused, ReasonMissing, PermissionRefused.
    """
    if area not in LockDate.Area.values:
        raise DomainError(N_("Choose an area."), code="unknown_area", field="area")
    require(actor, "ledger.period.close")
    if area == TAX:
        raise LockRefused(
            N_("The tax lock is set by filing a VAT return and lifted by taking it back."),
            field="area",
        )
    current = LockDate.objects.select_for_update().filter(area=area).first()
    if current is not None and (until is None or until < current.until):
        require(actor, "ledger.period.reopen")
        reason = reason.strip()
        if not reason:
            raise ReasonMissing(N_("State why the lock is lifted."), field="reason")
    return lock_date_store(area=area, until=until, reason=reason)


def lock_date_store(*, area: str, until: dt.date | None, reason: str = "") -> LockDate | None:
    """Store a lock date; journals on their way before it finish first. For services that have checked who and why."""
    if until is not None:
        periods_hold(until=until)
        lock, _ = LockDate.objects.update_or_create(
            area=area,
            defaults={"until": until, "reason": reason, "changed_by_id": current_actor_id()},
        )
        return lock
    LockDate.objects.filter(area=area).delete()
    return None


def periods_hold(*, until: dt.date) -> None:
    """Wait for the journals on their way up to a day; later ones wait for the end of this transaction.

    Each posting holds its period FOR SHARE.
    """
    list(
        Period.objects.select_for_update()
        .filter(start_date__lte=until)
        .exclude(state=Period.State.CLOSED)
        .order_by("start_date")
        .values_list("pk", flat=True)
    )


def lock_dates() -> dict[str, LockDate]:
    """Return the company's lock dates by area."""
    return {lock.area: lock for lock in LockDate.objects.select_related("changed_by")}
