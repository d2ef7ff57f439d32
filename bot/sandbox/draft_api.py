"""Be a phone on the draft: JSON in, JSON out, under `/control/draft`."""

from typing import Any

from flask import Blueprint, request

from bot.content.messages import LANGUAGES
from bot.sandbox.control import guarded
from bot.sandbox.documents import Wrong, document
from bot.sandbox.draft import DraftPhones
from bot.sandbox.inbound import parse


def blueprint(phones: DraftPhones | None) -> Blueprint:
    """The routes. Without a draft they say so."""
    routes = Blueprint("draft", __name__, url_prefix="/control/draft")
    api = DraftApi(phones)
    routes.add_url_rule("", view_func=guarded(api.here), endpoint="here")
    routes.add_url_rule("/send", view_func=guarded(api.send), endpoint="send", methods=["POST"])
    routes.add_url_rule("/anew", view_func=guarded(api.anew), endpoint="anew", methods=["POST"])
    routes.add_url_rule("/<address>/messages", view_func=guarded(api.thread), endpoint="thread")
    return routes


class DraftApi:
    """What the page may ask of the draft. `lang` is the author's language, fr or en."""

    def __init__(self, phones: DraftPhones | None) -> None:
        self._phones = phones

    def here(self) -> dict[str, Any]:
        """Whether this sandbox has a draft at all."""
        return {"here": self._phones is not None}

    def send(self) -> dict[str, Any]:
        """Like `/control/phones/send`, with `lang`; 400 with a sentence while the draft has errors."""
        said = document()
        return self._known().send(parse(said), _language(said.get("lang")))

    def anew(self) -> dict[str, Any]:
        """`{"address": "+221770000001"}`: this phone has never written; `{}`: none has."""
        self._known().forget(str(document().get("address") or "") or None)
        return {"anew": True}

    def thread(self, address: str) -> dict[str, Any]:
        """`?since=12&lang=fr`: what is new on a phone, and what is wrong with the draft."""
        return self._known().thread(address, request.args.get("since", 0, type=int), _language(request.args.get("lang")))

    def _known(self) -> DraftPhones:
        if self._phones is None:
            raise Wrong("this sandbox was started without a draft")
        return self._phones


def _language(asked: object) -> str | None:
    return asked if isinstance(asked, str) and asked in LANGUAGES else None
