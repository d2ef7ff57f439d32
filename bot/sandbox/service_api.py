"""`/v1/Services` of messaging.twilio.com: the one messaging service that the account may have."""

from flask import Response

from bot.sandbox.account import Account
from bot.sandbox.answers import SERVICES, service_json
from bot.sandbox.errors import Refused
from bot.sandbox.message_api import answer


class ServicesApi:
    """The messaging services of one account."""

    def __init__(self, account: Account) -> None:
        self._settings = account.settings
        self._created = account.clock.now()

    def list(self) -> Response:
        """All services: one or none."""
        sid = self._settings.messaging_service_sid
        shown = [service_json(self._settings.account_sid, sid, self._created)] if sid else []
        first_page = f"{SERVICES}?PageSize=50&Page=0"
        links = {"url": first_page, "first_page_url": first_page, "next_page_url": None, "previous_page_url": None}
        return answer({"services": shown, "meta": {"key": "services", "page": 0, "page_size": 50, **links}})

    def fetch(self, sid: str) -> Response:
        """The service of that id."""
        if sid != self._settings.messaging_service_sid:
            raise Refused(20404)
        return answer(service_json(self._settings.account_sid, sid, self._created))
