"""An understanding service on loopback that behaves as it is told."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = {
    "text": "x",
    "intent_ranking": [{"name": "job_search", "confidence": 0.8}, {"name": "greet", "confidence": 0.1}],
    "entities": [{"entity": "place", "value": "Touba", "start": 3, "end": 8, "canonical": "SN-DB/mbacke/touba"}],
    "language": "wo",
}


@dataclass
class Service:
    """What it answers, and what it was asked. `behave` gets the open request and may do anything with it."""

    url: str = ""
    status: int = 200
    body: bytes = json.dumps(ANSWER).encode()
    delay: float = 0.0
    drip: float = 0.0
    behave: Callable[[BaseHTTPRequestHandler], None] | None = None
    texts: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def answers(self, document: Any) -> None:
        """Answer this from now on."""
        self.body = json.dumps(document).encode()


@contextmanager
def serving() -> Iterator[Service]:
    """The service while the block runs."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            service.paths.append(self.path)
            service.texts.append(json.loads(raw)["text"])
            if service.behave:
                service.behave(self)
                return
            time.sleep(service.delay)
            self.send_response(service.status)
            self.send_header("Content-Length", str(len(service.body)))
            self.end_headers()
            pieces = [service.body[at : at + 1] for at in range(len(service.body))] if service.drip else [service.body]
            for piece in pieces:
                self.wfile.write(piece)
                time.sleep(service.drip)

        def do_GET(self) -> None:
            """Whether it is ready: it is."""
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                """The other side had enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
