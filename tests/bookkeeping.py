"""What the books keep besides journal entries, for tests."""

from __future__ import annotations

from core.dates import local_today
from documents.models import Attachment
from ledger.models import JournalImport
from ledger.services.manual import manual_create_posted
from ledger.services.recurring import recurring_create, recurring_run
from ledger.services.templates import template_from_journal
from opening.models import OpeningFile
from tenancy.principal import Principal
from tests.ledger.hand import typed


def every_book_row(actor: Principal) -> None:
    """Make one of each: journal by hand, template, schedule that ran, attachment, import, opening file."""
    journal = manual_create_posted(typed=typed(), actor=actor)
    template = template_from_journal(journal_id=journal.pk, name="Rent", mode="fixed", actor=actor)
    schedule = recurring_create(
        template_id=template.pk, frequency="monthly", start_date=local_today(), actor=actor
    )
    recurring_run(schedule_id=schedule.pk, today=local_today(), actor=actor)
    Attachment.objects.create(
        entity_kind="ledger.manual_journal",
        entity_id=journal.pk,
        file_name="a.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        stored_file="a",
    )
    JournalImport.objects.create(file_name="a.csv", stored_file="a")
    OpeningFile.objects.create(
        step="accounts", date=local_today(), file_name="a.csv", stored_file="a"
    )
