"""The project itself as an app: its commands (migrate as the owner, serve), start-up checks and the Celery app."""

from django.apps import AppConfig

from config import celery, checks

__all__ = ["ConfigConfig", "celery", "checks"]


class ConfigConfig(AppConfig):
    name = "config"
