"""The public app. It owns HTTP: size, content type, signature, answers. It has no session and no template, and shows a person only
on the page of `webhooks.details`."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request
from prometheus_client import generate_latest
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from bot import telemetry
from bot.domain.errors import RequestRefused, Unavailable
from bot.domain.ports import Door, Provider
from bot.pipeline import delivery, inbox
from bot.runtime import Runtime
from webhooks import media
from webhooks.details import details_pages
from webhooks.health import health

# A Twilio form with everything in it has a few kilobytes.
LARGEST_BODY = 64 * 1024
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as provider adapters read it."""

    url: str
    form: dict[str, list[str]]
    headers: dict[str, str]
    query: dict[str, str]
    key: str
    remote: str


def create_app(rt: Runtime, *providers: Provider) -> Flask:
    """The app for these providers: each names the doors it is called at. Routes are registered here and nowhere else."""
    app = Flask("webhooks", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_PARTS=500, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.url_map.strict_slashes = False

    for provider in providers:
        for door in provider.doors:
            app.add_url_rule(door.path, door.path, _opened(rt, provider, door), methods=list(door.methods), provide_automatic_options=False)
    app.add_url_rule("/health/live", "live", lambda: Response("alive\n", mimetype="text/plain"))
    app.add_url_rule("/health", "health", lambda: health(rt))
    app.add_url_rule("/metrics", "metrics", lambda: Response(generate_latest(), mimetype="text/plain; version=0.0.4"))
    app.register_blueprint(media.blueprint((rt.settings.content_dir / "flows" / "media").resolve()))
    app.register_blueprint(details_pages(rt))
    app.register_error_handler(RequestRefused, _refused)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broke)
    return app


def _opened(rt: Runtime, provider: Provider, door: Door) -> Callable[..., Response]:
    """The view behind a door."""

    def view(key: str = "") -> Response:
        if request.method not in door.methods:
            # Flask answers HEAD wherever GET is allowed, and to ask must not be to deliver.
            raise MethodNotAllowed(list(door.methods))
        seen = _verified(rt, provider, key)
        if door.brings == "message":
            _retry_once(lambda: inbox.receive(rt, provider.inbound(seen)))
        else:
            _retry_once(lambda: delivery.record(rt, provider.status(seen)))
        return Response(door.answer, mimetype=door.mimetype) if door.answer or request.method == "GET" else Response(status=204)

    return view


def _verified(rt: Runtime, provider: Provider, key: str) -> HttpRequest:
    """The request, proven to be the provider's before anything in it is believed."""
    if not request.query_string.isascii():
        # No address has such bytes unescaped, and the framework breaks on those that are no UTF-8.
        raise RequestRefused("query", 400)
    if request.method == "POST":
        if request.mimetype != _FORM:
            raise RequestRefused("content_type", 415)
        if request.content_length is None or request.content_length > LARGEST_BODY:
            raise RequestRefused("size", 413)
    # The configured address and the raw query: the Host header and a decoded path are what an attacker or a proxy made of them.
    query = request.query_string.decode("latin-1")
    url = rt.settings.public_url.rstrip("/") + request.path + (f"?{query}" if query else "")
    given = request.form if request.method == "POST" else request.args
    form = {name: given.getlist(name) for name in given}
    remote = _remote(rt.settings.trusted_proxies)
    seen = HttpRequest(url, form, dict(request.headers.items()), dict(request.args.items()), key, remote)
    provider.verify(seen)
    return seen


def _remote(proxies: int) -> str:
    """Who calls. What our own proxies wrote is believed, from the right; what stands before it anybody can write."""
    written = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(written) >= proxies:
        return written[-proxies]
    return request.remote_addr or ""


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
    # A door whose secret was guessed wrong is no door.
    said = "Not Found" if error.status == 404 else error.reason
    asking = {"WWW-Authenticate": "Basic"} if error.status == 401 else None
    return Response(f"{said}\n", status=error.status, mimetype="text/plain", headers=asking)


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
