"""Reminders: who is due one, sending them, what went out, the company's own words (issue 3, AR)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ar.forms.receivables import ReminderLevelForm
from ar.models import Reminder
from ar.selectors.reminders import MOST_DUE, reminder_levels, reminders_due
from ar.services.reminders import (
    reminder_level_save,
    reminder_retry,
    reminder_send_one,
    reminders_send,
    reminders_stop,
)
from ar.views.receivables import form_page, submitted
from core.dates import local_today
from core.errors import DomainError
from core.inputs import parse_uuid
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import paginate


def _may_set(request: HtmxHttpRequest) -> bool:
    return principal_of(request).has("ar.reminder.settings")


@page("ar.reminder.view")
def reminder_due_list(request: HtmxHttpRequest) -> HttpResponse:
    """Customers who are due a reminder today, with a box each and one button for all that are ticked."""
    levels = reminder_levels()
    due = reminders_due(local_today(), levels=levels)
    return render(
        request,
        "ar/reminder/due.html",
        {"due": due, "is_cut": len(due) == MOST_DUE, "may_set": _may_set(request)},
    )


@page("ar.reminder.send")
@require_POST
def reminder_send_action(request: HtmxHttpRequest) -> HttpResponse:
    """Send the reminders of the ticked customers."""
    ids = [parse_uuid(text, field="customer") for text in request.POST.getlist("customer")]
    rows = reminders_send(customer_ids=ids, actor=principal_of(request), today=local_today())
    if rows:
        text = ngettext(
            "%(n)s reminder is on its way.", "%(n)s reminders are on their way.", len(rows)
        )
        messages.success(request, text % {"n": len(rows)})
    else:
        messages.warning(request, _("Nothing was sent: tick customers who have an e-mail address."))
    return redirect("ar:reminder-due")


@page("ar.reminder.send")
@require_POST
def reminder_send_one_action(request: HtmxHttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    """Send one customer the reminder that is due, from the customer's page."""
    try:
        reminder_send_one(customer_id=customer_id, actor=principal_of(request), today=local_today())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The reminder is on its way."))
    return redirect("ar:customer-detail", customer_id)


@page("ar.reminder.send")
@require_POST
def reminder_stop_action(request: HtmxHttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    """Take a customer off the reminders, or back on."""
    stopped = request.POST.get("stopped") == "on"
    reminders_stop(customer_id=customer_id, stopped=stopped, actor=principal_of(request))
    return redirect("ar:customer-detail", customer_id)


@page("ar.reminder.view")
def reminder_sent_list(request: HtmxHttpRequest) -> HttpResponse:
    """What went out, the latest first."""
    rows = Reminder.objects.select_related("customer").order_by("-created_at", "-id")
    context = {"page": paginate(request, rows), "may_set": _may_set(request)}
    return render(request, "ar/reminder/sent.html", context)


@page("ar.reminder.send")
@require_POST
def reminder_retry_action(request: HtmxHttpRequest, reminder_id: uuid.UUID) -> HttpResponse:
    """Send a reminder that was not delivered again."""
    try:
        reminder_retry(reminder_id=reminder_id, actor=principal_of(request))
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The reminder is on its way."))
    return redirect("ar:reminder-sent")


@page("ar.reminder.settings")
def reminder_level_list(request: HtmxHttpRequest) -> HttpResponse:
    """The three levels with their waiting times."""
    context = {"levels": reminder_levels(), "may_set": True}
    return render(request, "ar/reminder/levels.html", context)


@page("ar.reminder.settings")
def reminder_level_page(request: HtmxHttpRequest, level: int) -> HttpResponse:
    """Words and waiting times of one level."""
    found = next((one for one in reminder_levels() if one.level == level), None)
    if found is None:
        raise Http404
    initial: dict[str, Any] = {name: getattr(found, name) for name in ReminderLevelForm.base_fields}
    form = ReminderLevelForm(request.POST if request.method == "POST" else None, initial=initial)
    saved = None
    if request.method == "POST":
        saved = submitted(
            form,
            lambda: reminder_level_save(
                level=level, values=form.cleaned_data, actor=principal_of(request)
            ),
        )
    if saved is not None:
        messages.success(request, _("Saved."))
        return redirect("ar:reminder-levels")
    return form_page(
        request,
        form,
        title=_("Reminder level %(level)s") % {"level": level},
        button=_("Save"),
        back=str(redirect("ar:reminder-levels").url),
    )
