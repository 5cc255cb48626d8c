"""Matching: lines of a statement on one side, what each may be on the other; every answer leads to the next line."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from ap.models import Supplier
from ar.models import Customer
from core.errors import N_, DomainError, ValidationErrors
from core.inputs import parse_uuid
from payments.bank.matching import FAR_DAYS
from payments.forms.bank import PostForm, payment_account_choices
from payments.models import BankLine, BankMatch, PaymentAccount
from payments.selectors.bank_bookings import unreconciled
from payments.selectors.bank_work import shown, shown_match
from payments.services.bank_lines import (
    bank_line_match,
    bank_line_pay,
    bank_line_post,
    bank_line_settle,
    bank_line_suspend,
    bank_line_transfer,
)
from payments.services.bank_proposals import (
    bank_line_accept,
    bank_lines_accept_sure,
    proposals_for,
)
from payments.services.bank_rules import TypedRule, rule_save
from payments.services.bank_undo import bank_match_undo
from payments.views.bank import account_of
from tenancy.permissions import page, principal_of, require
from web.htmx import HtmxHttpRequest
from web.lists import paginate

SHOWN = ("open", "matched", "all")
#: Other ways than a proposal, opened one at a time.
WAYS = ("bookings", "party", "account", "transfer", "cards")
BOOKINGS_SHOWN = 100
PARTIES_SHOWN = 300


def _lines(account: PaymentAccount, show: str) -> QuerySet[BankLine]:
    rows: QuerySet[BankLine] = BankLine.objects.filter(payment_account_id=account.pk)
    rows = rows.select_related("payment_account")
    if show == "open":
        return rows.filter(is_matched=False).order_by("date", "id")
    if show == "matched":
        return rows.filter(is_matched=True).order_by("-date", "-id")
    return rows.order_by("-date", "-id")


def _chosen(request: HtmxHttpRequest, lines: list[BankLine]) -> BankLine | None:
    wanted = request.POST.get("line", "") or request.GET.get("line", "")
    return next((one for one in lines if str(one.pk) == wanted), lines[0] if lines else None)


def _way_of(request: HtmxHttpRequest, account: PaymentAccount, line: BankLine) -> dict[str, Any]:
    """Return what the opened way of matching by hand needs."""
    way = request.POST.get("way", "") or request.GET.get("way", "")
    if way not in WAYS or line.is_matched:
        return {"way": ""}
    context: dict[str, Any] = {"way": way}
    around = dt.timedelta(days=FAR_DAYS * 4)
    if way == "bookings":
        context["bookings"] = unreconciled(
            account.pk,
            since=None if line.is_opening else line.date - around,
            until=line.date + around,
            limit=BOOKINGS_SHOWN,
        )
    elif way == "party":
        model = Customer if line.amount > 0 else Supplier
        context["parties"] = model.objects.filter(is_active=True).order_by("name")[:PARTIES_SHOWN]
    elif way == "transfer":
        context["accounts"] = [
            (key, name)
            for key, name in payment_account_choices("cash", "bank")
            if key != str(account.pk)
        ]
    elif way == "cards":
        context["cards"] = [
            (card, unreconciled(card.pk, until=line.date, limit=BOOKINGS_SHOWN))
            for card in PaymentAccount.objects.filter(is_active=True, kind="card")
        ]
    return context


def _work(
    request: HtmxHttpRequest,
    account: PaymentAccount,
    *,
    errors: list[str] | None = None,
    form: PostForm | None = None,
    status: int = 200,
) -> HttpResponse:
    show = request.GET.get("show", "open")
    show = show if show in SHOWN else "open"
    found = paginate(request, _lines(account, show))
    lines = list(found.object_list)
    line = _chosen(request, lines)
    may_match = principal_of(request).has("payments.bank.match")
    proposals = proposals_for(account, lines)
    place = lines.index(line) if line in lines else 0
    done = _done(request)
    context = {
        "account": account,
        "show": show,
        "page": found,
        "rows": [(one, next(iter(proposals.get(one.pk, [])), None)) for one in lines],
        "line": line,
        "proposals": shown(line, proposals.get(line.pk, [])) if line else [],
        "held": shown_match(line) if line and line.is_matched else None,
        "following": lines[place + 1] if place + 1 < len(lines) else None,
        "before": lines[place - 1] if place else None,
        "sure": sum(1 for found_ in proposals.values() if found_ and found_[0].is_sure),
        "may_match": may_match,
        "errors": errors or [],
        "reconciliation_url": f"{reverse('reports:report', args=['bank-reconciliation'])}"
        f"?{urlencode({'account': account.code})}",
        "done": done,
        "form": form,
        **(_way_of(request, account, line) if line and may_match else {"way": ""}),
    }
    if context["way"] == "account" and form is None:
        context["form"] = PostForm()
    return render(request, "payments/bank/account.html", context, status=status)


def _done(request: HtmxHttpRequest) -> BankMatch | None:
    """Return the match that was just made, so that it can be taken back at once."""
    try:
        key = parse_uuid(request.GET.get("done"), field="done")
    except DomainError:
        return None
    return BankMatch.objects.filter(pk=key, undone_at__isnull=True).select_related("line").first()


@page("payments.bank.view")
def bank_account(request: HtmxHttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """The lines of an account beside what each may be; a POST matches one and goes on to the next."""
    account = account_of(account_id)
    return _confirm(request, account) if request.method == "POST" else _work(request, account)


def _line(typed: str | None, account: PaymentAccount) -> BankLine:
    try:
        key = parse_uuid(typed, field="line")
    except DomainError:
        raise Http404 from None
    rows = BankLine.objects.select_related("payment_account")
    line = rows.filter(pk=key, payment_account_id=account.pk).first()
    if line is None:
        raise Http404
    return line


def _to(account_id: uuid.UUID, **query: object) -> HttpResponse:
    """Go on in the work area, by 303, which htmx follows like a browser."""
    address = reverse("payments:bank-account", args=[account_id])
    given = {name: str(value) for name, value in query.items() if value}
    answer = HttpResponse(status=303)
    answer.headers["Location"] = f"{address}?{urlencode(given)}" if given else address
    return answer


def _refused(request: HtmxHttpRequest, line: BankLine, error: DomainError) -> HttpResponse:
    errors = error.errors if isinstance(error, ValidationErrors) else [error]
    form = PostForm(request.POST) if request.POST.get("way") == "account" else None
    texts = []
    for one in errors:
        if form is not None and one.field in form.fields:
            if one.field not in form.errors:
                form.add_error(one.field, one.message)
        else:
            texts.append(one.message)
    return _work(request, line.payment_account, errors=texts, form=form, status=422)


def _next_line(line: BankLine) -> uuid.UUID | None:
    return (
        BankLine.objects.filter(
            payment_account_id=line.payment_account_id, is_matched=False, date__gte=line.date
        )
        .exclude(pk=line.pk)
        .exclude(date=line.date, pk__lt=line.pk)
        .order_by("date", "id")
        .values_list("pk", flat=True)
        .first()
    )


def _confirm(request: HtmxHttpRequest, account: PaymentAccount) -> HttpResponse:
    """Confirm a proposal, or match by the way that was opened."""
    require(principal_of(request), "payments.bank.match")
    line = _line(request.POST.get("line"), account)
    try:
        match = _match(request, line)
    except DomainError as error:
        return _refused(request, line, error)
    return _to(account.pk, line=_next_line(line), done=match.pk)


def _match(request: HtmxHttpRequest, line: BankLine) -> BankMatch:
    actor, way = principal_of(request), request.POST.get("way", "")
    if key := request.POST.get("proposal", ""):
        return bank_line_accept(line_id=line.pk, key=key[:4000], actor=actor)
    if way == "bookings":
        return bank_line_match(line_id=line.pk, entries=_entries(request), actor=actor)
    if way == "party":
        kind = "customer" if line.amount > 0 else "supplier"
        return bank_line_pay(
            line_id=line.pk, party_kind=kind, party_id=_party(request, kind), actor=actor
        )
    if way == "account":
        return _post(request, line)
    if way == "transfer":
        return bank_line_transfer(
            line_id=line.pk,
            payment_account_id=parse_uuid(
                request.POST.get("payment_account"), field="payment_account"
            ),
            actor=actor,
        )
    if way == "cards":
        return bank_line_settle(
            line_id=line.pk,
            entries=_entries(request),
            payment_account_id=parse_uuid(
                request.POST.get("payment_account"), field="payment_account"
            ),
            actor=actor,
        )
    if way == "suspense":
        return bank_line_suspend(line_id=line.pk, actor=actor)
    raise DomainError(N_("Choose how the line is matched."), code="required")


def _entries(request: HtmxHttpRequest) -> list[uuid.UUID]:
    chosen = request.POST.getlist("entry")
    if not chosen:
        raise DomainError(N_("Choose at least one booking."), code="required", field="entries")
    return [parse_uuid(key, field="entries") for key in chosen[:500]]


def _party(request: HtmxHttpRequest, kind: str) -> uuid.UUID:
    typed = request.POST.get("party", "").strip()[:200]
    model = Customer if kind == "customer" else Supplier
    code = typed.split(" · ", maxsplit=1)[0]
    found = model.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None and typed:
        found = model.objects.filter(name__iexact=typed).values_list("pk", flat=True).first()
    if found is None:
        raise DomainError(N_("Nobody has this code or name."), code="unknown_party", field="party")
    return found


def _post(request: HtmxHttpRequest, line: BankLine) -> BankMatch:
    form = PostForm(request.POST)
    if not form.is_valid():
        raise ValidationErrors(
            DomainError(str(text), field=name)
            for name, texts in form.errors.items()
            for text in texts
        )
    data, actor = form.cleaned_data, principal_of(request)
    match = bank_line_post(
        line_id=line.pk,
        account_id=uuid.UUID(data["account"]),
        tax_code=data["tax_code"],
        description=data["description"],
        actor=actor,
    )
    if data["rule_text"]:
        rule_save(
            typed=TypedRule(
                name=data["rule_text"][:120],
                text=data["rule_text"],
                account_id=uuid.UUID(data["account"]),
                sign="in" if line.amount > 0 else "out",
                tax_code=data["tax_code"],
                description=data["description"],
            ),
            actor=actor,
        )
    return match


@page("payments.bank.match")
@require_POST
def bank_confirm_sure(request: HtmxHttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Confirm everything that is sure."""
    account = account_of(account_id)
    done = bank_lines_accept_sure(payment_account_id=account.pk, actor=principal_of(request))
    count = len(done.matches)
    text = ngettext("%(count)s line was matched.", "%(count)s lines were matched.", count)
    messages.success(request, text % {"count": count})
    for error in done.refused[:3]:
        messages.warning(request, error.message)
    return _to(account.pk)


@page("payments.bank.match")
@require_POST
def bank_undo(request: HtmxHttpRequest, match_id: uuid.UUID) -> HttpResponse:
    """Take a match back; what was booked for it is reversed."""
    match = BankMatch.objects.select_related("line__payment_account").filter(pk=match_id).first()
    if match is None:
        raise Http404
    try:
        bank_match_undo(
            match_id=match_id,
            actor=principal_of(request),
            keep_booking=request.POST.get("keep") == "1",
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The match was undone."))
    return _to(match.line.payment_account_id, line=match.line_id)


@page("payments.bank.view")
@require_GET
def bank_match(request: HtmxHttpRequest, match_id: uuid.UUID) -> HttpResponse:
    """Where a journal entry of a bank line leads: to the line."""
    match = BankMatch.objects.select_related("line").filter(pk=match_id).first()
    if match is None:
        raise Http404
    return _to(match.line.payment_account_id, show="all", line=match.line_id)
