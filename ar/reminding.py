"""What reminders say by default, and how a company's own words become a letter. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Levels of a reminder, the friendliest first.
LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class LevelText:
    """One level: when it is due and what it says, in both languages. Words in braces are filled in."""

    level: int
    days_overdue: int
    days_since_last: int
    subject: str
    subject_arabic: str
    body: str
    body_arabic: str
    is_active: bool = True


#: What the texts may name.
WORDS = ("customer", "company", "amount", "currency", "count", "date")

DEFAULT_LEVELS = (
    LevelText(
        1,
        3,
        0,
        "Payment reminder from {company}",
        "تذكير بالسداد من {company}",
        "Dear {customer},\n\nOn {date}, {amount} {currency} of {count} of our invoices was past due. Perhaps "
        "it was overlooked; the attached statement lists them. If you have paid in the meantime, thank you, "
        "and please ignore this letter.\n\n{company}",
        "السادة {customer}،\n\nنود تذكيركم بأن مبلغ {amount} {currency} من عدد {count} من فواتيرنا تجاوز موعد "
        "استحقاقه حتى {date}. ربما سقط ذلك سهواً، والكشف المرفق يبين التفاصيل. وإذا تم السداد قبل وصول هذا "
        "الخطاب فنشكركم ونرجو تجاهله.\n\n{company}",
    ),
    LevelText(
        2,
        15,
        7,
        "Second reminder from {company}",
        "تذكير ثانٍ بالسداد من {company}",
        "Dear {customer},\n\nWe have not received payment of {amount} {currency} that is past due on {date}. "
        "Please pay within seven days, or tell us what you disagree with. The statement is attached.\n\n"
        "{company}",
        "السادة {customer}،\n\nلم يصلنا حتى {date} سداد مبلغ {amount} {currency} المتأخر عن موعد استحقاقه. نأمل "
        "السداد خلال سبعة أيام أو إفادتنا بما لديكم من ملاحظات. الكشف مرفق.\n\n{company}",
    ),
    LevelText(
        3,
        30,
        10,
        "Final reminder from {company}",
        "التذكير الأخير بالسداد من {company}",
        "Dear {customer},\n\nDespite our reminders {amount} {currency} is still unpaid on {date}. If we do not "
        "receive it within five days we will stop deliveries and take further steps. The statement is "
        "attached.\n\n{company}",
        "السادة {customer}،\n\nعلى الرغم من تذكيراتنا السابقة ما زال مبلغ {amount} {currency} غير مسدد حتى "
        "{date}. وإذا لم يصلنا خلال خمسة أيام فسنوقف التوريد ونتخذ الإجراءات اللازمة. الكشف مرفق.\n\n{company}",
    ),
)


def filled(text: str, words: Mapping[str, str]) -> str:
    """Return the text with `{name}` replaced for the known words; anything else in braces stays as typed."""
    for name in WORDS:
        text = text.replace("{" + name + "}", words.get(name, ""))
    return text
