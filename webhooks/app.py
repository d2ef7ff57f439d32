"""The public app. It owns HTTP: size, content type, signature, answers. It has no session and no template, and shows a person only
on the page of `webhooks.details`."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request
from prometheus_client import generate_latest
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from bot import telemetry
from bot.domain.errors import RequestRefused, Unavailable
from bot.domain.ports import Provider
from bot.pipeline import delivery, inbox
from bot.runtime import Runtime
from webhooks.details import details_pages
from webhooks.health import health

# A Twilio form with everything in it has a few kilobytes.
LARGEST_BODY = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_THANKS = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as provider adapters read it."""

    url: str
    form: dict[str, list[str]]
    headers: dict[str, str]
    query: dict[str, str]


def create_app(rt: Runtime, provider: Provider) -> Flask:
    """The app for one provider. Routes are registered here and nowhere else."""
    app = Flask("webhooks", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_PARTS=500, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.url_map.strict_slashes = False

    def message() -> Response:
        seen = _verified(rt, provider)
        _retry_once(lambda: inbox.receive(rt, provider.inbound(seen)))
        return Response(_THANKS, mimetype="text/xml")

    def status() -> Response:
        seen = _verified(rt, provider)
        _retry_once(lambda: delivery.record(rt, provider.status(seen)))
        return Response(status=204)

    app.add_url_rule("/twilio/sms", "sms", message, methods=["POST"])
    app.add_url_rule("/twilio/whatsapp", "whatsapp", message, methods=["POST"])
    app.add_url_rule("/twilio/status", "status", status, methods=["POST"])
    app.add_url_rule("/health/live", "live", lambda: Response("alive\n", mimetype="text/plain"))
    app.add_url_rule("/health", "health", lambda: health(rt))
    app.add_url_rule("/metrics", "metrics", lambda: Response(generate_latest(), mimetype="text/plain; version=0.0.4"))
    app.register_blueprint(details_pages(rt))
    app.register_error_handler(RequestRefused, _refused)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broke)
    return app


def _verified(rt: Runtime, provider: Provider) -> HttpRequest:
    """The request, proven to be the provider's before anything in it is believed."""
    if request.mimetype != _FORM:
        raise RequestRefused("content_type", 415)
    if request.content_length is None or request.content_length > LARGEST_BODY:
        raise RequestRefused("size", 413)
    # The configured address and the raw query: the Host header and a decoded path are what an attacker or a proxy made of them.
    query = request.query_string.decode("latin-1")
    url = rt.settings.public_url.rstrip("/") + request.path + (f"?{query}" if query else "")
    seen = HttpRequest(
        url, {name: request.form.getlist(name) for name in request.form}, dict(request.headers.items()), dict(request.args.items())
    )
    provider.verify(seen)
    return seen


def _retry_once(work: Callable[[], object]) -> None:
    """After a restart of the database every kept connection is dead: the first try drops them, the second gets a fresh one."""
    try:
        work()
    except Unavailable:
        work()


def _route() -> str:
    """The route of a request for the log, never the path: the path of a link opens a person's details."""
    return request.url_rule.rule if request.url_rule else "-"


def _refused(error: RequestRefused) -> Response:
    telemetry.INBOUND.labels("unknown", f"refused_{error.reason}").inc()
    telemetry.log().warning("request_refused", reason=error.reason, status=error.status, path=_route())
    return Response(f"{error.reason}\n", status=error.status, mimetype="text/plain")


def _unavailable(error: Unavailable) -> Response:
    telemetry.log().error("webhook_unavailable", reason=str(error)[:80])
    return Response("try again\n", status=503, mimetype="text/plain", headers={"Retry-After": "2"})


def _http_error(error: HTTPException) -> Response:
    status = 413 if isinstance(error, RequestEntityTooLarge) else error.code or 500
    return Response(f"{error.name}\n", status=status, mimetype="text/plain")


def _broke(error: Exception) -> Response:
    """An error of our own: logged by type and place, and the provider is told to try again rather than that all is well."""
    telemetry.log().error("webhook_broke", path=_route(), exc_info=(type(error), error, error.__traceback__))
    return Response("error\n", status=500, mimetype="text/plain")
