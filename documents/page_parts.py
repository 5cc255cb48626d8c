"""Fields, columns and sections that most documents share, to build their descriptions from (documents.pages)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from documents.pages import Column, Field, ListColumn, Section

DATE = Field(name="issue_date", label=_("Date"), kind="date")
DUE_DATE = Field(name="due_date", label=_("Due date"), kind="date")
REFERENCE = Field(name="reference", label=_("Reference"), maximum=120, placeholder=_("Order no."))
CURRENCY = Field(
    name="currency",
    label=_("Currency"),
    kind="select",
    width="editor-narrow",
    options="currencies",
)
RATE = Field(
    name="exchange_rate",
    label=_("Rate"),
    kind="number",
    width="editor-narrow",
    placeholder=_("of the day"),
    shown="foreign",
)
RATE_REASON = Field(
    name="rate_reason",
    label=_("Reason of the rate"),
    maximum=200,
    placeholder=_("when it is typed"),
    shown="foreign",
)
NUMBER = Field(
    name="number",
    label=_("Number"),
    width="editor-narrow",
    maximum=60,
    placeholder=_("when posted"),
    direction="ltr",
)
NOTES = Field(name="notes", label=_("Notes"), kind="long", width="w-6", maximum=2000, more=True)
NOTES_ARABIC = Field(
    name="notes_arabic",
    label=_("Notes in Arabic"),
    kind="long",
    width="w-6",
    maximum=2000,
    direction="rtl",
    language="ar",
    more=True,
)
DISCOUNT = Field(
    name="document_discount",
    label=_("Document discount"),
    kind="number",
    width="w-4",
    more=True,
)
SUPPLY_DATE = Field(name="supply_date", label=_("Supply date"), kind="date", width="w-4", more=True)
WITH_TAX = Field(
    name="prices_include_tax",
    label=_("Prices include VAT"),
    kind="check",
    width="w-4",
    more=True,
)
MORE_FIELDS = (NOTES, NOTES_ARABIC, DISCOUNT, SUPPLY_DATE, WITH_TAX)
#: The currency with its rate, typed or of the day.
MONEY_FIELDS = (CURRENCY, RATE, RATE_REASON)
POSTED_FIELDS = (DUE_DATE, REFERENCE, NOTES, NOTES_ARABIC)


def head_fields(*own: Field) -> tuple[Field, ...]:
    """Return date, due date, reference, the kind's own fields, currency and rate with its reason."""
    return (DATE, DUE_DATE, REFERENCE, *own, *MONEY_FIELDS)


ITEM = Column(
    name="description",
    label=_("Item or description"),
    kind="item",
    maximum=500,
    required=True,
    below=(
        Column(
            name="description_arabic",
            label=_("Description in Arabic"),
            placeholder="الوصف بالعربية",
            maximum=500,
            direction="rtl",
            language="ar",
        ),
    ),
)
QUANTITY = Column(
    name="quantity",
    label=_("Quantity"),
    heading=_("Qty"),
    kind="number",
    required=True,
    sums=True,
)
UNIT = Column(name="unit", label=_("Unit"), maximum=20)
PRICE = Column(name="unit_price", label=_("Price"), kind="number", required=True)
LINE_DISCOUNT = Column(
    name="discount_percent", label=_("Discount in percent"), heading="%", kind="number"
)
VAT = Column(name="vat", label=_("VAT code"), heading=_("VAT"), kind="vat", required=True)
DATE_OF_CREDIT = Field(name="date", label=_("Date"), kind="date", width="w-6")
REASON = Field(
    name="reason",
    label=_("Reason"),
    width="",
    maximum=300,
    placeholder=_("as printed on the document"),
)
LINE_COLUMNS = (ITEM, QUANTITY, UNIT, PRICE, LINE_DISCOUNT, VAT)

LIST_NUMBER = ListColumn(name="number", label=_("No."), kind="number")
LIST_DATE = ListColumn(name="issue_date", label=_("Date"), kind="date")
LIST_DUE = ListColumn(name="due_date", label=_("Due"), kind="due")
LIST_TOTAL = ListColumn(name="total", label=_("Total"), kind="total")
LIST_OPEN = ListColumn(name="open_amount", label=_("Open"), kind="open")
LIST_STATE = ListColumn(name="status", label=_("State"), kind="state")


def sections(*own: Section) -> tuple[Section, ...]:
    """Return the sections of a document's page: the kind's own, files, timeline, and the journal below."""
    return (
        *own,
        Section(
            key="files",
            title=_("Files"),
            url_name="documents:attachments",
            permission="",
        ),
        Section(
            key="timeline",
            title=_("Timeline"),
            url_name="audit:timeline",
            permission="audit.entity.view",
        ),
        Section(
            key="journal",
            title=_("Journal"),
            url_name="ledger:document-journal",
            permission="ledger.journal.view",
            side=False,
        ),
    )
