"""A browser session of one of the cast, for tests of pages."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast


def signed_in(cast: Cast, role: str = "owner") -> Client:
    """Return a client signed in as the person with the role."""
    client = Client()
    with cast.scope(role):
        client.force_login(cast.users[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def owner_client(company_a: Cast) -> Client:
    return signed_in(company_a)
