"""A server: HTTPS only, real PostgreSQL and Redis, everything secret given from outside."""

from config.env import BadSetting, read
from config.settings.base import *  # noqa: F403  # settings are one namespace
from config.settings.base import ALLOWED_HOSTS, BASE_DIR, DEBUG, LOGGING, STORAGES

ENVIRONMENT = "prod"
for _required in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"):
    if not read(_required):
        raise BadSetting(_required, "must be given in production.")
if DEBUG:
    raise BadSetting("DEBUG", "must be off in production.")
if "*" in ALLOWED_HOSTS:
    raise BadSetting("ALLOWED_HOSTS", "must name the hosts in production.")

SECURE_SSL_REDIRECT = True
# Asked by the container platform over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health/?$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
ACTIVITY_COOKIE_NAME = "__Host-activity"
LOGGING["formatters"]["line"]["kind"] = "json"
# Collected and compressed when the image is built.
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
