"""How the SDK reaches Twilio: explicit time-outs, enough kept connections, and another address for the sandbox."""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient


class HttpClient(TwilioHttpClient):
    """The SDK's HTTP client. With `api_url`, every host becomes the first part of the path there."""

    def __init__(self, timeout: float, connections: int, api_url: str | None = None) -> None:
        super().__init__(pool_connections=True, timeout=timeout)
        self._api_url = api_url.rstrip("/") if api_url else None
        # The SDK keeps ten connections; more sends than that are in flight here, and each new TLS handshake costs 100 ms.
        adapter = HTTPAdapter(pool_connections=4, pool_maxsize=connections)
        session = requests.Session()
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.trust_env = False
        self.session = session

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """One request, as the SDK makes it."""
        if self._api_url:
            parts = urlsplit(url)
            query = f"?{parts.query}" if parts.query else ""
            url = f"{self._api_url}/{parts.netloc}{parts.path}{query}"
        return super().request(method, url, *args, **kwargs)
