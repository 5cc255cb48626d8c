"""Tests: embedded servers of their own under .data/test, the application role as in production, cheap passwords."""

import os

from config.services.layout import layout_for
from config.settings.base import *  # noqa: F403  # settings are one namespace
from config.settings.base import BASE_DIR, CACHES, LOGGING, STORAGES, broker_url, database

ENVIRONMENT = "test"
DEBUG = False
SECRET_KEY = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105  # nothing real is signed with it
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATA_DIR = BASE_DIR / ".data" / "test"
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"

EMBEDDED = layout_for(DATA_DIR)
# The name is replaced by the database of the worker (tests/conftest.py).
DATABASES = {
    "default": database("DATABASE_URL", EMBEDDED.database_url("app_web", "tests_not_started")),
    "owner": database(
        "DATABASE_OWNER_URL", EMBEDDED.database_url("app_owner", "tests_not_started")
    ),
}
# Runs that happen at the same time share the server, not their keys.
REDIS_URL = EMBEDDED.redis_url(os.getpid() % 128)
CACHES["default"] |= {"LOCATION": REDIS_URL, "KEY_PREFIX": f"test{os.getpid()}"}
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
LOGGING["root"]["level"] = "ERROR"
