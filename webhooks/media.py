"""Recordings and pictures that go with our texts, for the provider to fetch: public, under the hash of their content.

Nobody is shown here: what lies in flows/media is what anybody may hear. The folder is never listed.
"""

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

from bot.domain.recordings import NAME, TYPES

# The name is the hash of the content: what was fetched once is right for ever.
_FOR_EVER = 365 * 24 * 3600


def blueprint(folder: Path) -> Blueprint:
    """`GET /media/<hash>.<ending>` from `folder`, the folder media of the flows."""
    routes = Blueprint("media", __name__)

    def media(name: str) -> Response:
        if not NAME.fullmatch(name):
            abort(404)
        answer = send_from_directory(folder, name, mimetype=TYPES[name.rpartition(".")[2]], max_age=_FOR_EVER, conditional=True)
        answer.cache_control.public = True
        answer.cache_control.immutable = True
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    routes.add_url_rule("/media/<name>", view_func=media)
    return routes
