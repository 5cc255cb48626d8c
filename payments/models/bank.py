"""Bank statements, what their lines are matched with, and the rules that propose it."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from tenancy.constraints import SqlCheck, finite, in_minor_units, tenant_keys
from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned


class BankFile(CompanyOwned):
    """A file of a bank: taken once. The row says how far the reading of a large one is."""

    class Format(models.TextChoices):
        MT940 = "mt940", "MT940"
        CAMT053 = "camt053", "CAMT.053"
        OFX = "ofx", "OFX"
        CSV = "csv", "CSV"

    class State(models.TextChoices):
        WAITING = "waiting", _("Being read")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Refused")

    file_name = models.CharField(_("file"), max_length=200)
    stored_file = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size"))
    format = models.CharField(_("format"), max_length=8, choices=Format.choices)
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    problems = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["company", "sha256"],
                condition=~models.Q(state="failed"),
                name="bank_file_once",
            ),
        )
        indexes = (models.Index(fields=["company", "-created_at"], name="bank_file_by_date"),)

    def __str__(self) -> str:
        return self.file_name


class BankStatement(CompanyOwned):
    """A statement of one account: opening balance and lines are the closing balance, at commit.

    Lines that an earlier statement already brought are left out; what they sum to is kept in `known_amount`.
    """

    file = TenantForeignKey(BankFile, verbose_name=_("file"))
    payment_account = TenantForeignKey("payments.PaymentAccount", verbose_name=_("payment account"))
    identifier = models.CharField(_("statement"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3)
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"))
    opening_balance = AmountField(_("opening balance"))
    closing_balance = AmountField(_("closing balance"))
    known_count = models.PositiveIntegerField(default=0)
    known_amount = AmountField(default=Decimal(0))
    #: The opening balance is not what the account's last statement ended with: something is missing between them.
    has_gap = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("bank_statement", "file", "payment_account"),
            models.UniqueConstraint(
                fields=["company", "payment_account", "identifier", "date_to"],
                name="bank_statement_once",
            ),
            finite(
                "bank_statement", "opening_balance", "closing_balance", "known_amount", minimum=None
            ),
            in_minor_units("bank_statement", "opening_balance", "closing_balance", "known_amount"),
            SqlCheck("date_from <= date_to", name="bank_statement_dates_in_order"),
        )
        indexes = (
            models.Index(
                fields=["company", "payment_account", "-date_to", "-id"],
                name="bank_statement_by_account",
            ),
        )

    def __str__(self) -> str:
        return self.identifier


class BankLine(CompanyOwned):
    """One movement on a statement; positive: money in. Frozen; `is_matched` is kept by the matches.

    The line `is_opening` stands for the balance before the account's first statement.
    """

    statement = TenantForeignKey(BankStatement, related_name="lines")
    payment_account = TenantForeignKey("payments.PaymentAccount")
    position = models.PositiveIntegerField()
    date = models.DateField(_("date"))
    value_date = models.DateField(_("value date"), null=True, blank=True)
    amount = AmountField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    bank_reference = models.CharField(_("bank reference"), max_length=120, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    party_name = models.CharField(_("other party"), max_length=200, blank=True)
    party_account = models.CharField(_("other account"), max_length=60, blank=True)
    narrative = models.CharField(_("text"), max_length=1000, blank=True)
    code = models.CharField(max_length=10, blank=True)
    is_opening = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64)
    is_matched = models.BooleanField(default=False)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("bank_line", "statement", "payment_account"),
            models.UniqueConstraint(
                fields=["company", "payment_account", "fingerprint"], name="bank_line_once"
            ),
            SqlCheck("amount <> 'NaN' AND amount <> 0", name="bank_line_amount_not_zero"),
            in_minor_units("bank_line", "amount"),
        )
        indexes = (
            models.Index(
                fields=["company", "payment_account", "date", "id"], name="bank_line_by_account"
            ),
            models.Index(
                fields=["company", "payment_account", "date", "id"],
                condition=models.Q(is_matched=False),
                name="bank_line_unmatched",
            ),
            models.Index(fields=["company", "statement", "position"], name="bank_line_statement"),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.amount} {self.currency}"


class MatchRule(CompanyOwned):
    """What to post when a line of this sign contains this text: bank charges, rent, interest."""

    class Sign(models.TextChoices):
        ANY = "any", _("In or out")
        IN = "in", _("Money in")
        OUT = "out", _("Money out")

    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(_("order"), default=100)
    text = models.CharField(_("text contains"), max_length=120)
    sign = models.CharField(_("direction"), max_length=3, choices=Sign.choices, default=Sign.ANY)
    payment_account = TenantForeignKey(
        "payments.PaymentAccount", null=True, blank=True, verbose_name=_("payment account")
    )
    amount_from = AmountField(_("amount from"), null=True, blank=True)
    amount_to = AmountField(_("amount to"), null=True, blank=True)
    account = TenantForeignKey("ledger.Account", verbose_name=_("account"))
    #: A VAT code of purchases or sales: the amount then includes its VAT. Empty: no VAT.
    tax_code = models.CharField(_("VAT code"), max_length=12, blank=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(CompanyOwned.Meta):
        ordering = ("position", "name")
        verbose_name = _("matching rule")
        verbose_name_plural = _("matching rules")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("match_rule", "payment_account", "account"),
            models.UniqueConstraint(fields=["company", "name"], name="match_rule_name_once"),
            SqlCheck("sign IN ('any', 'in', 'out')", name="match_rule_sign_known"),
            SqlCheck(
                "(amount_from IS NULL OR (amount_from <> 'NaN' AND amount_from >= 0)) "
                "AND (amount_to IS NULL OR (amount_to <> 'NaN' AND amount_to >= coalesce(amount_from, 0)))",
                name="match_rule_amounts_in_order",
            ),
            SqlCheck("text <> ''", name="match_rule_has_text"),
        )

    def __str__(self) -> str:
        return self.name


class BankMatch(CompanyOwned):
    """Says that a line and the journal entries of its items are the same money. A line has at most one that holds.

    `entry` or `payment`: what was booked for it; undoing reverses that.
    """

    class Method(models.TextChoices):
        BOOKED = "booked", _("Booked before")
        PAYMENT = "payment", _("Payment")
        ACCOUNT = "account", _("Account")
        TRANSFER = "transfer", _("Transfer")
        SETTLEMENT = "settlement", _("Card settlement")
        SUSPENSE = "suspense", _("Unidentified")

    line = TenantForeignKey(BankLine, related_name="matches")
    method = models.CharField(_("matched as"), max_length=10, choices=Method.choices)
    entry = TenantForeignKey("ledger.JournalEntry", null=True, blank=True)
    payment = TenantForeignKey("payments.Payment", null=True, blank=True)
    rule = TenantForeignKey(MatchRule, null=True, blank=True)
    score = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(CompanyOwned.Meta):
        verbose_name = _("bank match")
        verbose_name_plural = _("bank matches")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("bank_match", "line", "entry", "payment", "rule"),
            models.UniqueConstraint(
                fields=["company", "line"],
                condition=models.Q(undone_at__isnull=True),
                name="bank_line_matched_once",
            ),
        )
        indexes = (models.Index(fields=["company", "line"], name="bank_match_by_line"),)

    def __str__(self) -> str:
        return f"{self.line_id} {self.method}"


class BankMatchItem(CompanyOwned):
    """A journal entry's movement on a payment account, held by a match. Each is held at most once.

    `amount`: in the payment account's currency, positive: money in.
    """

    match = TenantForeignKey(BankMatch, related_name="items")
    payment_account = TenantForeignKey("payments.PaymentAccount")
    entry = TenantForeignKey("ledger.JournalEntry")
    amount = AmountField(_("amount"))
    is_active = models.BooleanField(default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("matched booking")
        verbose_name_plural = _("matched bookings")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("bank_match_item", "match", "payment_account", "entry"),
            models.UniqueConstraint(
                fields=["company", "payment_account", "entry"],
                condition=models.Q(is_active=True),
                name="booking_reconciled_once",
            ),
            SqlCheck("amount <> 'NaN' AND amount <> 0", name="bank_match_item_not_zero"),
        )
        indexes = (models.Index(fields=["company", "match"], name="bank_match_item_by_match"),)

    def __str__(self) -> str:
        return f"{self.entry_id} {self.amount}"


class CsvLayout(CompanyOwned):
    """How a payment account's CSV statements are read; remembered from the last import."""

    payment_account = TenantForeignKey("payments.PaymentAccount")
    encoding = models.CharField(_("encoding"), max_length=20)
    delimiter = models.CharField(_("separator"), max_length=1)
    decimal_mark = models.CharField(_("decimal mark"), max_length=1)
    date_format = models.CharField(_("date format"), max_length=20)
    columns = models.JSONField(default=dict)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("CSV layout")
        verbose_name_plural = _("CSV layouts")
        constraints = (
            *CompanyOwned.Meta.constraints,
            *tenant_keys("csv_layout", "payment_account"),
            models.UniqueConstraint(fields=["company", "payment_account"], name="csv_layout_once"),
        )

    def __str__(self) -> str:
        return str(self.payment_account_id)
