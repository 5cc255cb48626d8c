#!/usr/bin/env python
"""Django's command line. Starts the embedded servers for commands that need them (see config/services)."""

import os
import sys

from django.core.management import execute_from_command_line

from config.services.session import prepare_command


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    with prepare_command(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
