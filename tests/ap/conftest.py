"""Fixtures of the tests of purchases."""

import pytest

from tests.buying import supplier


@pytest.fixture
def landlord(in_company_a, owner):
    """A supplier of company A with nothing set."""
    return supplier(owner)
