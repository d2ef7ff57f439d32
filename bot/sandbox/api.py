"""Twilio's own addresses: Messages, Content and Services, as its SDK calls them.

A client that may only change scheme and host reaches them at `/2010-04-01/...`; one that keeps the host as the first part of
the path at `/api.twilio.com/2010-04-01/...`, `/content.twilio.com/v1/...` and `/messaging.twilio.com/v1/...`.
"""

import hmac
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, request

from bot.sandbox.account import Account
from bot.sandbox.content_api import ContentApi
from bot.sandbox.errors import Refused
from bot.sandbox.message_api import MessagesApi
from bot.sandbox.service_api import ServicesApi

View = Callable[..., Response]


def blueprint(account: Account) -> Blueprint:
    """The routes of one account."""
    routes = Blueprint("api", __name__)
    messages, contents, services = MessagesApi(account), ContentApi(account), ServicesApi(account)
    for host in ("", "/api.twilio.com"):
        base = f"{host}/2010-04-01/Accounts/<account_sid>/Messages"
        _route(routes, account, base + ".json", {"GET": messages.list, "POST": messages.create})
        _route(routes, account, base + "/<sid>.json", {"GET": messages.fetch, "POST": messages.update, "DELETE": messages.remove})
        _route(routes, account, base + "/<sid>/Media.json", {"GET": messages.media_list})
        _route(routes, account, base + "/<sid>/Media/<name>.json", {"GET": messages.media_fetch})
        _route(routes, account, base + "/<sid>/Media/<name>", {"GET": messages.media})
    for host in ("", "/content.twilio.com"):
        base = f"{host}/v1/Content"
        _route(routes, account, base, {"GET": contents.list, "POST": contents.create})
        _route(routes, account, base + "AndApprovals", {"GET": contents.list_with_approvals})
        _route(routes, account, base + "/<sid>", {"GET": contents.fetch, "DELETE": contents.remove})
        _route(routes, account, base + "/<sid>/ApprovalRequests", {"GET": contents.approval})
        _route(routes, account, base + "/<sid>/ApprovalRequests/whatsapp", {"POST": contents.submit})
    for host in ("", "/messaging.twilio.com"):
        base = f"{host}/v1/Services"
        _route(routes, account, base, {"GET": services.list})
        _route(routes, account, base + "/<sid>", {"GET": services.fetch})
    return routes


def _route(routes: Blueprint, account: Account, rule: str, views: dict[str, View]) -> None:
    endpoint = rule.replace(".", "_")
    routes.add_url_rule(rule, endpoint, _guarded(account, views), methods=list(views))


def _guarded(account: Account, views: dict[str, View]) -> View:
    """Dispatch on the method behind one check of the account's credentials; refusals become Twilio's JSON."""

    @wraps(next(iter(views.values())))
    def view(**where: str) -> Response:
        try:
            given = request.environ.get("HTTP_AUTHORIZATION", "").encode()
            if not hmac.compare_digest(given, account.authorization):
                raise Refused(20003)
            if where.pop("account_sid", account.settings.account_sid) != account.settings.account_sid:
                raise Refused(20404)
            if not account.quotas.call(account.clock.elapsed()):
                raise Refused(20429)
            return views["GET" if request.method == "HEAD" else request.method](**where)
        except Refused as refusal:
            return Response(refusal.to_json(), refusal.status, mimetype="application/json")

    return view
