"""Which files are kept, and that one is what it says it is."""

import pytest

from bot.domain.media import ending_of, fault_of, is_kept, plain_type
from bot.domain.messages import InboundKind
from bot.sandbox.media import FILES


@pytest.mark.parametrize(
    ("kind", "content_type", "kept"),
    [
        ("voice", "audio/ogg; codecs=opus", True),
        ("voice", "AUDIO/OGG", True),
        ("image", "image/jpeg", True),
        ("document", "application/pdf", True),
        ("contact_card", "text/vcard", True),
        ("sticker", "image/webp", False),
        ("document", "application/x-msdownload", False),
        ("document", "application/zip", False),
        ("document", "text/html", False),
        ("image", "image/svg+xml", False),
        ("document", "", False),
    ],
)
def test_only_kinds_that_say_something_and_known_types_are_kept(kind: InboundKind, content_type: str, *, kept: bool) -> None:
    assert is_kept(kind, content_type) is kept


@pytest.mark.parametrize("name", ["voice", "photo", "document", "contact"])
def test_a_real_file_is_what_it_says(name: str) -> None:
    assert fault_of(FILES[name].read(), FILES[name].content_type) is None


@pytest.mark.parametrize(
    ("content", "content_type", "fault"),
    [
        (b"", "audio/ogg", "empty"),
        (b"MZ\x90\x00\x03", "audio/ogg", "not_what_it_says"),
        (b"<html>", "application/pdf", "not_what_it_says"),
        (b"MZ\x90\x00\x03", "text/plain", "not_what_it_says"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4", None),
        (b"#!AMR\n", "audio/amr", None),
    ],
)
def test_a_file_that_is_something_else_is_refused(content: bytes, content_type: str, fault: str | None) -> None:
    assert fault_of(content, content_type) == fault


def test_a_type_is_written_without_its_parameters_and_has_an_ending() -> None:
    assert plain_type(" Audio/OGG; codecs=opus") == "audio/ogg"
    assert ending_of("audio/ogg; codecs=opus") == "ogg"
