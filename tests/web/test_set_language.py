import pytest
from django.urls import reverse

from tenancy.models import User

pytestmark = pytest.mark.django_db


def choose(client, language, target="/somewhere/"):
    return client.post(reverse("web:set-language"), {"language": language, "next": target})


def test_language_is_kept_with_the_signed_in_user(client, company_a):
    client.force_login(
        company_a.users["sales"], backend="django.contrib.auth.backends.ModelBackend"
    )

    answer = choose(client, "ar")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/somewhere/")
    assert User.objects.get(pk=company_a.users["sales"].pk).language == "ar"


def test_visitors_keep_it_in_a_cookie(client):
    assert choose(client, "ar").cookies["django_language"].value == "ar"


def test_unknown_languages_change_nothing(client):
    assert "django_language" not in choose(client, "xx").cookies


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_it_never_leads_to_another_site(client, target):
    assert choose(client, "ar", target).headers["Location"] == "/"


def test_only_a_post_changes_it(client):
    assert client.get(reverse("web:set-language")).status_code == 405
