"""Saves that race a posting or a deletion: nothing comes back, nothing is lost (SP-9, IF-2)."""

import threading

import pytest

from ar.models import Invoice, InvoiceLine
from ar.services.invoices import invoice_delete, invoice_update, invoice_update_posted
from ar.services.lines import invoice_line_add
from ar.services.posting import invoice_post
from documents.errors import DocumentNotFound, DraftGone, NotADraft, StaleVersion
from documents.models import Draft
from documents.services.drafts import draft_autosave, draft_discard, drafts_discard_of
from documents.stored import validate_totals
from documents.typed import parse_line
from tests.builders import draft_invoice, fresh, line, lines_of, typed_invoice
from tests.concurrency.workers import at_once, refusals

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

ROUNDS = 12


def test_edit_that_races_a_posting_never_makes_it_a_draft_again(company_a):
    principal = company_a.principal("owner")
    for _ in range(ROUNDS):
        with company_a.acting() as owner:
            invoice = draft_invoice(owner, company_a.customer)
            typed = typed_invoice(owner, company_a.customer, [line("2", "7")], version=1)

        def work(what, invoice=invoice, typed=typed):
            with company_a.scope():
                if what == "post":
                    return invoice_post(invoice_id=invoice.pk, actor=principal)
                return invoice_update(invoice_id=invoice.pk, typed=typed, actor=principal)

        posted, edited = at_once(work, ["post", "edit"])

        stored = fresh_in(company_a, invoice)
        assert stored.status == "posted"
        assert stored.number != ""
        assert isinstance(posted, Invoice)
        if isinstance(edited, NotADraft):
            assert stored.total == 115
        else:
            assert float(stored.total) == pytest.approx(16.10)


def fresh_in(cast, invoice):
    with cast.acting():
        return fresh(invoice)


def test_edit_that_races_a_deletion_brings_nothing_back(company_a):
    principal = company_a.principal("owner")
    for _ in range(ROUNDS):
        with company_a.acting() as owner:
            invoice = draft_invoice(owner, company_a.customer)
            typed = typed_invoice(owner, company_a.customer, version=1)

        def work(what, invoice=invoice, typed=typed):
            with company_a.scope():
                if what == "delete":
                    return invoice_delete(invoice_id=invoice.pk, actor=principal)
                if what == "add":
                    return invoice_line_add(
                        invoice_id=invoice.pk, typed=parse_line(line()), actor=principal
                    )
                return invoice_update(invoice_id=invoice.pk, typed=typed, actor=principal)

        results = at_once(work, ["delete", "edit", "add"])

        assert {type(error) for error in refusals(results)} <= {
            DocumentNotFound,
            StaleVersion,
        } | set(StaleVersion.__subclasses__())
        with company_a.acting():
            assert not Invoice.objects.exists()
            assert not InvoiceLine.objects.exists()


def test_two_edits_of_one_version_lose_none(company_a):
    """One wins; the other is told, and nothing of it was written."""
    principal = company_a.principal("owner")
    with company_a.acting() as owner:
        invoice = draft_invoice(owner, company_a.customer)
        edits = [
            typed_invoice(owner, company_a.customer, reference=f"edit {n}", version=1)
            for n in range(10)
        ]

    def edit(typed):
        with company_a.scope():
            return invoice_update(invoice_id=invoice.pk, typed=typed, actor=principal)

    results = at_once(edit, edits)

    assert len(refusals(results)) == 9
    winner = next(result for result in results if isinstance(result, Invoice))
    assert fresh_in(company_a, invoice).reference == winner.reference


def test_edits_of_different_fields_lose_none(company_a):
    principal = company_a.principal("owner")
    with company_a.acting() as owner:
        invoice = draft_invoice(owner, company_a.customer)
        invoice_post(invoice_id=invoice.pk, actor=owner)

    def edit(changes):
        with company_a.scope():
            return invoice_update_posted(
                invoice_id=invoice.pk, changes=changes, version=None, actor=principal
            )

    at_once(edit, [{"notes": "a"}, {"reference": "b"}, {"notes_arabic": "ج"}])

    stored = fresh_in(company_a, invoice)
    assert (stored.notes, stored.reference, stored.notes_arabic) == ("a", "b", "ج")


def test_lines_added_by_many_are_all_there_with_right_totals(company_a):
    principal = company_a.principal("owner")
    with company_a.acting() as owner:
        invoice = draft_invoice(owner, company_a.customer)

    def add(n):
        with company_a.scope():
            return invoice_line_add(
                invoice_id=invoice.pk, typed=parse_line(line("1", f"{n}.03")), actor=principal
            )

    assert refusals(at_once(add, range(1, 21))) == []
    with company_a.acting():
        stored, rows = fresh(invoice), lines_of(invoice)
        assert len(rows) == stored.line_count == 21
        assert sorted(row.position for row in rows) == list(range(1, 22))
        assert validate_totals(stored, rows) == []


def test_auto_save_that_races_a_posting_never_brings_the_draft_back(company_a):
    principal = company_a.principal("owner")
    for _ in range(ROUNDS):
        with company_a.acting() as owner:
            invoice = draft_invoice(owner, company_a.customer)
            typing = draft_autosave(
                kind="ar.invoice", payload={"n": 1}, actor=owner, document_id=invoice.pk
            )

        def work(what, invoice=invoice, typing=typing):
            with company_a.scope():
                if what == "post":
                    posted = invoice_post(invoice_id=invoice.pk, actor=principal)
                    drafts_discard_of(kind="ar.invoice", document_id=invoice.pk, actor=principal)
                    return posted
                return draft_autosave(
                    kind="ar.invoice",
                    payload={"n": 2},
                    actor=principal,
                    document_id=invoice.pk,
                    draft_id=typing.pk,
                    version=typing.version,
                )

        results = at_once(work, ["post", "save"])

        assert {type(error) for error in refusals(results)} <= {DraftGone}
        with company_a.acting():
            assert fresh(invoice).status == "posted"
            assert not Draft.objects.exists()


def test_auto_save_that_races_a_discard_never_brings_the_draft_back(company_a):
    principal = company_a.principal("owner")
    for _ in range(ROUNDS):
        with company_a.acting() as owner:
            typing = draft_autosave(kind="ar.invoice", payload={"n": 1}, actor=owner)

        def work(what, typing=typing):
            with company_a.scope():
                if what == "discard":
                    return draft_discard(draft_id=typing.pk, actor=principal)
                return draft_autosave(
                    kind="ar.invoice",
                    payload={"n": 2},
                    actor=principal,
                    draft_id=typing.pk,
                    version=typing.version,
                )

        results = at_once(work, ["discard", "save"])

        assert {type(error) for error in refusals(results)} <= {DraftGone}
        with company_a.acting():
            assert not Draft.objects.exists()


def test_two_tabs_that_save_at_once_keep_one_draft(company_a):
    principal = company_a.principal("owner")
    barrier = threading.Barrier(6)

    def save(n):
        with company_a.scope():
            barrier.wait(20)
            return draft_autosave(kind="ar.invoice", payload={"n": n}, actor=principal)

    assert refusals(at_once(save, range(6))) == []
    with company_a.acting():
        assert Draft.objects.count() == 1
