"""Settings of every environment. dev, test and prod change a few lines; nothing exists only in production."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.env import PROJECT_ROOT, database_parts, read
from config.services.layout import layout_for
from config.settings.api import *  # noqa: F403  # settings are one namespace
from config.settings.api import CORS_ALLOWED_ORIGINS
from config.settings.mail import *  # noqa: F403  # settings are one namespace

BASE_DIR = PROJECT_ROOT
ENVIRONMENT = "dev"
DATA_DIR: Path = read("MIZAN_DATA")
DEBUG: bool = read("DEBUG")
SEED_DEMO: bool = read("SEED_DEMO")


def kept_secret(folder: Path) -> str:
    """Return SECRET_KEY, or the one made at the first start and kept in the data folder (mode 0600)."""
    given: str = read("SECRET_KEY")
    if given:
        return given
    file = folder / "secret.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x") as made:
            file.chmod(0o600)
            made.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text()


SECRET_KEY = kept_secret(DATA_DIR)
HOST: str = read("HOST")
ALLOWED_HOSTS = [*read("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [*read("CSRF_TRUSTED_ORIGINS")]

# Apps ---------------------------------------------------------------------------------------------------------------

PRODUCT_APPS = [
    "core",
    "tenancy",
    "web",
    "api",
    "audit",
    "documents",
    "ledger",
    "inventory",
    "pricing",
    "einvoicing",
    "ar",
    "ap",
    "payments",
    "opening",
    "sales",
    "purchases",
    "commissions",
    "reports",
]
INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "tenancy.admin_config.OwnerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "rest_framework_simplejwt",
    "drf_spectacular",
    "django_filters",
    "guardian",
    "simple_history",
    "django_htmx",
    "axes",
    "csp",
    *PRODUCT_APPS,
    "config",
]

MIDDLEWARE = [
    "config.middleware.RequestLogMiddleware",
    "config.middleware.HardeningMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "api.middleware.ApiMiddleware",
    # Resolves who asks for which company and opens the request's transaction: nothing below may be skipped by it.
    "tenancy.middleware.TenancyMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    # Last: refusals become answers before the transaction above decides to keep or to drop the work.
    "web.errors.DomainErrorMiddleware",
]
if CORS_ALLOWED_ORIGINS:
    INSTALLED_APPS.append("corsheaders")
    MIDDLEWARE.insert(2, "corsheaders.middleware.CorsMiddleware")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context_processors.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(1, "django.forms")

# Databases ----------------------------------------------------------------------------------------------------------

EMBEDDED = layout_for(DATA_DIR)
POOL_SIZE: int = read("DATABASE_POOL_SIZE")
# A pool that is empty answers 503 within this time instead of hanging.
POOL_WAIT_SECONDS = 5


def database(name: str, url: str, pool_size: int = 0) -> dict[str, Any]:
    """Return Django's description of the database at `url`, with a pool when asked for."""
    parts = database_parts(name, url)
    options: dict[str, Any] = {
        "connect_timeout": 5,
        "application_name": "mizan",
        # the pool keeps connections, so statements that come again are parsed and planned once
        "server_side_binding": True,
        "prepare_threshold": 3,
    }
    known = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    settings: dict[str, Any] = {"ENGINE": "config.pgrls", "CONN_MAX_AGE": 0, "OPTIONS": options}
    for part, value in parts.items():
        if part in known:
            settings[known[part]] = value
        else:
            options[part] = value
    if pool_size:
        options["pool"] = {
            "min_size": 1,
            "max_size": pool_size,
            "timeout": POOL_WAIT_SECONDS,
            "max_lifetime": 3600,
        }
    return settings


# `default` is the application role. `owner` is for migrations only; the web process is not given its address.
_database_url: str = read("DATABASE_URL")
_owner_url: str = read("DATABASE_OWNER_URL")
if not _database_url:
    _database_url = EMBEDDED.database_url("app_web")
    _owner_url = _owner_url or EMBEDDED.database_url("app_owner")
DATABASES = {"default": database("DATABASE_URL", _database_url, POOL_SIZE)}
if _owner_url:
    DATABASES["owner"] = database("DATABASE_OWNER_URL", _owner_url)
DATABASE_ROUTERS = ["config.routers.OwnerMigrates"]

# Redis: cache, sessions, jobs. Nothing in it is the truth -----------------------------------------------------------

REDIS_URL: str = read("REDIS_URL") or EMBEDDED.redis_url()


def broker_url(url: str) -> str:
    """Return the address in the spelling of Celery's transport, which writes sockets differently."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{unquote(parts.path)}?virtual_host={number}"


CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "config.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "mizan",
        "TIMEOUT": 300,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
SESSION_ENGINE = "tenancy.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
# Without activity a session ends sooner; a cashier's lasts for a shift (tenancy/idleness.py).
SESSION_IDLE_SECONDS = 30 * 60
SESSION_SHIFT_SECONDS = 8 * 60 * 60
ACTIVITY_COOKIE_NAME = "activity"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# HTMX sends the token from a header written into the page, so scripts never read the cookie.
CSRF_COOKIE_HTTPONLY = True

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_TIME_LIMIT = 30 * 60
# Longer than any task may run, or a running task would be handed out a second time.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60 * 60,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "audit-partitions": {"task": "audit.make_partitions", "schedule": 24 * 60 * 60.0},
    "api-keys": {"task": "api.purge_idempotency_keys", "schedule": 24 * 60 * 60.0},
    "receivables": {"task": "tenancy.each_company", "args": ("ar.hourly",), "schedule": 60 * 60.0},
    "alerts": {
        "task": "tenancy.each_company",
        "args": ("reports.alerts",),
        "schedule": 6 * 60 * 60.0,
    },
    "exports": {"task": "tenancy.each_company", "args": ("reports.care",), "schedule": 5 * 60.0},
    "bank-files": {
        "task": "tenancy.each_company",
        "args": ("payments.care",),
        "schedule": 5 * 60.0,
    },
    "ap-daily": {
        "task": "tenancy.each_company",
        "args": ("ap.daily",),
        "schedule": 60 * 60.0,
    },
    "ledger-daily": {
        "task": "tenancy.each_company",
        "args": ("ledger.daily",),
        "schedule": 60
        * 60.0,  # hourly: a day that was missed is made up for, a repetition does nothing
    },
}

# People -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_GET_INIT_ANONYMOUS_USER = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 30 * 60
# Failed sign-ins are counted in the cache: the request's transaction is rolled back and would forget them.
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = ["username"]
# Per account on purpose: whole shops share one address. W006 would want the address instead.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "tenancy.views.session.locked_out"
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"
AXES_IPWARE_PROXY_COUNT = 1 if read("BEHIND_PROXY") else 0

# History rows are written by database triggers, which no code path can miss; the package shows them.
SIMPLE_HISTORY_ENABLED = False
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = True
SIMPLE_HISTORY_DATE_INDEX = False

# Language and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Riyadh"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60

# Files --------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200_000

# Headers (reliability.md part 13) -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": "/csp-report",
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if read("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Logs ---------------------------------------------------------------------------------------------------------------

# From here on a request is marked as slow in the log.
SLOW_REQUEST_MILLISECONDS = 1000
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.formatter", "kind": read("LOG_FORMAT")}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": read("LOG_LEVEL")},
    "loggers": {
        # Refused answers are in the request log; Django would print each a second time.
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
    },
}
