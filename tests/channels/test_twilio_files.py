"""Files are fetched from Twilio with our credentials, which go nowhere else, and deleted there."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from bot.channels.twilio_files import TwilioMedia
from bot.domain.errors import FetchError
from tests.channels.rig import ACCOUNT, TOKEN
from tests.sandbox.sandbox_rig import rig, serving

PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/"


class Twilio:
    """The provider's address, and its store on a path of its own."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bool]] = []
        self.elsewhere = "https://evil.example/file"
        self.app = Flask("twilio")
        self.app.add_url_rule("/<path:path>", "any", self.take, methods=["GET", "DELETE"])

    def take(self, path: str) -> Answer:
        self.asked.append((request.method, "/" + path, request.authorization is not None))
        name = path.rpartition("/")[2]
        if name == "ME-note":
            return redirect("/store/note", 307)
        if name == "ME-led-astray":
            return redirect(self.elsewhere, 307)
        if name == "ME-in-circles":
            return redirect(f"/{path}", 307)
        if name.startswith("ME-status-"):
            return Response(status=int(name.removesuffix(".json").rpartition("-")[2]))
        return Response(b"OggS" + b"x" * 996, mimetype="audio/ogg") if request.method == "GET" else Response(status=204)


@pytest.fixture
def twilio() -> Iterator[tuple[Twilio, str]]:
    """The stand-in and its address."""
    made = Twilio()
    with serving(made.app) as url:
        yield made, url


def client(url: str | None, timeout: float = 2.0) -> TwilioMedia:
    return TwilioMedia(ACCOUNT, TOKEN, timeout=timeout, api_url=url)


def failure(url: str, address: str, most: int = 10_000, *, remove: bool = False) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client(url).remove(address) if remove else client(url).fetch(address, most)
    return caught.value


def test_a_file_is_fetched_and_the_credentials_stay_with_the_api(twilio: tuple[Twilio, str]) -> None:
    provider, url = twilio
    assert len(client(url).fetch(f"{url}{PATH}ME-note", 10_000)) == 1000
    assert provider.asked == [("GET", f"{PATH}ME-note", True), ("GET", "/store/note", False)]


def test_the_apis_own_address_is_asked_at_the_other_one(twilio: tuple[Twilio, str]) -> None:
    provider, url = twilio
    client(url).fetch(f"https://api.twilio.com{PATH}ME1", 10_000)
    assert provider.asked == [("GET", f"/api.twilio.com{PATH}ME1", True)]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/2010-04-01/Accounts/x",
        "https://api.twilio.com.evil.example/2010-04-01/",
        "https://api.twilio.com/2010-04-01/Accounts/AC0000/Messages/MM1/Media/ME1",
        f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/../../x",
        f"http://api.twilio.com{PATH}ME1",
        "file:///etc/passwd",
    ],
)
def test_no_other_address_is_ever_asked(twilio: tuple[Twilio, str], address: str) -> None:
    provider, url = twilio
    for remove in (False, True):
        error = failure(url, address, remove=remove)
        assert (error.code, error.retryable) == ("foreign_address", False)
    assert provider.asked == []


def test_a_redirect_leads_to_the_providers_stores_alone(twilio: tuple[Twilio, str]) -> None:
    provider, url = twilio
    for provider.elsewhere in ("https://evil.example/file", "http://mms.twiliocdn.com/file", "https://twiliocdn.com.evil.example/x"):
        assert failure(url, f"{url}{PATH}ME-led-astray").code == "foreign_address"


def test_redirects_in_circles_end(twilio: tuple[Twilio, str]) -> None:
    assert failure(twilio[1], f"{twilio[1]}{PATH}ME-in-circles").code == "too_many_redirects"


def test_a_file_that_is_larger_than_allowed_is_not_read_to_its_end(twilio: tuple[Twilio, str]) -> None:
    error = failure(twilio[1], f"{twilio[1]}{PATH}ME1", most=999)
    assert (error.code, error.retryable) == ("too_large", False)


@pytest.mark.parametrize(
    ("status", "code", "retryable", "gone"),
    [
        (404, "gone", False, True),
        (401, "http_401", True, False),
        (429, "http_429", True, False),
        (503, "http_503", True, False),
        (400, "http_400", False, False),
    ],
)
def test_what_an_answer_means(twilio: tuple[Twilio, str], status: int, code: str, *, retryable: bool, gone: bool) -> None:
    error = failure(twilio[1], f"{twilio[1]}{PATH}ME-status-{status}")
    assert (error.code, error.retryable, error.gone) == (code, retryable, gone)


def test_a_provider_that_is_away_is_tried_again() -> None:
    error = failure("http://127.0.0.1:9", f"http://127.0.0.1:9{PATH}ME1")
    assert (error.code, error.retryable) == ("no_answer", True)


def test_a_file_is_deleted_as_the_api_names_it(twilio: tuple[Twilio, str]) -> None:
    provider, url = twilio
    client(url).remove(f"{url}{PATH}ME1")
    assert provider.asked == [("DELETE", f"{PATH}ME1.json", True)]


def test_what_is_gone_already_counts_as_deleted_and_a_refusal_does_not(twilio: tuple[Twilio, str]) -> None:
    url = twilio[1]
    client(url).remove(f"{url}{PATH}ME-status-404")
    assert failure(url, f"{url}{PATH}ME-status-500", remove=True).retryable


def test_from_the_webhook_of_the_stand_in_to_its_deletion() -> None:
    with rig() as sandbox:
        sandbox.phone(channel="whatsapp", media="voice")
        address = sandbox.receiver.inbound()[-1].form["MediaUrl0"].replace("http://sandbox.test", "https://api.twilio.com")
        files = client(sandbox.url)
        assert files.fetch(address, 16_000_000).startswith(b"OggS")
        files.remove(address)
        assert failure(sandbox.url, address).gone
        files.remove(address)
