"""`/v1/Content`, `/v1/ContentAndApprovals`: templates and what Meta thinks of them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from bot.sandbox.account import Account
from bot.sandbox.answers import CONTENT, approval_json, opinion_json, template_json, template_with_approval_json
from bot.sandbox.contents import Template
from bot.sandbox.errors import Refused
from bot.sandbox.listing import page_of
from bot.sandbox.message_api import answer

Shown = Callable[[str, Template], dict[str, Any]]


class ContentApi:
    """The templates of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._sid = account.settings.account_sid

    def create(self) -> Response:
        """Store a template."""
        template = self._account.contents.create(request.get_json(silent=True), self._account.clock.now())
        return answer(template_json(self._sid, template), 201)

    def list(self) -> Response:
        """Templates, newest first, paged."""
        return self._page(CONTENT, template_json)

    def list_with_approvals(self) -> Response:
        """The same, each with its approval."""
        return self._page(CONTENT + "AndApprovals", template_with_approval_json)

    def _page(self, url: str, shown: Shown) -> Response:
        records, page, size, following = page_of(self._account.contents.newest_first(), request.args.to_dict())
        meta = {
            "key": "contents",
            "page": page,
            "page_size": size,
            "url": url,
            "first_page_url": f"{url}?PageSize={size}&Page=0",
            "next_page_url": f"{url}?{urlencode(following)}" if following else None,
            "previous_page_url": None,
        }
        return answer({"contents": [shown(self._sid, template) for template in records], "meta": meta})

    def fetch(self, sid: str) -> Response:
        """One template."""
        return answer(template_json(self._sid, self._known(self._account.contents.get(sid))))

    def remove(self, sid: str) -> Response:
        """Forget one template."""
        if not self._account.contents.remove(sid):
            raise Refused(20404)
        return Response(status=204)

    def approval(self, sid: str) -> Response:
        """Whether WhatsApp approved it."""
        return answer(approval_json(self._sid, self._known(self._account.contents.get(sid))))

    def submit(self, sid: str) -> Response:
        """Ask for approval; decided at once, as the policy of the sandbox says."""
        template = self._account.contents.submit(sid, request.get_json(silent=True))
        return answer(opinion_json(self._known(template)), 201)

    def _known(self, template: Template | None) -> Template:
        if template is None:
            raise Refused(20404)
        return template
