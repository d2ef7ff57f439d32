"""Recordings as the provider fetches them."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from bot.domain.recordings import name_of
from tests.flowtools.sounds import opus, png
from webhooks.media import blueprint

NAME = name_of(opus(), "ogg")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The route over a folder with a recording, a picture, the index and a stranger."""
    for name, content in ((NAME, opus()), (name_of(png(), "png"), png()), ("index.yml", b"x"), ("secret.ogg", b"x")):
        (tmp_path / name).write_bytes(content)
    made = Flask("media")
    made.register_blueprint(blueprint(tmp_path))
    return made


def test_a_recording_is_served_for_ever_under_the_hash_of_its_content(app: Flask) -> None:
    answer = app.test_client().get(f"/media/{NAME}")
    assert (answer.status_code, answer.data) == (200, opus())
    assert answer.headers["Content-Type"] == "audio/ogg; codecs=opus"
    assert {"public", "immutable", "max-age=31536000"} <= set(answer.headers["Cache-Control"].split(", "))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = app.test_client().get(f"/media/{NAME}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_picture_is_a_picture(app: Flask) -> None:
    assert app.test_client().get(f"/media/{name_of(png(), 'png')}").mimetype == "image/png"


@pytest.mark.parametrize(
    "name", ["", "index.yml", "secret.ogg", "../index.yml", "..%2Findex.yml", "f" * 64 + ".ogg", NAME.upper(), NAME + "x"]
)
def test_nothing_else_is_served_and_nothing_is_listed(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/media/{name}").status_code == 404


def test_a_folder_that_is_not_there_has_nothing(app: Flask, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    assert app.test_client().get(f"/media/{NAME}").status_code == 404
