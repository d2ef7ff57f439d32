"""What the service counts on in every way to people, whoever is behind it. A new adapter is one more line of `WAYS`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.abilities import sms_abilities, whatsapp_abilities
from bot.channels.twilio import TwilioChannel, make_client
from bot.domain.addresses import Address, ChannelType
from bot.domain.errors import RequestRefused, SendError
from bot.domain.messages import Choice, OutboundMessage, StatusUpdate
from bot.domain.ports import Channel, Provider
from bot.domain.segments import measure
from tests.channels.gateway_rig import DIALECTS, KEY, SENDER, FakeGateway, gateway
from tests.channels.gateway_rig import channel as gateway_channel
from tests.channels.gateway_rig import provider as gateway_provider
from tests.channels.rig import SIGNER, Posted, provider, recorded, signed
from tests.pipeline.world import settings
from tests.sandbox.sandbox_rig import ACCOUNT, AWA, SMS, TOKEN, WHATSAPP, free_port, rig, until

REFERENCE = "reply.11111111-2222-3333-4444-555555555555"
WAYS = ("twilio sms", "twilio whatsapp", *DIALECTS)
LONG = "Nous cherchons un rendez-vous pour vous. " * 60


@dataclass
class Way:
    """Both halves of one adapter. `reported` gives the form and the query of the first report on what was sent last."""

    channel: Channel
    provider: Provider
    message: Posted
    reported: Callable[[str], Posted]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    with _over_twilio(request.param) if request.param.startswith("twilio") else _over_gateway(request.param) as made:
        yield made


def _twilio(type_: ChannelType, url: str, callback: str) -> TwilioChannel:
    abilities = whatsapp_abilities() if type_ == "whatsapp" else sms_abilities(settings(), SMS, joined=True)
    client = make_client(ACCOUNT, TOKEN, timeout=2.0, connections=4, api_url=url)
    return TwilioChannel(type_, SMS if type_ == "sms" else WHATSAPP, client, SIGNER, callback, capabilities=abilities)


@contextmanager
def _over_twilio(name: str) -> Iterator[Way]:
    type_: ChannelType = "whatsapp" if name.endswith("whatsapp") else "sms"
    with rig() as sandbox:
        sandbox.phone(channel=type_, text="bonjour")

        def reported(_: str) -> Posted:
            until(lambda: [got for got in sandbox.receiver.got if got.path.startswith("/twilio/status")])
            first = next(got for got in sandbox.receiver.got if got.path.startswith("/twilio/status"))
            query = {key: values[0] for key, values in parse_qs(urlsplit(first.path).query).items()}
            return Posted({key: [value] for key, value in first.form.items()}, query=query)

        message = signed(recorded("whatsapp_text" if type_ == "whatsapp" else "sms_text"))
        yield Way(_twilio(type_, sandbox.url, sandbox.receiver.url), provider(), message, reported)


@contextmanager
def _over_gateway(dialect: str) -> Iterator[Way]:
    with gateway(dialect) as fake:
        form = recorded(f"gateways/{dialect}_{'gsm7' if dialect == 'jasmin' else 'text'}")
        name = {"kannel": "kannel_status_1", "jasmin": "jasmin_status_delivrd", "africastalking": "africastalking_status_success"}[dialect]

        def reported(provider_id: str) -> Posted:
            report = recorded(f"gateways/{name}")
            return Posted(report | ({"id": [provider_id]} if "id" in report else {}), query=fake.callback())

        yield Way(gateway_channel(fake), gateway_provider(dialect), Posted(form, key=KEY), reported)


def text(way: Way, body: str = "Salaam", choices: tuple[Choice, ...] = ()) -> OutboundMessage:
    return OutboundMessage(Address(way.channel.type, AWA), body, choices)


def test_what_is_sent_gets_an_id_that_its_report_leads_back_to(way: Way) -> None:
    sent = way.channel.send(text(way), REFERENCE)
    update: StatusUpdate = way.provider.status(way.reported(sent.provider_id))
    assert update.provider_id == sent.provider_id
    assert update.reference in {REFERENCE, ""}
    assert update.status is not None


def test_every_attempt_has_an_id_of_its_own_that_a_log_may_show(way: Way) -> None:
    ids = [way.channel.send(text(way), REFERENCE).provider_id for _ in range(2)]
    assert len(set(ids)) == 2
    assert all(found.isprintable() and 0 < len(found) <= 200 for found in ids)


def test_a_message_read_twice_is_the_same_message(way: Way) -> None:
    way.provider.verify(way.message)
    first, second = way.provider.inbound(way.message), way.provider.inbound(way.message)
    assert first == second
    assert (first.channel, first.sender) == (way.channel.type, Address(way.channel.type, "+221771234567"))
    assert first.payload == way.message.form


def test_without_proof_nothing_is_believed(way: Way) -> None:
    with pytest.raises(RequestRefused) as caught:
        way.provider.verify(Posted(way.message.form))
    assert caught.value.status in {401, 403, 404}


def test_a_text_that_is_too_long_is_torn_into_what_the_channel_takes_whole(way: Way) -> None:
    parts = way.channel.parts(text(way, LONG))
    longest = way.channel.capabilities.longest
    assert len(parts) == 1 or longest
    assert all(not longest or measure(part).segments <= longest for part in parts)
    assert "".join(parts).count("rendez-vous") == 60


def test_choices_are_readable_wherever_there_are_no_buttons(way: Way) -> None:
    choices = (Choice("yes", "Oui"), Choice("no", "Non"))
    shown = way.channel.render(text(way, "Vous vivez ici ?", choices))
    assert way.channel.capabilities.buttons or all(choice.label in shown for choice in choices)


def test_a_lost_answer_is_looked_up_or_said_to_be_unknowable(way: Way) -> None:
    sent = way.channel.send(text(way), REFERENCE)
    since = datetime.now(UTC) - timedelta(minutes=1)
    if way.channel.capabilities.listed:
        found = way.channel.find(text(way), since)
        assert found is not None
        assert found.provider_id == sent.provider_id
    else:
        with pytest.raises(SendError):
            way.channel.find(text(way), since)


@pytest.mark.parametrize("name", WAYS)
def test_nobody_at_the_other_end_is_try_again_and_no_doubt(name: str) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    if name.startswith("twilio"):
        made: Channel = _twilio("whatsapp" if name.endswith("whatsapp") else "sms", nowhere, "https://example.org/bot")
    else:
        made = gateway_channel(FakeGateway(name, nowhere + "/send"), SENDER)
    with pytest.raises(SendError) as caught:
        made.send(OutboundMessage(Address(made.type, AWA), "Salaam"), REFERENCE)
    assert (caught.value.retryable, caught.value.ambiguous) == (True, False)


def test_no_two_providers_open_the_same_door() -> None:
    doors = [door for one in (provider(), gateway_provider("africastalking")) for door in one.doors]
    assert len({door.path for door in doors}) == len(doors)
    assert all(door.path.startswith("/") for door in doors)
