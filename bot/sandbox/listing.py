"""Lists that the SDK pages through: filters, pages and the address of the next page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from bot.sandbox.answers import message_json
from bot.sandbox.errors import Refused
from bot.sandbox.messages import Message

LARGEST_PAGE = 1000
Keep = Callable[[Message], bool]
Record = TypeVar("Record")


def _moment(text: str) -> tuple[datetime, datetime]:
    """The first and the last moment that a filter value means: a day, or one instant."""
    try:
        if len(text) == 10:
            begin = datetime.combine(datetime.fromisoformat(text).date(), time(), UTC)
            return begin, begin + timedelta(days=1) - timedelta(microseconds=1)
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(20422) from None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return instant, instant


def filters(query: Mapping[str, str]) -> list[Keep]:
    """One test per filter in the query: To, From, DateSent, DateSent< and DateSent>. Raises `Refused` 20422."""
    tests: list[Keep] = []
    if "To" in query:
        tests.append(lambda message: message.recipient == query["To"])
    if "From" in query:
        tests.append(lambda message: message.sender == query["From"])
    if "DateSent" in query:
        # Equality means the day; the SDK writes a day as its midnight.
        begin, end = _moment(query["DateSent"][:10])
        tests.append(lambda message: begin <= message.created <= end)
    if "DateSent<" in query:
        latest = _moment(query["DateSent<"])[1]
        tests.append(lambda message: message.created <= latest)
    if "DateSent>" in query:
        # Twilio keeps whole seconds, so a message of the same second is not "before".
        earliest = _moment(query["DateSent>"])[0].replace(microsecond=0)
        tests.append(lambda message: message.created >= earliest)
    return tests


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal():
        raise Refused(20422)
    return int(text)


def _size(query: Mapping[str, str]) -> int:
    return min(LARGEST_PAGE, max(1, _number(query, "PageSize", 50)))


def page_of(records: Sequence[Record], query: Mapping[str, str]) -> tuple[list[Record], int, int, dict[str, str] | None]:
    """The records of one page, its number and size, and the query of the next page if there is one."""
    size = _size(query)
    page = _number(query, "Page", 0)
    begin = page * size
    more = len(records) > begin + size
    return list(records[begin : begin + size]), page, size, _following(query, page, size, str(page + 1)) if more else None


def _following(query: Mapping[str, str], page: int, size: int, token: str) -> dict[str, str]:
    return {**query, "PageSize": str(size), "Page": str(page + 1), "PageToken": f"PA{token}"}


def last_seen(query: Mapping[str, str]) -> int | None:
    """The serial of the last message of the page before, which the token of a page names: a list of many pages is gone through once, and
    what comes in meanwhile shifts nothing. None for the first page, and for one that is asked for by its number alone."""
    token = query.get("PageToken", "").removeprefix("PA")
    return int(token) if token.isdecimal() else None


def _chosen(messages: Iterable[Message], query: Mapping[str, str]) -> tuple[list[Message], dict[str, str] | None]:
    """The messages of one page, and the query of the next."""
    size, page, tests, before = _size(query), _number(query, "Page", 0), filters(query), last_seen(query)
    # What the operator answers by itself is in no list.
    matching = (message for message in messages if not message.automatic and all(test(message) for test in tests))
    skipped = page * size if before is None else 0
    records = list(islice(matching, skipped, skipped + size))
    more = next(matching, None) is not None
    return records, _following(query, page, size, str(records[-1].serial)) if more else None


def message_page(account_sid: str, messages: Iterable[Message], query: Mapping[str, str], elapsed: float) -> dict[str, Any]:
    """A page of Message resources. `messages` are candidates, newest first, from `last_seen` on; the filters are applied here."""
    records, following = _chosen(messages, query)
    page, size = _number(query, "Page", 0), _size(query)
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
    return {
        "messages": [message_json(account_sid, message, elapsed) for message in records],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": max(page * size, page * size + len(records) - 1),
        "uri": f"{uri}?{urlencode(query)}",
        "first_page_uri": f"{uri}?{urlencode({**query, 'Page': '0', 'PageSize': str(size)})}",
        "next_page_uri": f"{uri}?{urlencode(following)}" if following else None,
        "previous_page_uri": None,
    }
