"""The web application for WSGI servers; refuses to start with an unsafe database role."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_wsgi_application()

from config.checks import require_safe_role  # noqa: E402  # needs the settings loaded above
from config.memory import settle  # noqa: E402

require_safe_role()
settle()
