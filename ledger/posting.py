"""What a document writes into the ledger, as plain data (accounting.md sections 3 to 5). Pure.

Posting code names accounts by role, never by code; the ledger finds the company's account for each role. A draft that
does not balance cannot be made. A zero-total document has no journal: its builder returns None.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from core.errors import N_, DomainError
from core.money import AMOUNT_LIMIT, ZERO, distribute, product, quantize


class AccountRole(StrEnum):
    """The meaning of an account; a company maps each role to one of its accounts."""

    CASH_MAIN = "cash_main"
    BANK_MAIN = "bank_main"
    CARD_CLEARING = "card_clearing"
    GATEWAY_CLEARING = "gateway_clearing"
    CASH_IN_TRANSIT = "cash_in_transit"
    CHEQUES_UNDER_COLLECTION = "cheques_under_collection"
    BANK_SUSPENSE = "bank_suspense"
    AR_CONTROL = "ar_control"
    ECL_ALLOWANCE = "ecl_allowance"
    PDC_RECEIVABLE = "pdc_receivable"
    EMPLOYEE_ADVANCES = "employee_advances"
    COMMISSION_RECOVERABLE = "commission_recoverable"
    INVENTORY = "inventory"
    GOODS_IN_TRANSIT = "goods_in_transit"
    QUARANTINE = "quarantine"
    NRV_ALLOWANCE = "nrv_allowance"
    VAT_INPUT = "vat_input"
    VAT_INPUT_CUSTOMS = "vat_input_customs"
    VAT_INPUT_RC = "vat_input_rc"
    VAT_CREDIT = "vat_credit"
    PREPAID_RENT = "prepaid_rent"
    PREPAID_OTHER = "prepaid_other"
    SUPPLIER_ADVANCES = "supplier_advances"
    AP_CONTROL = "ap_control"
    PDC_PAYABLE = "pdc_payable"
    GRNI = "grni"
    LANDED_COST_CLEARING = "landed_cost_clearing"
    COMMISSION_PAYABLE = "commission_payable"
    COMMISSION_NOT_DUE = "commission_not_due"
    ACCRUED_OTHER = "accrued_other"
    CUSTOMER_ADVANCES = "customer_advances"
    CUSTOMER_DEPOSITS = "customer_deposits"
    DEFERRED_REVENUE = "deferred_revenue"
    VAT_OUTPUT = "vat_output"
    VAT_OUTPUT_RC = "vat_output_rc"
    VAT_SETTLEMENT = "vat_settlement"
    WHT_PAYABLE = "wht_payable"
    COMMISSION_TAX_WITHHELD = "commission_tax_withheld"
    ZAKAT_PAYABLE = "zakat_payable"
    CAPITAL = "capital"
    RETAINED_EARNINGS = "retained_earnings"
    CURRENT_YEAR_RESULT = "current_year_result"
    PRIOR_YEAR_ADJUSTMENTS = "prior_year_adjustments"
    OPENING_AR = "opening_ar"
    OPENING_AP = "opening_ap"
    OPENING_STOCK = "opening_stock"
    OPENING_OTHER = "opening_other"
    REVENUE_STANDARD = "revenue_standard"
    REVENUE_ZERO = "revenue_zero"
    REVENUE_EXPORT = "revenue_export"
    REVENUE_EXEMPT = "revenue_exempt"
    REVENUE_SERVICE = "revenue_service"
    SALES_RETURNS = "sales_returns"
    SALES_DISCOUNTS = "sales_discounts"
    SETTLEMENT_DISCOUNT_ALLOWED = "settlement_discount_allowed"
    OTHER_INCOME = "other_income"
    FX_GAIN_REALISED = "fx_gain_realised"
    FX_GAIN_UNREALISED = "fx_gain_unrealised"
    ROUNDING_GAIN = "rounding_gain"
    COGS = "cogs"
    COST_FREE_GOODS = "cost_free_goods"
    PRICE_VARIANCE = "price_variance"
    SUPPLIER_REBATES = "supplier_rebates"
    COUNT_DIFFERENCE = "count_difference"
    STOCK_WRITE_OFF = "stock_write_off"
    NRV_EXPENSE = "nrv_expense"
    COMMISSION_EXPENSE = "commission_expense"
    FREE_SAMPLES = "free_samples"
    CREDIT_LOSS_EXPENSE = "credit_loss_expense"
    CARD_FEES = "card_fees"
    RENT_EXPENSE = "rent_expense"
    MISC_EXPENSE = "misc_expense"
    DEPRECIATION = "depreciation"
    VAT_IRRECOVERABLE = "vat_irrecoverable"
    BANK_CHARGES = "bank_charges"
    FX_LOSS_REALISED = "fx_loss_realised"
    FX_LOSS_UNREALISED = "fx_loss_unrealised"
    ROUNDING_LOSS = "rounding_loss"
    SMALL_DIFFERENCE_WRITE_OFF = "small_difference_write_off"
    ZAKAT_EXPENSE = "zakat_expense"


class Book(StrEnum):
    """The journal book an entry is kept in."""

    SALES = "SAL"
    PURCHASES = "PUR"
    RECEIPTS = "REC"
    PAYMENTS = "PAY"
    STOCK = "STK"
    COMMISSION = "COM"
    EXCHANGE = "FX"
    TAX = "TAX"
    GENERAL = "GEN"
    OPENING = "OPN"
    CLOSING = "CLO"


class UnbalancedJournal(DomainError):
    """Debits and credits of an entry are equal, each line has one side, nothing is negative (L1, L2)."""

    code = "journal_unbalanced"


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One side in base currency, on the account of a role or on a given account.

    `amount_currency` is the same amount in `currency` (empty: the entry's), signed, debit positive; 0 where the line
    exists in base currency only, such as an exchange difference.
    """

    role: str = ""
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    account_id: uuid.UUID | None = None
    party_kind: str = ""
    party_id: uuid.UUID | None = None
    tax_code: str = ""
    taxable_amount: Decimal | None = None
    currency: str = ""
    amount_currency: Decimal = ZERO
    description: str = ""

    def turned(self) -> PostingLine:
        """Return the mirror of the line: debit and credit exchanged."""
        return replace(
            self,
            debit=self.credit,
            credit=self.debit,
            amount_currency=-self.amount_currency,
            taxable_amount=None if self.taxable_amount is None else -self.taxable_amount,
        )


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """A balanced entry on its way to the ledger; raises UnbalancedJournal when it is not.

    (`source_kind`, `source_id`, `purpose`) names what caused it: the ledger accepts each once.
    """

    date: dt.date
    book: str
    source_kind: str
    source_id: uuid.UUID
    currency: str
    lines: tuple[PostingLine, ...]
    kind: str = "normal"
    source_number: str = ""
    purpose: str = "post"
    description: str = ""
    rate: Decimal = Decimal(1)
    reverses_id: uuid.UUID | None = None

    def __post_init__(self) -> None:
        if len(self.lines) < 2:
            raise UnbalancedJournal(N_("A journal entry has at least two lines."), field="lines")
        if not (self.rate.is_finite() and self.rate > 0):
            raise UnbalancedJournal(N_("An exchange rate is greater than zero."), field="rate")
        debit = credit = ZERO
        for index, line in enumerate(self.lines):
            _require_one_side(line, index)
            debit += line.debit
            credit += line.credit
        if debit != credit:
            raise UnbalancedJournal(
                N_("Debits %(debit)s and credits %(credit)s differ."),
                field="lines",
                params={"debit": debit, "credit": credit},
            )

    @property
    def total(self) -> Decimal:
        """The sum of the debits, in base currency."""
        return sum((line.debit for line in self.lines), ZERO)

    def reversal(self, *, date: dt.date, purpose: str = "reverse") -> JournalDraft:
        """Return the mirror entry for the date; the caller adds the id of the entry it reverses."""
        return replace(
            self,
            date=date,
            kind="reversal",
            purpose=purpose,
            lines=tuple(line.turned() for line in self.lines),
        )


