"""A real browser on a live server that works as the application role.

Browser tests commit, so they run with `transaction=True`; the worker's database is brought back after each. Anything the
browser's console calls an error, and every refused content (CSP), fails the test that caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tenancy.models import User
from tests.ar.signed_in import signed_in
from tests.cast import Cast
from tests.factories.tenancy import PASSWORD

TIMEOUT_MS = 8000
SETTLE_MS = 60
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--font-render-hinting=none"]
#: What a refused or lost request prints by itself; the tests that provoke one look at the page instead.
EXPECTED = ("Failed to load resource", "htmx:", "Response Status Error Code 40")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a browser test."""
    for item in items:
        if "/tests/browser/" in str(item.path).replace("\\", "/"):
            item.add_marker(pytest.mark.browser)


@dataclass(slots=True)
class Window:
    """A page of the product, with what its console complained about."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the product."""
        self.page.goto(self.base + path)
        return self.page


@pytest.fixture(scope="session")
def browser(chromium_path: str, django_db_setup: None) -> Iterator[Browser]:
    """The system's Chromium; a missing one skips with a reason, or fails in CI."""
    patch = pytest.MonkeyPatch()
    # Playwright keeps an event loop in this thread; the ORM calls of the tests are not inside it
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield chromium
        chromium.close()
    patch.undo()


def speaks(cast: Cast, role: str, language: str) -> None:
    """Let one of the cast work in a language."""
    with cast.acting(role):
        User.objects.filter(pk=cast.users[role].pk).update(language=language)
    cache.delete(f"principal:{cast.users[role].pk}")


@pytest.fixture
def window(
    browser: Browser, live_server: Any, clean_cache: None, company_a: Cast
) -> Iterator[Callable[..., Window]]:
    """Open windows: `window("owner", language="ar", width=390)`; `role=""` is signed out."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    def make(
        role: str = "owner",
        *,
        language: str = "en",
        width: int = 1440,
        height: int = 900,
        company: Cast | None = None,
    ) -> Window:
        cast = company or company_a
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", locale="en-GB"
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        if role:
            speaks(cast, role, language)
            cookie = signed_in(cast, role).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        opened = Window(context.new_page(), live_server.url)
        windows.append(opened)

        def note(message: ConsoleMessage) -> None:
            if message.type == "error" and not message.text.startswith(EXPECTED):
                opened.complaints.append(message.text)

        opened.page.on("console", note)
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        return opened

    yield make
    for opened in windows:
        # nothing may arrive at the server once the database is brought back
        opened.page.goto("about:blank")
        opened.page.wait_for_timeout(SETTLE_MS)
    for context in contexts:
        context.close()
    assert [text for opened in windows for text in opened.complaints] == []


@pytest.fixture
def password() -> str:
    """What the cast signs in with."""
    return PASSWORD
