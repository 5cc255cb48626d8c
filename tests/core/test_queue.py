"""A queue that is away costs nobody their answer: the row is the truth and is handed over later."""

from celery import current_app
from kombu.exceptions import OperationalError

from core.queue import _send


def test_unreachable_queue_is_noted_and_nothing_else(monkeypatch):
    noted = []
    current_app.loader.import_default_modules()

    def refused(**kwargs):
        raise OperationalError("Connection refused.")  # kombu wraps what the transport raises

    monkeypatch.setattr(current_app.tasks["reports.alerts"], "apply_async", refused)

    monkeypatch.setattr("core.queue.logger.warning", lambda text, name: noted.append(name))

    _send("reports.alerts", (1, None))

    assert noted == ["reports.alerts"]
