"""Bank: accounts with their balances, uploads, statements, rules."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError, ValidationErrors
from payments.bank.reading import decoded, format_of
from payments.bank.table import CsvRules, first_rows, headings
from payments.forms.bank import BankDetailsForm, CsvForm, UploadForm
from payments.models import BankFile, BankStatement, CsvLayout, PaymentAccount
from payments.selectors.bank_accounts import account_states
from payments.services.bank_details import bank_details_save
from payments.services.bank_import import (
    MOST_BYTES,
    TypedBankFile,
    bank_file_get,
    bank_file_import,
)
from payments.services.bank_statements import statement_remove
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest, fragment, go_to
from web.lists import paginate

#: How long an uploaded CSV waits for its columns.
UPLOAD_SECONDS = 1800
RECENT_FILES = 10


def account_of(account_id: uuid.UUID) -> PaymentAccount:
    """Return a payment account; 404 when it is not there."""
    account = PaymentAccount.objects.filter(pk=account_id).first()
    if account is None:
        raise Http404
    return account


@page("payments.bank.view")
@require_GET
def bank_home(request: HtmxHttpRequest) -> HttpResponse:
    """Payment accounts: balance in the books, balance at the bank, lines to match."""
    files = BankFile.objects.order_by("-created_at")[:RECENT_FILES]
    return render(request, "payments/bank/home.html", {"states": account_states(), "files": files})


# taking a file


@page("payments.bank.import")
def bank_upload(request: HtmxHttpRequest) -> HttpResponse:
    """Take a bank's file; a CSV goes on to the choice of its columns."""
    if request.method != "POST":
        given = request.GET.get("account", "")
        return _upload_page(request, UploadForm(initial={"payment_account": given}))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form)
    upload = form.cleaned_data["file"]
    if upload.size > MOST_BYTES:
        form.add_error(
            "file", _("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024**2}
        )
        return _upload_page(request, form)
    data = upload.read()
    try:
        kind = format_of(data, upload.name)
        if kind == BankFile.Format.CSV:
            return _to_columns(request, form, upload.name, data)
        file = bank_file_import(
            typed=_typed(form, upload.name, data, kind), actor=principal_of(request)
        )
    except DomainError as error:
        form.refuse(error)
        return _upload_page(request, form)
    return go_to(request, _imported(request, file))


def _typed(
    form: UploadForm, name: str, data: bytes, kind: str, rules: CsvRules | None = None
) -> TypedBankFile:
    account = form.cleaned_data["payment_account"]
    return TypedBankFile(
        name=name,
        data=data,
        file_format=kind,
        encoding=form.cleaned_data["encoding"],
        payment_account_id=uuid.UUID(account) if account else None,
        rules=rules or CsvRules(),
    )


def _upload_page(request: HtmxHttpRequest, form: UploadForm) -> HttpResponse:
    return render(request, "payments/bank/upload.html", {"form": form}, status=form.status)


def _imported(request: HtmxHttpRequest, file: BankFile) -> str:
    """Say what came, and return where to go: to the lines, or to the file while a worker reads it."""
    if file.state == BankFile.State.WAITING:
        return reverse("payments:bank-file", args=[file.pk])
    statements = list(BankStatement.objects.filter(file_id=file.pk).order_by("id"))
    messages.success(request, _("The statement was imported."))
    if any(one.has_gap for one in statements):
        messages.warning(
            request,
            _("A statement is missing: this one does not begin where the last one ended."),
        )
    known = sum(one.known_count for one in statements)
    if known:
        messages.info(
            request, _("%(count)s lines were there already and left out.") % {"count": known}
        )
    accounts = {one.payment_account_id for one in statements}
    if len(accounts) == 1:
        return reverse("payments:bank-account", args=[accounts.pop()])
    return reverse("payments:bank-home")


def _cache_key(request: HtmxHttpRequest, token: str) -> str:
    actor = principal_of(request)
    return f"bank-csv:{actor.company_id}:{actor.user_id}:{token}"


def _to_columns(request: HtmxHttpRequest, form: UploadForm, name: str, data: bytes) -> HttpResponse:
    account = form.cleaned_data["payment_account"]
    if not account:
        form.add_error(
            "payment_account", _("A CSV file names no account: choose the payment account.")
        )
        return _upload_page(request, form)
    encoding = form.cleaned_data["encoding"]
    decoded(data, encoding)
    token = str(uuid.uuid4())
    cache.set(_cache_key(request, token), (name, data, account, encoding), UPLOAD_SECONDS)
    return go_to(request, reverse("payments:bank-columns", args=[token]))


@page("payments.bank.import")
def bank_columns(request: HtmxHttpRequest, token: uuid.UUID) -> HttpResponse:
    """Choose what the columns of a CSV mean; the account's last layout is there already."""
    kept = cache.get(_cache_key(request, str(token)))
    if kept is None:
        messages.warning(request, _("The upload expired; choose the file again."))
        return redirect("payments:bank-upload")
    name, data, account_id, encoding = kept
    text = decoded(data, encoding)
    layout = CsvLayout.objects.filter(payment_account_id=account_id).first()
    delimiter = request.POST.get("delimiter") or (layout.delimiter if layout else "")
    delimiter = delimiter if delimiter in (",", ";", "\t", "|") else _widest(text)
    found = headings(text, delimiter)
    form = CsvForm(
        request.POST if request.method == "POST" and "import" in request.POST else None,
        headings=found,
        initial=_initial(layout, found, delimiter),
    )
    if form.is_bound and form.is_valid():
        try:
            file = bank_file_import(
                typed=TypedBankFile(
                    name=name,
                    data=data,
                    file_format="csv",
                    encoding=encoding,
                    payment_account_id=uuid.UUID(account_id),
                    rules=form.rules(),
                ),
                actor=principal_of(request),
            )
        except DomainError as error:
            _show(form, error)
        else:
            cache.delete(_cache_key(request, str(token)))
            return go_to(request, _imported(request, file))
    rows = first_rows(text, delimiter)
    return render(
        request,
        "payments/bank/columns.html",
        {"form": form, "file_name": name, "rows": rows},
        status=form.status,
    )


def _show(form: CsvForm, error: DomainError) -> None:
    for one in error.errors if isinstance(error, ValidationErrors) else [error]:
        form.add_error(one.field if one.field in form.fields else None, one.message)


def _widest(text: str) -> str:
    """Return the separator that the first lines have most of: only what the page offers first."""
    head = text[:2000]
    return max((",", ";", "\t", "|"), key=head.count)


def _initial(layout: CsvLayout | None, found: list[str], delimiter: str) -> dict[str, Any]:
    initial: dict[str, Any] = {"delimiter": delimiter}
    if layout is not None:
        initial |= {"decimal_mark": layout.decimal_mark, "date_format": layout.date_format}
        initial |= {
            f"column_{name}": heading
            for name, heading in layout.columns.items()
            if heading in found
        }
    return initial


@page("payments.bank.import")
@require_GET
def bank_file(request: HtmxHttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """A file that a worker reads, or what came of it; asks again every second while it waits."""
    file = bank_file_get(file_id)
    if request.htmx and file.state != BankFile.State.WAITING:
        return go_to(request, request.path)
    context = {
        "file": file,
        "statements": BankStatement.objects.filter(file_id=file.pk)
        .select_related("payment_account")
        .order_by("id"),
    }
    template = "payments/bank/_file.html" if request.htmx else "payments/bank/file.html"
    return fragment(request, template, context)


# statements of an account


@page("payments.bank.view")
@require_GET
def bank_statements(request: HtmxHttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Statements of an account, newest first, and its bank details."""
    account = account_of(account_id)
    return _statements(request, account, _details(account))


def _details(account: PaymentAccount, data: Any = None) -> BankDetailsForm:
    return BankDetailsForm(
        data,
        initial={
            "bank_name": account.bank_name,
            "iban": account.iban,
            "account_number": account.account_number,
        },
    )


def _statements(
    request: HtmxHttpRequest, account: PaymentAccount, form: BankDetailsForm
) -> HttpResponse:
    rows = (
        BankStatement.objects.filter(payment_account_id=account.pk)
        .select_related("file")
        .order_by("-date_to", "-id")
    )
    return render(
        request,
        "payments/bank/statements.html",
        {"account": account, "page": paginate(request, rows), "form": form},
        status=form.status,
    )


@page("payments.account.edit")
@require_POST
def bank_details(request: HtmxHttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Save IBAN and number of an account."""
    account = account_of(account_id)
    form = _details(account, request.POST)
    if form.is_valid():
        try:
            bank_details_save(
                account_id=account_id, **form.cleaned_data, actor=principal_of(request)
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("payments:bank-statements", account_id=account_id)
    return _statements(request, account, form)


@page("payments.bank.import")
@require_POST
def bank_statement_remove(request: HtmxHttpRequest, statement_id: uuid.UUID) -> HttpResponse:
    """Take back a statement that was imported by mistake."""
    statement = BankStatement.objects.filter(pk=statement_id).first()
    if statement is None:
        raise Http404
    try:
        statement_remove(statement_id=statement_id, actor=principal_of(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The statement was removed."))
    return redirect("payments:bank-statements", account_id=statement.payment_account_id)
