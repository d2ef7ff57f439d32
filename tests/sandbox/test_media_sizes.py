"""Files that are too large for their channel are taken, and fail in the report."""

from collections.abc import Iterator

import pytest

from tests.sandbox.sandbox_rig import AWA, Rig, rig, until


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Rig]:
    with rig() as parts:
        parts.phone(channel="whatsapp", text="Salaam")
        yield parts


@pytest.mark.parametrize(
    ("channel", "file", "end"),
    [
        ("whatsapp", "photo-5mb.jpg", ("delivered", None)),
        ("whatsapp", "photo-6mb.jpg", ("undelivered", "63019")),
        ("whatsapp", "clip-16mb.mp4", ("delivered", None)),
        ("whatsapp", "clip-17mb.mp4", ("undelivered", "63019")),
        ("sms", "clip-5mb.mp4", ("delivered", None)),
        ("sms", "clip-6mb.mp4", ("undelivered", "30019")),
        ("sms", "clip.mp4", ("delivered", None)),
    ],
)
def test_a_file_above_the_limit_of_its_channel_fails_later(sandbox: Rig, channel: str, file: str, end: tuple[str, str | None]) -> None:
    sandbox.receiver.got.clear()
    send = sandbox.whatsapp if channel == "whatsapp" else sandbox.sms
    message = send("", AWA, media_url=[f"https://files.test/{file}"], status_callback=sandbox.callback_url())
    assert message.status == "queued"
    until(lambda: sandbox.receiver.statuses() and sandbox.receiver.statuses()[-1] in {"delivered", "undelivered"})
    form = sandbox.receiver.got[-1].form
    assert (form["MessageStatus"], form.get("ErrorCode")) == end
