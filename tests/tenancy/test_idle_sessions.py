"""A browser session ends after 30 minutes without activity, a cashier's after a shift, any after twelve hours."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenancy import idleness
from tests.ar.signed_in import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

MINUTE, HOUR = 60, 60 * 60


@pytest.fixture
def clock(monkeypatch):
    """The clock of idle sessions; the test moves it."""

    class Clock:
        now = int(idleness.time.time())

        def time(self):
            return self.now

        def pass_by(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr(idleness, "time", clock)
    return clock


def profile(client, **headers):
    return client.get(reverse("tenancy:profile"), headers=headers)


def is_in(client, **headers):
    return profile(client, **headers).status_code == 200


def test_session_ends_after_thirty_minutes_without_activity(company_a, clock):
    client = signed_in(company_a, "accountant")
    assert is_in(client)

    clock.pass_by(30 * MINUTE + 1)
    answer = profile(client)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=/profile/&ended=1"
    assert "ended after some time" in client.get(answer.headers["Location"]).content.decode()


def test_activity_keeps_the_session_until_half_a_day_has_passed(company_a, clock):
    client = signed_in(company_a, "accountant")

    for _ in range(24):
        assert is_in(client)
        clock.pass_by(30 * MINUTE)

    assert is_in(client)
    clock.pass_by(1)
    assert not is_in(client)


def test_session_that_is_never_used_after_signing_in_ends_too(company_a, clock):
    client = signed_in(company_a, "owner")
    clock.pass_by(31 * MINUTE)
    assert not is_in(client)


def test_till_of_a_cashier_stays_open_for_a_shift(company_a, clock):
    client = signed_in(company_a, "cashier")
    assert is_in(client)
    clock.pass_by(8 * HOUR)
    assert is_in(client)
    clock.pass_by(8 * HOUR + 1)
    assert not is_in(client)


def test_what_a_page_asks_by_itself_is_no_activity(company_a, clock):
    client = signed_in(company_a, "owner")
    for _ in range(3):
        assert is_in(client, x_background="true")
        clock.pass_by(10 * MINUTE)
    clock.pass_by(1)
    assert not is_in(client)


def test_ended_session_is_gone_for_good(company_a, clock):
    client = signed_in(company_a, "owner")
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    clock.pass_by(31 * MINUTE)
    profile(client)

    clock.pass_by(-31 * MINUTE)

    again = Client()
    again.cookies.load(kept)
    assert not is_in(again)


@pytest.mark.parametrize("forged", ["", "junk", "1.2:sig", "\u0661.\u0662:x"])
def test_forged_activity_counts_for_nothing(company_a, clock, forged):
    client = signed_in(company_a, "owner")
    assert is_in(client)
    clock.pass_by(31 * MINUTE)
    client.cookies["activity"] = forged.encode().decode("latin-1")
    assert not is_in(client)


def test_activity_of_another_session_counts_for_nothing(company_a, clock):
    idle = signed_in(company_a, "owner")
    clock.pass_by(29 * MINUTE)
    busy = signed_in(company_a, "owner")
    assert is_in(busy)
    clock.pass_by(2 * MINUTE)
    assert is_in(busy)

    idle.cookies["activity"] = busy.cookies["activity"].value

    assert not is_in(idle)


def test_requests_of_an_active_session_write_nothing_for_it(company_a, clock):
    client = signed_in(company_a, "owner")
    is_in(client)
    clock.pass_by(2 * MINUTE)

    with CaptureQueriesContext(connection) as told:
        answer = profile(client)

    assert "activity" in answer.cookies
    assert not [one for one in told if "django_session" in one["sql"]]
    assert "activity" not in profile(client).cookies


def test_fragment_of_an_ended_session_is_refused_not_filled_with_the_sign_in(company_a, clock):
    client = signed_in(company_a, "owner")
    clock.pass_by(31 * MINUTE)

    answer = profile(client, hx_request="true")

    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["HX-Reswap"] == "none"
    assert "signed-out" in json.loads(answer.headers["HX-Trigger"])


def test_call_of_a_script_and_of_the_api_get_401(company_a, clock):
    client = signed_in(company_a, "owner")
    clock.pass_by(31 * MINUTE)

    call = client.post(reverse("ar:invoice-draft"), {}, content_type="application/json")
    api = client.get("/api/v1/me")

    assert (call.status_code, call.json()["code"]) == (401, "not_signed_in")
    assert (api.status_code, api.json()["code"]) == (401, "not_signed_in")


def test_form_sent_after_the_end_comes_back_to_its_page(company_a, clock):
    client = signed_in(company_a, "owner")
    clock.pass_by(31 * MINUTE)

    answer = client.post(
        reverse("tenancy:password-change"), headers={"referer": "http://testserver/profile/?a=1"}
    )

    assert answer.headers["Location"] == "/sign-in/?next=/profile/%3Fa%3D1&ended=1"


def test_open_page_learns_the_token_of_a_new_sign_in(company_a):
    client = Client(enforce_csrf_checks=True)
    client.force_login(company_a.users["owner"], "django.contrib.auth.backends.ModelBackend")
    draft = reverse("ar:invoice-draft")
    refused = client.post(
        draft, {}, content_type="application/json", headers={"accept": "application/json"}
    )
    told = client.get(reverse("tenancy:session-state")).json()
    taken = client.post(
        draft, {}, content_type="application/json", headers={"x-csrftoken": told["token"]}
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert told["who"] == f"{company_a.users['owner'].pk}:{company_a.id}"
    assert taken.status_code != 403
    assert Client().get(reverse("tenancy:session-state")).json()["who"] == ""
