"""Words printed on documents, in both languages at once (zatca.md section 13). Pure; never through gettext, because
a printed document speaks the languages of its company and its buyer, not the language of the person at the screen."""

from __future__ import annotations

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

#: key -> (English, Arabic). The Arabic follows the labels of the authority's own samples.
LABELS: dict[str, tuple[str, str]] = {
    "number": ("Number", "الرقم التسلسلي"),
    "issue_date": ("Issue date", "تاريخ الإصدار"),
    "supply_date": ("Supply date", "تاريخ التوريد"),
    "due_date": ("Due date", "تاريخ الاستحقاق"),
    "valid_until": ("Valid until", "صالح حتى"),
    "currency": ("Currency", "العملة"),
    "your_reference": ("Your reference", "مرجعكم"),
    "supplier_number": ("Supplier's number", "رقم فاتورة المورد"),
    "original": ("Original invoice", "الفاتورة الأصلية"),
    "reason": ("Reason", "سبب إصدار الإشعار"),
    "buyer": ("Bill to", "فاتورة إلى"),
    "supplier": ("Supplier", "المورد"),
    "vat_number": ("VAT number", "الرقم الضريبي"),
    "cr_number": ("C.R.", "السجل التجاري"),
    "other_id": ("Other id", "معرف آخر"),
    "position": ("#", "م"),
    "description": ("Description", "وصف السلعة أو الخدمة"),
    "quantity": ("Qty", "الكمية"),
    "unit_price": ("Unit price", "سعر الوحدة"),
    "discount": ("Discount", "الخصم"),
    "net": ("Taxable", "الخاضع للضريبة"),
    "tax_rate": ("VAT %", "النسبة"),
    "tax": ("VAT", "الضريبة"),
    "gross": ("Total incl. VAT", "الإجمالي شامل الضريبة"),
    "vat_summary": ("VAT summary", "ملخص الضريبة"),
    "rate": ("Rate", "النسبة"),
    "taxable": ("Taxable", "المبلغ الخاضع"),
    "lines_total": ("Total of lines", "إجمالي البنود"),
    "document_discount": ("Discount", "الخصم"),
    "subtotal": ("Total excluding VAT", "الإجمالي غير شامل الضريبة"),
    "tax_amount": ("VAT", "ضريبة القيمة المضافة"),
    "tax_in_base": ("VAT in SAR", "الضريبة بالريال السعودي"),
    "total": ("Total including VAT", "الإجمالي شامل الضريبة"),
    "paid": ("Paid", "المدفوع"),
    "amount_due": ("Amount due", "المبلغ المستحق"),
    "notes": ("Notes", "ملاحظات"),
    "in_words": ("In words", "كتابةً"),
    "draft": ("Draft", "مسودة"),
    "void": ("Void", "ملغاة"),
    "page": ("Page", "صفحة"),
    "when_posted": ("given when posted", "يصدر عند الترحيل"),
    "simplified_note": (
        "Prices include value added tax where shown.",
        "الأسعار شاملة ضريبة القيمة المضافة حيثما ذكر ذلك.",
    ),
}

#: kind -> (English, Arabic); a standard invoice is for a buyer with a VAT number, the simplified one for consumers.
TITLES: dict[str, tuple[str, str]] = {
    "invoice": ("TAX INVOICE", "فاتورة ضريبية"),
    "simplified_invoice": ("SIMPLIFIED TAX INVOICE", "فاتورة ضريبية مبسطة"),
    "credit_note": ("CREDIT NOTE", "إشعار دائن"),
    "simplified_credit_note": ("SIMPLIFIED CREDIT NOTE", "إشعار دائن مبسط"),
    "debit_note": ("DEBIT NOTE", "إشعار مدين"),
    "simplified_debit_note": ("SIMPLIFIED DEBIT NOTE", "إشعار مدين مبسط"),
    "prepayment": ("PREPAYMENT TAX INVOICE", "فاتورة ضريبية لدفعة مقدمة"),
    "opening": ("OPENING BALANCE", "رصيد افتتاحي"),
    "quotation": ("QUOTATION", "عرض سعر"),
    "purchase_order": ("PURCHASE ORDER", "أمر شراء"),
    "bill": ("SUPPLIER BILL", "فاتورة مورد"),
    "supplier_credit": ("SUPPLIER CREDIT", "إشعار دائن من مورد"),
    "receipt": ("RECEIPT", "سند قبض"),
    "statement": ("STATEMENT OF ACCOUNT", "كشف حساب"),
}

#: VAT category -> (English, Arabic), as the summary names them.
TAX_CATEGORIES: dict[str, tuple[str, str]] = {
    "S": ("Standard", "أساسية"),
    "Z": ("Zero rated", "صفرية"),
    "E": ("Exempt", "معفاة"),
    "O": ("Out of scope", "خارج النطاق"),
}

_ENGLISH = '<span lang="en" class="en">{}</span>'
_ARABIC = '<span lang="ar" dir="rtl" class="ar">{}</span>'


def markup(english: str, arabic: str, language: str) -> SafeString:
    """Return the text in `language` (both, en, ar) as spans with their language and direction."""
    if language == "en" or not arabic:
        return format_html(_ENGLISH, english)
    if language == "ar" or not english:
        return format_html(_ARABIC, arabic)
    return format_html(_ENGLISH + " " + _ARABIC, english, arabic)


@cache
def labels(language: str) -> dict[str, SafeString]:
    """Return the markup of every label; made once for each language, as the preview renders in a millisecond."""
    return {key: markup(english, arabic, language) for key, (english, arabic) in LABELS.items()}


@cache
def tax_category(category: str, language: str) -> SafeString:
    """Return the name of a VAT category as markup."""
    english, arabic = TAX_CATEGORIES.get(category, (category, category))
    return markup(english, arabic, language)
