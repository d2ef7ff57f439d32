"""Twilio, the files that people send: fetched with our credentials, and deleted there.

The address in the webhook answers with a redirect to a store where the file lies for four hours; our credentials do not go there.
https://www.twilio.com/docs/messaging/api/media-resource (2026)
"""

import time
from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

import requests

from bot.domain.errors import FetchError

_API = "https://api.twilio.com"
# Where redirects may lead to.
STORES = (".twiliocdn.com", ".twilio.com", ".amazonaws.com")
_MOST_REDIRECTS = 3
_CHUNK = 64 * 1024
# Seconds that one file may take in all. The job that waits for it is ended after 60.
LONGEST_FETCH = 30.0


class TwilioMedia:
    """The files of one account. `api_url` is another address of the API (the sandbox)."""

    def __init__(
        self, account_sid: str, auth_token: str, *, timeout: float, api_url: str | None = None, stores: Collection[str] = STORES
    ) -> None:
        self._auth = (account_sid, auth_token)
        self._ours = tuple(f"{base.rstrip('/')}/2010-04-01/Accounts/{account_sid}/" for base in (_API, api_url) if base)
        self._api_url = api_url.rstrip("/") if api_url else None
        self._timeout = timeout
        self._stores = tuple(stores)
        self._session = requests.Session()
        self._session.trust_env = False

    def fetch(self, url: str, most: int) -> bytes:
        """The file, of at most that many bytes. Raises `FetchError`."""
        deadline = time.monotonic() + LONGEST_FETCH
        with self._get(url) as response:
            content = bytearray()
            try:
                for chunk in response.iter_content(_CHUNK):
                    content += chunk
                    if len(content) > most:
                        raise FetchError("too_large", retryable=False)
                    if time.monotonic() > deadline:
                        raise FetchError("too_slow", retryable=True)
            except requests.RequestException as error:
                raise FetchError("broken_off", retryable=True) from error
            return bytes(content)

    def remove(self, url: str) -> None:
        """Delete the file there. One that is gone already is fine. Raises `FetchError`."""
        self._check(url)
        try:
            response = self._session.delete(self._reached(url) + ".json", auth=self._auth, timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as error:
            raise FetchError("no_answer", retryable=True) from error
        if response.status_code not in (200, 204, 404, 410):
            raise _error(response.status_code)

    def _get(self, url: str) -> requests.Response:
        self._check(url)
        at = self._reached(url)
        for _ in range(_MOST_REDIRECTS + 1):
            # Credentials are for the account's own addresses alone.
            auth = self._auth if at == self._reached(url) else None
            try:
                response = self._session.get(at, auth=auth, timeout=self._timeout, stream=True, allow_redirects=False)
            except requests.RequestException as error:
                raise FetchError("no_answer", retryable=True) from error
            if response.status_code == 200:
                return response
            response.close()
            if not response.is_redirect:
                raise _error(response.status_code)
            at = urljoin(at, response.headers["Location"])
            if not self._is_store(at):
                raise FetchError("foreign_address", retryable=False)
        raise FetchError("too_many_redirects", retryable=False)

    def _check(self, url: str) -> None:
        """Whatever a request said: only the account's own addresses are asked, and nothing that climbs out of them."""
        if not url.startswith(self._ours) or ".." in url or "?" in url or "#" in url:
            raise FetchError("foreign_address", retryable=False)

    def _reached(self, url: str) -> str:
        """Where the address is reached: the API's host becomes the first part of the path at another address."""
        if self._api_url and url.startswith(_API):
            return f"{self._api_url}/{urlsplit(url).netloc}{urlsplit(url).path}"
        return url

    def _is_store(self, url: str) -> bool:
        parts = urlsplit(url)
        trial = self._api_url is not None and url.startswith(self._api_url)
        return trial or (parts.scheme == "https" and f".{parts.hostname or ''}".endswith(self._stores))


def _error(status: int) -> FetchError:
    if status in (404, 410):
        return FetchError("gone", retryable=False, gone=True)
    # Refused credentials are ours to mend, and the file waits for it.
    return FetchError(f"http_{status}", retryable=status in (401, 403, 408, 429) or status >= 500)
