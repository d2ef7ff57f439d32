"""SMS over HTTP gateways, in each dialect that is shipped: the same contract as any other channel."""

import base64
from ipaddress import ip_network

import pytest

from bot.channels.gateway import Guard
from bot.content.gateways import gateway_names
from bot.domain.addresses import Address
from bot.domain.errors import RequestRefused, SendError
from bot.domain.messages import Choice, OutboundMessage, Status, StatusUpdate
from bot.domain.sending import Verdict
from bot.settings import PROJECT
from tests.channels.gateway_rig import DIALECTS, KEY, SENDER, FakeGateway, channel, gateway, provider
from tests.channels.rig import Posted
from tests.sandbox.sandbox_rig import free_port

AWA = "+221771110001"
REFERENCE = "reply.11111111-2222-3333-4444-555555555555"
YES_NO = (Choice("yes", "Oui"), Choice("no", "Non"))


def text(body: str = "Salaam", choices: tuple[Choice, ...] = ()) -> OutboundMessage:
    return OutboundMessage(Address("sms", AWA), body, choices)


def posted(form: dict[str, str], key: str = KEY, **more: object) -> Posted:
    return Posted({name: [value] for name, value in form.items()}, key=key, **more)  # type: ignore[arg-type]


def refused(fake: FakeGateway, status: int, body: str) -> SendError:
    fake.answers.append((status, body))
    with pytest.raises(SendError) as caught:
        channel(fake).send(text(), REFERENCE)
    return caught.value


def test_every_dialect_that_is_shipped_is_tried_here() -> None:
    assert gateway_names(PROJECT) == tuple(sorted(DIALECTS))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_message_is_handed_over_once_with_its_choices_as_lines(dialect: str) -> None:
    with gateway(dialect) as fake:
        sent = channel(fake).send(text("Vous vivez à Touba ?", YES_NO), REFERENCE)
        assert (sent.status, sent.segments, len(fake.got)) == (Status.QUEUED, 1, 1)
        assert fake.texts() == ["Vous vivez à Touba ?\n1 Oui\n2 Non"]
        assert fake.got[0]["to"] == (AWA.removeprefix("+") if dialect == "jasmin" else AWA)
        assert fake.got[0]["from"] == SENDER


@pytest.mark.parametrize("dialect", DIALECTS)
def test_letters_outside_the_alphabet_of_phones_arrive_as_they_are(dialect: str) -> None:
    with gateway(dialect) as fake:
        channel(fake).send(text("سلام"), REFERENCE)
        assert fake.texts() == ["سلام"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_attempts_have_two_ids(dialect: str) -> None:
    with gateway(dialect) as fake:
        own = channel(fake)
        assert own.send(text(), REFERENCE).provider_id != own.send(text(), REFERENCE).provider_id


@pytest.mark.parametrize(
    ("dialect", "status", "body", "verdict"),
    [
        ("kannel", 403, "Authorization failed for sendsms", Verdict.OURS),
        ("kannel", 503, "Temporal failure, try again later.", Verdict.SOON),
        ("kannel", 400, "Missing receiver number, rejected", Verdict.NEVER),
        ("kannel", 200, "Number is in blacklist. Message rejected.", Verdict.STOP),
        ("jasmin", 403, 'Error "Authentication failure for username:dellusi"', Verdict.OURS),
        ("jasmin", 412, 'Error "No route found"', Verdict.OURS),
        ("jasmin", 400, 'Error "Argument [to] has an invalid value"', Verdict.NEVER),
        ("africastalking", 201, '{"SMSMessageData":{"Recipients":[{"statusCode":405,"messageId":"None"}]}}', Verdict.OURS),
        ("africastalking", 201, '{"SMSMessageData":{"Recipients":[{"statusCode":406,"messageId":"None"}]}}', Verdict.STOP),
        ("africastalking", 201, '{"SMSMessageData":{"Recipients":[{"statusCode":403,"messageId":"None"}]}}', Verdict.NEVER),
        ("africastalking", 401, "The supplied authentication is invalid", Verdict.OURS),
        ("africastalking", 429, "slow down", Verdict.PACE),
    ],
)
def test_a_refusal_is_one_of_our_verdicts(dialect: str, status: int, body: str, verdict: Verdict) -> None:
    with gateway(dialect) as fake:
        error = refused(fake, status, body)
        assert (error.verdict, error.ambiguous) == (verdict, False)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("status", "body"), [(500, "oops"), (502, ""), (200, "<html>a login page</html>")])
def test_what_may_have_been_taken_is_in_doubt(dialect: str, status: int, body: str) -> None:
    with gateway(dialect) as fake:
        error = refused(fake, status, body)
        assert error.ambiguous
        assert error.retryable


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nobody_at_the_other_end_is_no_doubt(dialect: str) -> None:
    fake = FakeGateway(dialect, f"http://127.0.0.1:{free_port()}/send")
    with pytest.raises(SendError) as caught:
        channel(fake).send(text(), REFERENCE)
    assert (caught.value.code, caught.value.ambiguous, caught.value.retryable) == ("no_connection", False, True)


