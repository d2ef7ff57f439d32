"""Serving a Flask app with gunicorn's threaded worker: one process, kept connections, a clean stop on SIGTERM."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def serve(app: Flask, host: str, port: int, threads: int) -> None:
    """Serve until told to stop. Request bodies are limited by the app, lines and headers here."""
    options = {
        "bind": f"{host}:{port}",
        "workers": 1,
        "worker_class": "gthread",
        "threads": threads,
        "keepalive": 30,
        "timeout": 60,
        "graceful_timeout": 10,
        "limit_request_line": 8190,
        "limit_request_fields": 60,
        "loglevel": "warning",
        "worker_tmp_dir": None,
        "control_socket_disable": True,
    }
    _Server(app, {name: value for name, value in options.items() if value is not None}).run()
