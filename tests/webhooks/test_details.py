"""The page behind a link of DETAILS, over real HTTP: a button first, once only, and nothing that keeps or sends on what it shows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.casework.cast import CODE, HOLDER, change_fields, refer, with_cast
from tests.channels.rig import provider
from tests.pipeline.world import AWA, World
from tests.sandbox.sandbox_rig import serving
from webhooks.app import create_app


@pytest.fixture
def office(world: World) -> World:
    """One referral that was accepted."""
    world.say("bonjour", AWA)
    with world.rt.database.writing() as tx:
        refer(tx, "accepted")
    change_fields(world, first_name="<b>Modou</b>", place="Diourbel/Mbacké/Touba")
    with_cast(world, "fr")
    world.say(f"note {CODE} rappeler lundi", HOLDER)
    return world


@pytest.fixture
def client(office: World) -> Iterator[httpx.Client]:
    """A browser without scripts."""
    with serving(create_app(office.rt, provider())) as address, httpx.Client(base_url=address) as browser:
        yield browser


def path(world: World) -> str:
    """Where a fresh link leads, below the public address."""
    return world.say(f"details {CODE}", HOLDER).rsplit("https://example.org/bot", 1)[1].strip()


def test_the_address_shows_a_button_and_the_button_the_details(client: httpx.Client, office: World) -> None:
    link = path(office)
    before = client.get(link)
    assert (before.status_code, "Modou" in before.text, "<button" in before.text) == (200, False, True)
    shown = client.post(link)
    assert shown.status_code == 200
    for part in (CODE, "&lt;b&gt;Modou&lt;/b&gt;", AWA, "Touba", "travail", "rappeler lundi"):
        assert part in shown.text


def test_a_preview_of_the_link_spends_nothing_however_often_it_looks(client: httpx.Client, office: World) -> None:
    link = path(office)
    for _ in range(5):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
        assert client.options(link).status_code == 200
    assert AWA in client.post(link).text


def test_the_button_works_once(client: httpx.Client, office: World) -> None:
    link = path(office)
    client.post(link)
    again = client.post(link)
    assert again.status_code == 410
    assert AWA not in again.text
    assert client.get(link).status_code == 200


def test_of_many_who_press_at_once_one_sees_it(client: httpx.Client, office: World) -> None:
    link = path(office)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: httpx.post(str(client.base_url) + link), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]


def test_after_half_an_hour_it_is_over(client: httpx.Client, office: World) -> None:
    link = path(office)
    office.pass_(minutes=31)
    assert client.post(link).status_code == 410


@pytest.mark.parametrize("text", ["transf {} caosp", "non {} 1"])
def test_who_handed_the_referral_on_meanwhile_sees_nothing(client: httpx.Client, office: World, text: str) -> None:
    link = path(office)
    office.say(text.format(CODE), HOLDER)
    assert client.post(link).status_code == 410


def test_after_a_withdrawal_it_shows_nothing(client: httpx.Client, office: World) -> None:
    link = path(office)
    office.say(f"retirer {CODE}", AWA)
    gone = client.post(link)
    assert gone.status_code == 410
    assert AWA not in gone.text


@pytest.mark.parametrize("token", ["x", "A" * 22, "A" * 500, "..%2f..%2fmetrics", "%00", "'--"])
def test_an_invented_link_is_answered_like_one_that_is_spent(client: httpx.Client, office: World, token: str) -> None:
    spent = path(office)
    client.post(spent)
    invented = client.post(f"/d/{token}")
    assert invented.status_code in (404, 410)
    if invented.status_code == 410:
        assert invented.text == client.post(spent).text
    assert AWA not in invented.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_is_kept_loaded_framed_or_sent_on(client: httpx.Client, office: World, method: str) -> None:
    answer = client.request(method, path(office))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"].startswith("no-store")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers
    for outside in ("<script", "http://", "https://", "<img", "style="):
        assert outside not in answer.text


def test_the_style_comes_from_the_service_itself(client: httpx.Client) -> None:
    style = client.get("/d/style.css")
    assert (style.status_code, style.headers["Content-Type"].split(";")[0]) == (200, "text/css")
    assert "url(" not in style.text


def test_no_log_line_holds_the_link_or_the_person(client: httpx.Client, office: World, capfd: pytest.CaptureFixture[str]) -> None:
    link = path(office)
    client.get(link)
    client.post(link)
    client.post(link)
    written = "".join(capfd.readouterr())
    assert link.rsplit("/", 1)[1] not in written
    assert AWA not in written


def test_who_opened_it_stands_in_the_database_by_partner_and_hour(client: httpx.Client, office: World) -> None:
    client.post(path(office))
    assert office.rows("SELECT partner, opened_at IS NOT NULL FROM detail_links") == [("baos_diourbel", True)]