@pytest.mark.parametrize(
    ("dialect", "form", "said"),
    [
        ("kannel", {"id": "a1", "from": "+221771110001", "to": "33", "text": "Salaam"}, "Salaam"),
        ("kannel", {"id": "a1", "from": "00221771110001", "to": "33", "text": "Ndax mën nañu?"}, "Ndax mën nañu?"),
        (
            "jasmin",
            {"id": "a1", "from": "221771110001", "to": "33", "coding": "0", "content": "Salaam", "binary": "53616c61616d"},
            "Salaam",
        ),
        ("jasmin", {"id": "a1", "from": "221771110001", "coding": "8", "content": "?", "binary": "0627"}, "ا"),
        (
            "africastalking",
            {"id": "a1", "from": "+221771110001", "to": "33", "text": "Salaam", "linkId": "x", "date": "2026-11-25"},
            "Salaam",
        ),
        ("africastalking", {"id": "a1", "from": "771110001", "to": "33", "text": "Salaam"}, "Salaam"),
    ],
)
def test_a_text_comes_in_with_the_number_as_we_write_it(dialect: str, form: dict[str, str], said: str) -> None:
    read = provider(dialect).inbound(posted(form))
    assert (read.channel, read.provider_id, read.sender, read.text, read.kind) == ("sms", "a1", Address("sms", AWA), said, "text")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("lacking", ["id", "from"])
def test_without_an_id_or_a_sender_it_is_no_message(dialect: str, lacking: str) -> None:
    form = {"id": "a1", "from": AWA, "to": "33", "text": "Salaam", "content": "Salaam"}
    del form[lacking]
    with pytest.raises(RequestRefused) as caught:
        provider(dialect).inbound(posted(form))
    assert caught.value.status == 400


def test_an_opt_out_that_the_gateway_took_itself_stops_the_person() -> None:
    read = provider("africastalking").inbound(posted({"phoneNumber": AWA, "senderId": "DELLUSI"}))
    assert (read.sender, read.opt_out) == (Address("sms", AWA), "stop")


@pytest.mark.parametrize(
    ("dialect", "form", "status", "verdict"),
    [
        ("kannel", {"status": "1"}, Status.DELIVERED, None),
        ("kannel", {"status": "2"}, Status.UNDELIVERED, Verdict.LATER),
        ("kannel", {"status": "16"}, Status.FAILED, Verdict.NEVER),
        ("jasmin", {"id": "x", "message_status": "DELIVRD", "level": "2"}, Status.DELIVERED, None),
        ("jasmin", {"id": "x", "message_status": "UNDELIV", "err": "001"}, Status.UNDELIVERED, Verdict.LATER),
        ("africastalking", {"id": "x", "status": "Success"}, Status.DELIVERED, None),
        ("africastalking", {"id": "x", "status": "Failed", "failureReason": "UserInBlackList"}, Status.FAILED, Verdict.STOP),
        ("africastalking", {"id": "x", "status": "Failed", "failureReason": "InsufficientCredit"}, Status.FAILED, Verdict.OURS),
    ],
)
def test_a_report_means_the_same_in_every_dialect(dialect: str, form: dict[str, str], status: Status, verdict: Verdict | None) -> None:
    update = _report(dialect, form)
    assert (update.status, update.verdict, update.stop) == (status, verdict, verdict is Verdict.STOP)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_word_that_nobody_knows_is_survived(dialect: str) -> None:
    word = {"kannel": "status", "jasmin": "message_status", "africastalking": "status"}[dialect]
    assert _report(dialect, {"id": "x", word: "teleported\x00"}).status is None


def _report(dialect: str, form: dict[str, str]) -> StatusUpdate:
    with gateway(dialect) as fake:
        sent = channel(fake).send(text(), REFERENCE)
        query = fake.callback()
    update = provider(dialect).status(posted(form, query=query))
    if dialect == "africastalking":
        assert (update.reference, update.provider_id) == ("", "x")
    else:
        assert update.reference == REFERENCE
        assert update.provider_id in {sent.provider_id, "x"}
    return update


@pytest.mark.parametrize("dialect", ["kannel", "jasmin"])
def test_a_report_on_another_message_than_ours_is_refused(dialect: str) -> None:
    with pytest.raises(RequestRefused):
        provider(dialect).status(posted({"status": "1"}, query={"m": REFERENCE, "t": "forged", "a": "x"}))


@pytest.mark.parametrize("key", ["", "geheim", KEY + "x", "é"])
def test_a_guessed_address_is_as_if_there_were_none(key: str) -> None:
    with pytest.raises(RequestRefused) as caught:
        provider("kannel").verify(posted({}, key=key))
    assert caught.value.status == 404


def test_basic_authentication_and_networks_are_demanded_where_they_are_set() -> None:
    guarded = provider("kannel", Guard("kannel:pw", (ip_network("192.0.2.0/24"),)))
    right = {"Authorization": "Basic " + base64.b64encode(b"kannel:pw").decode()}
    guarded.verify(posted({}, headers=right))
    for wrong in ({}, {"Authorization": "Basic !"}, {"Authorization": "Bearer x"}):
        with pytest.raises(RequestRefused):
            guarded.verify(posted({}, headers=wrong))
    with pytest.raises(RequestRefused):
        guarded.verify(posted({}, headers=right, remote="203.0.113.9"))
