"""The payment accounts a new company starts with."""

from __future__ import annotations

from ledger.models import Account
from payments.models import PaymentAccount


def payment_accounts_create(*, company_id: int, currency: str) -> None:
    """Create till, bank and card clearing on the accounts that carry their roles."""
    roles = {
        "cash_main": ("CASH", "Cash", "الصندوق", PaymentAccount.Kind.CASH),
        "bank_main": ("BANK", "Bank", "البنك", PaymentAccount.Kind.BANK),
        "card_clearing": ("CARD", "Card (mada)", "مدى وبطاقات", PaymentAccount.Kind.CARD),
    }
    PaymentAccount.objects.bulk_create(
        PaymentAccount(
            company_id=company_id,
            code=roles[account.role][0],
            name=roles[account.role][1],
            name_arabic=roles[account.role][2],
            kind=roles[account.role][3],
            account_id=account.pk,
            currency=currency,
        )
        for account in Account.objects.filter(role__in=roles).order_by("code")
    )
