"""One line of a draft: added, changed, deleted with totals kept by the difference (PS-1, PS-2, FT-1)."""

import uuid
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ar.models import Invoice
from ar.services.invoices import invoice_lock
from ar.services.lines import invoice_line_add, invoice_line_delete, invoice_line_update
from core.errors import DomainError
from documents.errors import DocumentNotFound, DuplicateItem, NoLines, NotADraft
from documents.stored import validate_totals
from documents.totals import DiscountOutOfRange
from documents.typed import parse_line
from documents.versions import Conflict
from tenancy.errors import PermissionRefused
from tests.builders import draft_invoice, fresh, line, lines_of, post, posted_invoice
from tests.database import check_now, refuses

pytestmark = pytest.mark.django_db


def add(owner, invoice, typed, **fields):
    return invoice_line_add(invoice_id=invoice.pk, typed=parse_line(typed), actor=owner, **fields)


def test_added_line_comes_last_with_fresh_totals(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)

    result = add(owner, invoice, line("3", "10.03"))

    assert (result.line.position, result.line.net_amount) == (2, Decimal("30.09"))
    assert (result.document.total, result.document.line_count, result.document.version) == (
        Decimal("149.60"),
        2,
        2,
    )
    assert validate_totals(fresh(invoice), lines_of(invoice)) == []


def test_add_issues_a_constant_number_of_statements(
    in_company_a, owner, django_assert_max_num_queries
):
    for count in (1, 300):
        invoice = draft_invoice(
            owner, in_company_a.customer, [line("1", "3") for _ in range(count)]
        )
        with django_assert_max_num_queries(9):
            add(owner, invoice, line("1", "3", item=in_company_a.items[0]))


def test_item_again_is_refused_or_grows(in_company_a, owner):
    item = in_company_a.items[0]
    invoice = draft_invoice(owner, in_company_a.customer, [line("2", "10.03", item=item)])

    with refuses(DuplicateItem, field="item"):
        add(owner, invoice, line("3", "10.03", item=item))
    grown = add(owner, invoice, line("3", "10.03", item=item), merge=True)

    assert (grown.line.quantity, grown.document.subtotal, grown.document.line_count) == (
        5,
        Decimal("50.15"),
        1,
    )


def test_changed_line_keeps_place_and_changes_totals(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer, [line(), line("1", "50", vat_rate="0")])
    second = lines_of(invoice)[1]

    result = invoice_line_update(
        invoice_id=invoice.pk,
        line_id=second.pk,
        typed=parse_line(line("2", "40", vat_rate="5")),
        actor=owner,
    )

    assert result.line is not None
    assert (result.line.pk, result.line.position) == (second.pk, 2)
    assert (result.document.subtotal, result.document.tax_amount) == (Decimal(180), Decimal(19))
    assert {(c["category"], c["rate"]) for c in result.document.tax_breakdown} == {
        ("S", "15"),
        ("S", "5"),
    }


def test_change_to_an_item_that_is_there_already_is_refused(in_company_a, owner):
    first, second = in_company_a.items[:2]
    invoice = draft_invoice(owner, in_company_a.customer, [line(item=first), line(item=second)])

    with refuses(DuplicateItem, field="item"):
        invoice_line_update(
            invoice_id=invoice.pk,
            line_id=lines_of(invoice)[1].pk,
            typed=parse_line(line(item=first)),
            actor=owner,
        )


def test_deleted_line_leaves_the_others(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer, [line(), line("1", "50", vat_rate="0")])

    result = invoice_line_delete(
        invoice_id=invoice.pk, line_id=lines_of(invoice)[0].pk, actor=owner
    )

    assert (result.line, result.document.total, result.document.line_count) == (
        None,
        Decimal(50),
        1,
    )


def test_last_line_stays(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)

    with refuses(NoLines, field="lines"):
        invoice_line_delete(invoice_id=invoice.pk, line_id=lines_of(invoice)[0].pk, actor=owner)


def test_discount_larger_than_what_is_left_is_refused(in_company_a, owner):
    invoice = draft_invoice(
        owner, in_company_a.customer, [line("1", "100"), line("1", "10")], document_discount="50"
    )

    with refuses(DiscountOutOfRange, field="document_discount"):
        invoice_line_delete(invoice_id=invoice.pk, line_id=lines_of(invoice)[0].pk, actor=owner)


