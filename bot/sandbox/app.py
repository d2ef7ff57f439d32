"""The sandbox as one web application: Twilio's addresses, the control API, and the phones in the browser."""

from pathlib import Path

import httpx
from flask import Flask, Response, abort, send_from_directory

from bot.domain.recordings import NAME, TYPES
from bot.flowtools.draft import Draft
from bot.sandbox import api, control, draft_api, media
from bot.sandbox.account import open_account
from bot.sandbox.draft import DraftPhones
from bot.sandbox.options import SandboxSettings

PAGE = Path(__file__).parent / "page"
SCRIPTS = ("phone.js", "thread.js", "draft.js", "words.js")
PARTS = {"phone.css": "text/css", "icon.svg": "image/svg+xml", **dict.fromkeys(SCRIPTS, "text/javascript")}

# Texts of strangers are shown on this page: nothing from anywhere else, and nothing that is written into it, may run.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create_app(settings: SandboxSettings, draft: Draft | None = None) -> Flask:
    """The application of one account. With a draft, phones may talk to the flows on disk, too.

    Its state lives in this process: serve it with threads, never with several workers.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    account = open_account(settings)
    app.register_blueprint(api.blueprint(account))
    app.register_blueprint(control.blueprint(account))
    app.register_blueprint(draft_api.blueprint(DraftPhones(draft) if draft else None))
    app.add_url_rule("/", "page", lambda: _page("index.html", "text/html"))
    app.add_url_rule("/page/<name>", "part", _part)
    app.add_url_rule("/media/<name>", "media", _media)
    app.add_url_rule("/sent/<name>", "sent", lambda name: _sent(settings.public_url, name))
    return app


def _page(name: str, content_type: str) -> Response:
    answer = send_from_directory(PAGE, name, mimetype=content_type, max_age=0)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _part(name: str) -> Response:
    if name not in PARTS:
        abort(404)
    return _page(name, PARTS[name])


def _media(name: str) -> Response:
    file = media.find(name)
    if file is None:
        abort(404)
    answer = Response(file.read(), mimetype=file.content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _sent(public_url: str, name: str) -> Response:
    """A recording or picture of ours, fetched from our public address as the provider does."""
    if not NAME.fullmatch(name):
        abort(404)
    try:
        fetched = httpx.get(f"{public_url}/media/{name}", timeout=10, trust_env=False)
    except httpx.HTTPError:
        abort(502)
    if fetched.status_code != 200:
        abort(fetched.status_code if fetched.status_code == 404 else 502)
    answer = Response(fetched.content, mimetype=TYPES[name.rpartition(".")[2]])
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
