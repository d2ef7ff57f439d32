"""A small HTTP client and server on asyncio streams: the load generator must cost less than what it measures."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl


@dataclass(slots=True)
class Connection:
    """A kept connection to one server."""

    host: str
    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes, headers: str) -> int:
        """POST a form; the status of the answer."""
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        assert self.reader is not None
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n{headers}\r\n"
        )
        self.writer.write(head.encode() + body)
        status, _ = await read_message(self.reader)
        return int(status.split(" ")[1])

    def close(self) -> None:
        """Let go of the connection."""
        if self.writer is not None:
            self.writer.close()


async def read_message(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """The first line and the body of a message."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    return first, await reader.readexactly(length) if length else b""


Handler = Callable[[str, dict[str, str]], Awaitable[bytes]]


async def serve(port: int, handle: Handler) -> asyncio.Server:
    """Answer every POST with 201 and the JSON that `handle(first line, form)` gives."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                first, body = await read_message(reader)
                answer = await handle(first, dict(parse_qsl(body.decode())))
                head = f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
                writer.write(head.encode() + answer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            # Cancelled: the measurement is over while a kept connection waits, and asyncio would print that as a fault.
            writer.close()

    return await asyncio.start_server(client, "127.0.0.1", port)
