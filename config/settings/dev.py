"""One person's machine: plain HTTP on the loopback address, mail printed, embedded servers."""

from config.settings.base import *  # noqa: F403  # settings are one namespace
from config.settings.base import ALLOWED_HOSTS, DEBUG, HOST, STORAGES

ENVIRONMENT = "dev"
if not ALLOWED_HOSTS:
    LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
    ALLOWED_HOSTS = LOOPBACK if HOST in ("127.0.0.1", "localhost", "::1") else ["*"]
if DEBUG:
    # Files are served from where they are edited, without collecting them first.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
