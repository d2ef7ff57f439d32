"""The sandbox as one web application: Twilio's addresses, the control API, and the phones in the browser."""

from pathlib import Path

from flask import Flask, Response, abort, send_from_directory

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
