"""Only Twilio gets in, and only for our account; only our own ids come back."""

import pytest

from bot.domain.errors import RequestRefused
from tests.channels.rig import SECOND_TOKEN, SIGNER, TOKEN, URL, Posted, provider, recorded, signed

FORM = recorded("sms_text")


def refused(posted: Posted, *tokens: str) -> str:
    with pytest.raises(RequestRefused) as caught:
        provider(*tokens).verify(posted)
    assert caught.value.status == 403
    return caught.value.reason


@pytest.mark.parametrize("name", ["sms_text", "whatsapp_text", "sms_empty", "whatsapp_list_interactive", "whatsapp_location"])
def test_what_twilio_signed_comes_in(name: str) -> None:
    provider().verify(signed(recorded(name)))


def test_the_vector_of_twilios_own_documentation_is_reproduced() -> None:
    form = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234", "From": "+14158675310", "To": "+18005551212"}
    posted = signed({name: [value] for name, value in form.items()}, "https://example.com/myapp.php?foo=1&bar=2", "12345")
    assert posted.headers["X-Twilio-Signature"] == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@pytest.mark.parametrize("signature", ["", "x", "bm90IGEgc2lnbmF0dXJl", "é" * 28, "A" * 10_000])
def test_forged_and_missing_signatures_are_refused(signature: str) -> None:
    assert refused(Posted(FORM, URL, {"X-Twilio-Signature": signature})) == "signature"
    assert refused(Posted(FORM, URL)) == "signature"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/bot/twilio/sms",
        "https://example.org/bot/twilio/whatsapp",
        "https://example.com/bot/twilio/sms",
        "https://example.org:8443/bot/twilio/sms",
        "https://example.org/bot/twilio/sms?x=1",
        "https://example.org/bot/twilio/sms/",
    ],
)
def test_a_signature_for_another_address_is_refused(url: str) -> None:
    assert refused(Posted(FORM, URL, signed(FORM, url).headers)) == "signature"


def test_the_usual_port_may_be_written_or_not() -> None:
    provider().verify(Posted(FORM, URL, signed(FORM, "https://example.org:443/bot/twilio/sms").headers))


@pytest.mark.parametrize("change", [{"Body": ["autre"]}, {"Extra": ["1"]}, {"Body": []}, {"Bod": ["ySalaam"]}])
def test_a_changed_form_is_refused(change: dict[str, list[str]]) -> None:
    assert refused(Posted(FORM | change, URL, signed(FORM).headers)) == "signature"


def test_a_value_moved_into_its_name_is_refused() -> None:
    one, other = FORM | {"AB": ["C"]}, FORM | {"A": ["BC"]}
    posted = Posted(other, URL, signed(one).headers)
    # The signed string is the same: Twilio joins name and value. What protects is that both name nothing we read.
    provider().verify(posted)
    assert provider().inbound(posted).text == provider().inbound(signed(one)).text


def test_repeated_parameters_are_part_of_what_is_signed() -> None:
    twice = FORM | {"MediaUrl": ["b", "a"]}
    provider().verify(signed(twice))
    assert refused(Posted(FORM | {"MediaUrl": ["a"]}, URL, signed(twice).headers)) == "signature"


def test_the_raw_query_is_what_is_signed() -> None:
    url = f"{URL}?ville=Thi%C3%A8s"
    provider().verify(signed(FORM, url))
    assert refused(Posted(FORM, f"{URL}?ville=Thiès", signed(FORM, url).headers)) == "signature"


def test_during_a_rotation_either_token_counts_and_afterwards_only_the_new_one() -> None:
    for token in (TOKEN, SECOND_TOKEN):
        provider(TOKEN, SECOND_TOKEN).verify(signed(FORM, token=token))
    assert refused(signed(FORM, token=SECOND_TOKEN), TOKEN) == "signature"


@pytest.mark.parametrize("account", ["AC" + "f" * 32, "", "AC0123456789ABCDEF0123456789ABCDEF"])
def test_another_account_is_refused_although_it_signed_well(account: str) -> None:
    assert refused(signed(FORM | {"AccountSid": [account]})) == "account"


@pytest.mark.parametrize("token", ["", "0" * 32, "é" * 32, SIGNER.sign("reply.other")])
def test_a_callback_that_was_not_made_for_us_is_refused(token: str) -> None:
    with pytest.raises(RequestRefused) as caught:
        provider().status(Posted(recorded("status_sent"), query={"m": "reply.1", "t": token}))
    assert (caught.value.reason, caught.value.status) == ("reference", 403)


def test_a_callback_without_any_reference_is_refused() -> None:
    with pytest.raises(RequestRefused):
        provider().status(Posted(recorded("status_sent")))
