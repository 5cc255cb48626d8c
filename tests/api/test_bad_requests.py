"""A request that is no request: broken JSON, other types, too large, wrong parameters and addresses (reliability.md part 10)."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"[" * 100_000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b"[" * 40 + b"]" * 40,
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"{",
        b"{}{}",
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)
def test_malformed_json_is_refused(api, raw):
    answer = api.send("POST", "invoices", raw=raw)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("raw", [b"[]", b"null", b"1", b'"x"'])
def test_body_that_is_no_object_is_refused(api, raw):
    assert api.send("POST", "invoices", raw=raw).status_code == 400


def test_other_content_types_are_refused(api):
    answer = api.client.post(
        "/api/v1/invoices", {"a": "1"}, headers={"Authorization": f"Bearer {api.token}"}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "nonsense"])
def test_other_encodings_are_refused(api, charset):
    answer = api.client.generic(
        "POST",
        "/api/v1/customers",
        b"{}",
        content_type=f"application/json; charset={charset}",
        headers={"Authorization": f"Bearer {api.token}"},
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_body_over_the_limit_is_refused(api, settings):
    settings.API_MAX_BODY_BYTES = 1000

    answer = api.send("POST", "invoices", raw=b'{"notes": "' + b"x" * 2000 + b'"}')

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page_size=1000000000", 200),
        ("page=-1", 400),
        ("page=0", 400),
        ("page=x", 400),
        ("page=2", 404),
        ("page=99999999999999999999", 400),
        ("ordering=password", 400),
        ("unknown=1", 400),
        ("status=nothing", 400),
        ("customer=1", 400),
        ("date_from=now", 400),
        ("search=%00", 400),
        ("search=%E2%80%AE", 400),
    ],
)
def test_list_parameters_are_checked(api, query, status):
    assert api.get(f"invoices?{query}").status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "invoices/1",
        "invoices/9223372036854775808",
        "invoices/%00",
        "invoices/null",
        "nothing",
        "audit/users/x",
    ],
)
def test_wrong_addresses_are_not_found(api, path):
    answer = api.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_audit_of_a_number_no_key_can_be_is_not_found(api):
    assert api.get("audit/users/9223372036854775808").status_code == 404
