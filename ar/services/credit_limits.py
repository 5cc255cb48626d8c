"""The credit limit, checked while posting (SP-3): nothing, a warning, or a refusal, as the customer's card says."""

from __future__ import annotations

from decimal import Decimal

from ar.errors import CreditLimitExceeded
from ar.models import Customer
from ar.models.customers import CreditControl
from core.errors import N_
from core.money import ZERO
from ledger.selectors.lines import party_balances
from tenancy.principal import Principal

OVERRIDE = "override_credit_limit"


def credit_limit_check(customer: Customer, base_total: Decimal, *, actor: Principal) -> bool:
    """Return whether an invoice of `base_total` takes the customer over the limit; refuse it where the card says so.

    Before a refusal the customer's row is locked, so that two invoices at once cannot both fit under the limit. Who may
    override, and where the card only warns, posts anyway and is told. Base currency. Raises CreditLimitExceeded. No
    statement for customers without a limit.
    """
    limit, control = customer.credit_limit, customer.credit_control
    if limit is None or control == CreditControl.OFF or base_total <= 0:
        return False
    blocks = control == CreditControl.BLOCK and OVERRIDE not in actor.permissions
    if blocks:
        # shares with foreign keys to the customer, not with another posting
        rows = Customer.objects.select_for_update(no_key=True).filter(pk=customer.pk)
        rows.values_list("pk").get()
    owed = party_balances([customer.pk]).get(customer.pk, ZERO)
    if owed + base_total <= limit:
        return False
    if blocks:
        raise CreditLimitExceeded(
            N_("%(owed)s is open and the limit is %(limit)s: this invoice does not fit."),
            field="customer",
            params={"owed": owed, "limit": limit},
        )
    return True
