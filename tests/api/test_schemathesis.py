"""The description is complete: requests made from it meet no server error and no answer it does not name (SP-10)."""

from __future__ import annotations

import pytest

from api.people.tokens import tokens_for
from core.dates import local_today
from reports.demo.plans import PLANS
from reports.demo.seed import company_seed
from tenancy.models import User
from tenancy.principal import resolve
from tests.api.fuzzing import surprises

#: Right and wrong requests for each operation; some 2,000 in all, half a minute.
EXAMPLES = 4

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.usefixtures("clean_cache"),
]


def test_no_request_made_from_the_description_is_a_surprise(settings):
    # a limit would answer for the operation
    no_limits = {"DEFAULT_THROTTLE_RATES": {"generate": None, "login": None}}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | no_limits
    company_seed(PLANS[1], local_today())
    owner = resolve(User.objects.get(email="owner@second.mizan.test").pk)
    assert owner is not None

    found = surprises(tokens_for(owner)["access"], examples=EXAMPLES)

    assert not found, "\n\n".join(found)
