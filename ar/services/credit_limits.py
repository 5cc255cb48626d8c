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


def credit_limit_check(customer: Customer, base_total: Decimal, *, actor: Principal) -> None:
    """Refuse an invoice of `base_total` that takes the customer over the limit, where the card says so.

    The customer's row is locked first, so that two invoices at once cannot both fit under the limit. Who may override
    posts anyway; where the card only warns, pages and API say it (ar.selectors.credit). Base currency. Raises
    CreditLimitExceeded. No statement for customers without a limit.
    """
    if (
        customer.credit_limit is None
        or customer.credit_control != CreditControl.BLOCK
        or base_total <= 0
        or OVERRIDE in actor.permissions
    ):
        return
    # shares with foreign keys to the customer, not with another posting
    Customer.objects.select_for_update(no_key=True).filter(pk=customer.pk).values_list("pk").get()
    owed = party_balances([customer.pk]).get(customer.pk, ZERO)
    if owed + base_total > customer.credit_limit:
        raise CreditLimitExceeded(
            N_("%(owed)s is open and the limit is %(limit)s: this invoice does not fit."),
            field="customer",
            params={"owed": owed, "limit": customer.credit_limit},
        )
