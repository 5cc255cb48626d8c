"""An auto-save that races a post or a discard never brings the draft back (IF-2)."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from documents.models import Draft
from tests.api.conftest import Api, api_of, made

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls):
    barrier = threading.Barrier(len(calls))
    answers = [None] * len(calls)

    def run(index, call):
        try:
            barrier.wait()
            answers[index] = call()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def left(company):
    with company.acting():
        return Draft.objects.count()


@pytest.mark.parametrize("attempt", range(3))
def test_discard_wins_over_late_saves(company_a, attempt):
    token = api_of(company_a).token
    saved = Api(token).put("drafts/autosave", {"payload": {"n": "0"}}).json()
    save = {"payload": {"n": "1"}, "id": saved["id"]}

    answers = together(
        *(lambda: Api(token).put("drafts/autosave", save) for _ in range(5)),
        lambda: Api(token).delete(f"drafts/{saved['id']}"),
    )

    assert answers[-1].status_code == 204
    assert {answer.status_code for answer in answers[:-1]} <= {200, 410}
    assert left(company_a) == 0


@pytest.mark.parametrize("attempt", range(3))
def test_posting_wins_over_late_saves(company_a, attempt):
    api = api_of(company_a)
    document = made(api, company_a)
    save = {"payload": {"n": "1"}, "document_id": document["id"]}

    answers = together(
        *(lambda: Api(api.token).put("drafts/autosave", save) for _ in range(5)),
        lambda: Api(api.token).post(f"invoices/{document['id']}/post"),
    )

    assert answers[-1].status_code == 200
    assert {answer.status_code for answer in answers[:-1]} <= {200, 410}
    assert left(company_a) == 0
    assert api.get(f"invoices/{document['id']}").json()["status"] == "posted"


def test_of_parallel_saves_with_one_version_one_wins(company_a):
    token = api_of(company_a).token
    saved = Api(token).put("drafts/autosave", {"payload": {"n": "0"}}).json()
    save = {"payload": {"n": "1"}, "id": saved["id"], "version": saved["version"]}

    answers = together(*(lambda: Api(token).put("drafts/autosave", save) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
