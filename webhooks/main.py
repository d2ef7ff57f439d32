"""The composed webhooks app."""

from flask import Flask

from bot.bootstrap import make_providers, make_runtime
from bot.settings import Settings
from webhooks.app import create_app


def make_app(settings: Settings) -> Flask:
    """The app on the runtime that the settings describe."""
    return create_app(make_runtime(settings), *make_providers(settings))