def _require_one_side(line: PostingLine, index: int) -> None:
    field = f"lines.{index}"
    amounts = (line.debit, line.credit, line.amount_currency)
    if not all(amount.is_finite() and abs(amount) < AMOUNT_LIMIT for amount in amounts):
        raise UnbalancedJournal(N_("An amount is no number of at most 15 digits."), field=field)
    if line.debit < 0 or line.credit < 0 or (line.debit == 0) == (line.credit == 0):
        raise UnbalancedJournal(
            N_("A journal line has either a debit or a credit, greater than zero."), field=field
        )
    if not (line.role or line.account_id):
        raise UnbalancedJournal(N_("A journal line names its account."), field=field)


@dataclass(frozen=True, slots=True)
class ConvertedDocument:
    """A document's amounts in base currency; nets and taxes add up to the total."""

    total: Decimal
    taxes: tuple[Decimal, ...]
    nets: tuple[Decimal, ...]

    @property
    def tax(self) -> Decimal:
        """The whole VAT, in base currency."""
        return sum(self.taxes, ZERO)


def convert_document(
    *,
    total: Decimal,
    taxes: Sequence[Decimal],
    nets: Sequence[Decimal],
    rate: Decimal,
    currency: str,
    base_currency: str,
    base: tuple[Decimal, Decimal] | None = None,
) -> ConvertedDocument:
    """Convert at the frozen rate (accounting.md section 5); total = sum of nets + sum of taxes, none negative.

    base(total) = round(total x rate), base(VAT) = round(VAT x rate), split over several VAT lines by largest remainder;
    the remaining lines share the rest by largest remainder, so conversion needs no rounding line. `base` gives base
    total and VAT where they are known: the last credit of a document takes what is left of it. Raises
    UnbalancedJournal when the parts are not the total, or the rate is no positive number, or not 1 for base currency.
    """
    tax = sum(taxes, ZERO)
    if tax + sum(nets, ZERO) != total:
        raise UnbalancedJournal(N_("The parts of the document are not its total."), field="total")
    if not (rate.is_finite() and rate > 0) or (currency == base_currency and rate != 1):
        raise UnbalancedJournal(
            N_("The exchange rate of %(currency)s cannot be %(rate)s."),
            field="exchange_rate",
            params={"currency": currency, "rate": rate},
        )
    if currency == base_currency:
        return ConvertedDocument(total, tuple(taxes), tuple(nets))
    base_total, base_tax = base or (
        product(total, rate, base_currency),
        product(tax, rate, base_currency),
    )
    if not nets:
        # VAT alone, as on a corrected tax amount: then it is the total
        base_tax = base_total
    return ConvertedDocument(
        quantize(base_total, base_currency),
        tuple(distribute(base_tax, list(taxes), base_currency)),
        tuple(distribute(base_total - base_tax, list(nets), base_currency)),
    )