def test_line_of_another_document_is_unknown(in_company_a, owner):
    invoice, other = (
        draft_invoice(owner, in_company_a.customer, [line(), line()]) for _ in range(2)
    )
    foreign = lines_of(other)[0].pk

    with refuses(DocumentNotFound):
        invoice_line_delete(invoice_id=invoice.pk, line_id=foreign, actor=owner)
    with refuses(DocumentNotFound):
        invoice_line_update(
            invoice_id=invoice.pk, line_id=foreign, typed=parse_line(line()), actor=owner
        )


def test_invoice_of_another_company_is_unknown(company_a, company_b):
    with company_b.acting() as owner_b:
        foreign = draft_invoice(owner_b, company_b.customer)
    with company_a.acting() as owner:
        for key in (foreign.pk, uuid.uuid4()):
            with refuses(DocumentNotFound):
                invoice_line_add(invoice_id=key, typed=parse_line(line()), actor=owner)


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_roles_that_do_not_edit_are_refused(company_a, role):
    with company_a.acting() as owner:
        invoice = draft_invoice(owner, company_a.customer)
    with company_a.acting(role) as person, refuses(PermissionRefused):
        add(person, invoice, line())


def test_posted_invoice_takes_no_line(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    with refuses(NotADraft):
        add(owner, invoice, line())
    with refuses(NotADraft):
        invoice_line_delete(invoice_id=invoice.pk, line_id=lines_of(invoice)[0].pk, actor=owner)


def test_outdated_version_is_refused(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)
    add(owner, invoice, line(), version=1)

    with refuses(Conflict, field="version"):
        add(owner, invoice, line(), version=1)


def test_owner_adds_to_a_locked_draft(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)
    invoice_lock(invoice_id=invoice.pk, actor=owner)

    assert add(owner, invoice, line()).document.line_count == 2


def test_prices_with_vat_answer_with_the_line_amounts(in_company_a, owner):
    invoice = draft_invoice(
        owner, in_company_a.customer, [line("1", "9.99")], prices_include_tax=True
    )

    result = add(owner, invoice, line("2", "9.99"))

    assert (result.document.subtotal, result.document.tax_amount, result.document.total) == (
        Decimal("26.06"),
        Decimal("3.91"),
        Decimal("29.97"),
    )
    assert result.line.gross_amount == Decimal("19.98")
    assert sum(row.net_amount for row in lines_of(invoice)) == Decimal("26.06")


@pytest.mark.parametrize("discount", ["0", "5", "7.13"])
def test_prices_with_vat_post_with_a_discount(in_company_a, owner, discount):
    invoice = draft_invoice(
        owner,
        in_company_a.customer,
        [line("3", "9.99"), line("1", "20", vat_rate="0")],
        prices_include_tax=True,
        document_discount=discount,
    )

    posted = post(owner, invoice)
    check_now()

    assert posted.total == Decimal("49.97") - Decimal(discount)


amounts = st.decimals("0", "9999.999999", places=6)
quantities = st.decimals("0.000001", "999.999999", places=6)
rates = st.sampled_from(["15", "5", "0"])
discounts = st.sampled_from(["0", "0", "12.5", "33.3333", "100"])
typed_lines = st.builds(
    lambda quantity, price, rate, discount: line(
        quantity, price, vat_rate=rate, discount_percent=discount
    ),
    quantities,
    amounts,
    rates,
    discounts,
)
edits = st.lists(
    st.tuples(st.sampled_from(["add", "change", "delete"]), st.integers(0, 99), typed_lines),
    min_size=1,
    max_size=7,
)


@pytest.mark.parametrize("include_tax", [False, True])
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=st.lists(typed_lines, min_size=1, max_size=4),
    edits=edits,
    document_discount=st.sampled_from(["0", "0.01", "3.33"]),
)
def test_kept_totals_equal_a_recomputation_after_any_edits(
    in_company_a, owner, include_tax, first, edits, document_discount
):
    try:
        invoice = draft_invoice(
            owner,
            in_company_a.customer,
            first,
            prices_include_tax=include_tax,
            document_discount=document_discount,
        )
    except DomainError:
        return  # a discount larger than the lines
    for action, which, typed in edits:
        rows = lines_of(invoice)
        target = rows[which % len(rows)].pk
        try:
            if action == "add":
                add(owner, invoice, typed)
            elif action == "change":
                invoice_line_update(
                    invoice_id=invoice.pk, line_id=target, typed=parse_line(typed), actor=owner
                )
            else:
                invoice_line_delete(invoice_id=invoice.pk, line_id=target, actor=owner)
        except DomainError:
            pass  # the last line, or a discount larger than what is left
        stored = Invoice.objects.get(pk=invoice.pk)
        assert validate_totals(stored, lines_of(invoice)) == []
    if stored.total:
        post(owner, stored)
        check_now()
