"""Mail, from one address: EMAIL_URL."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from config.env import read

DEFAULT_FROM_EMAIL: str = read("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_server = urlsplit(read("EMAIL_URL"))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _server.scheme == 'smtps' else _server.scheme}.EmailBackend"
EMAIL_HOST = _server.hostname or "localhost"
EMAIL_PORT = _server.port or {"smtps": 465}.get(_server.scheme, 587)
EMAIL_HOST_USER = unquote(_server.username or "")
EMAIL_HOST_PASSWORD = unquote(_server.password or "")
EMAIL_USE_SSL = _server.scheme == "smtps"
EMAIL_USE_TLS = _server.scheme == "smtp" and EMAIL_PORT != 25  # plain mail to a relay on this host
EMAIL_TIMEOUT = 10
