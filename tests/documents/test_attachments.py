"""Files of records: kept, listed, downloaded, removed while the record is a draft; never what they do not claim to be."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from documents.errors import DocumentNotFound, NotADraft
from documents.models import Attachment
from documents.services.attachments import (
    AttachmentExists,
    AttachmentRefused,
    attachment_add,
    attachment_delete,
    attachment_get,
    attachments_of,
)
from ledger.services.manual import manual_create, manual_post
from tenancy.errors import PermissionRefused
from tests.ledger.hand import typed

pytestmark = pytest.mark.django_db
KIND = "ledger.manual_journal"
PDF = b"%PDF-1.7 contract"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def journal(in_company_a, owner):
    return manual_create(typed=typed(), actor=owner)


def file(name="contract.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def add(journal, actor, **upload):
    return attachment_add(kind=KIND, entity_id=journal.pk, upload=file(**upload), actor=actor)


def test_a_file_is_kept_under_the_company_and_listed(journal, owner, in_company_a):
    kept = add(journal, owner, name="../../عقد الإيجار.pdf")

    assert kept.file_name == "عقد الإيجار.pdf"
    assert kept.stored_file.startswith(f"attachments/{in_company_a.id}/")
    assert kept.content_type == "application/pdf"
    assert [one.pk for one in attachments_of(kind=KIND, entity_id=journal.pk, actor=owner)] == [
        kept.pk
    ]
    assert AuditEntry.objects.filter(action="ATTACH", entity_id=str(journal.pk)).exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>1</script>"),
        ("picture.svg", b"<svg/>"),
        ("run.exe", b"MZ"),
        ("contract.pdf", b"<html>no pdf</html>"),
        ("picture.png", PDF),
        ("nothing.pdf", b""),
        ("noextension", PDF),
    ],
)
def test_what_is_not_kept(journal, owner, name, content):
    with pytest.raises(AttachmentRefused):
        add(journal, owner, name=name, content=content)
    assert not Attachment.objects.exists()


def test_the_same_file_is_attached_once(journal, owner):
    add(journal, owner)
    with pytest.raises(AttachmentExists):
        add(journal, owner, name="copy.pdf")


def test_what_is_posted_keeps_its_evidence_but_takes_more(journal, owner):
    kept = add(journal, owner)
    manual_post(journal_id=journal.pk, actor=owner)
    with pytest.raises(NotADraft):
        attachment_delete(attachment_id=kept.pk, actor=owner)
    add(journal, owner, name="more.txt", content=b"later")

    assert Attachment.objects.count() == 2


def test_a_draft_lets_go_of_its_file(journal, owner):
    kept = add(journal, owner)
    attachment_delete(attachment_id=kept.pk, actor=owner)

    assert not Attachment.objects.exists()
    assert AuditEntry.objects.filter(action="DETACH", entity_id=str(journal.pk)).exists()


def test_who_may_not_see_the_record_sees_no_file(company_a):
    with company_a.acting() as owner:
        journal = manual_create(typed=typed(), actor=owner)
        kept = add(journal, owner)
    with company_a.acting("sales") as sales:
        with pytest.raises(PermissionRefused):
            attachment_get(attachment_id=kept.pk, actor=sales)
        with pytest.raises(PermissionRefused):
            attachments_of(kind=KIND, entity_id=journal.pk, actor=sales)
    with company_a.acting("auditor") as auditor, pytest.raises(PermissionRefused):
        add(journal, auditor)


def test_another_company_finds_nothing(company_a, company_b):
    with company_a.acting() as owner:
        journal = manual_create(typed=typed(), actor=owner)
        kept = add(journal, owner)
    with company_b.acting() as other:
        with pytest.raises(DocumentNotFound):
            attachment_get(attachment_id=kept.pk, actor=other)
        with pytest.raises(DocumentNotFound):
            add(journal, other)
