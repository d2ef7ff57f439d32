"""What our service sends with a text can be heard on the phone in the browser: fetched from our public address, as Twilio does."""

from pathlib import Path

from flask import Flask

from bot.domain.recordings import name_of
from bot.sandbox.remote import RemotePhone
from tests.flowtools.sounds import opus
from tests.sandbox.sandbox_rig import AWA, free_port, rig, serving
from webhooks.media import blueprint

NAME = name_of(opus(), "ogg")


def test_a_recording_is_heard_and_nothing_else_is_fetched(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(opus())
    ours = Flask("ours")
    ours.register_blueprint(blueprint(tmp_path))
    with serving(ours) as public, rig(public_url=public) as sandbox:
        sandbox.phone(channel="whatsapp", text="bonjour")
        sandbox.whatsapp(media_url=[f"{public}/media/{NAME}"])
        (file,) = sandbox.thread("whatsapp:" + AWA)[-1]["media"]
        assert file["content_type"] == "audio/ogg; codecs=opus"
        heard = sandbox.http.get(file["shown_at"])
        assert (heard.content, heard.headers["content-type"]) == (opus(), "audio/ogg; codecs=opus")
        assert RemotePhone(sandbox.url, AWA, "whatsapp").news(0)[-1].text == "[audio/ogg]"
        for name in ("f" * 64 + ".ogg", "index.yml", "..%2Fhealth"):
            assert sandbox.http.get(f"/sent/{name}").status_code == 404


def test_our_service_being_away_is_told_as_that() -> None:
    with rig(public_url=f"http://127.0.0.1:{free_port()}") as sandbox:
        assert sandbox.http.get(f"/sent/{NAME}").status_code == 502


def test_a_file_from_elsewhere_is_named_but_not_fetched() -> None:
    with rig() as sandbox:
        sandbox.phone(channel="whatsapp", text="bonjour")
        sandbox.whatsapp(media_url=["https://elsewhere.test/media/a.ogg"])
        assert sandbox.thread("whatsapp:" + AWA)[-1]["media"] == [{"content_type": "", "shown_at": ""}]
