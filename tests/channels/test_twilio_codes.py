"""The table of error codes: complete for what the documents name, readable, and never tried again for what is unknown."""

import pytest

from bot.channels.twilio_codes import codes, error_for, sentence_of, verdict_of
from bot.domain.segments import measure
from bot.domain.sending import PLANS, Verdict


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("20429", Verdict.PACE),
        ("63018", Verdict.PACE),
        ("20500", Verdict.SOON),
        ("63012", Verdict.SOON),
        ("30001", Verdict.LATER),
        ("30003", Verdict.LATER),
        ("30008", Verdict.LATER),
        ("63038", Verdict.LATER),
        ("21610", Verdict.STOP),
        ("63014", Verdict.STOP),
        ("63016", Verdict.WINDOW),
        ("63003", Verdict.CHANNEL),
        ("21614", Verdict.CHANNEL),
        ("30006", Verdict.CHANNEL),
        ("63013", Verdict.FORM),
        ("21656", Verdict.FORM),
        ("20003", Verdict.OURS),
        ("21606", Verdict.OURS),
        ("30450", Verdict.OURS),
        ("63051", Verdict.OURS),
        ("21211", Verdict.NEVER),
        ("30007", Verdict.NEVER),
        ("63032", Verdict.QUIET),
        ("63049", Verdict.QUIET),
        ("99999", Verdict.NEVER),
        ("", Verdict.NEVER),
    ],
)
def test_a_code_means_what_the_documents_say(code: str, verdict: Verdict) -> None:
    assert verdict_of(code) is verdict
    assert error_for(code).verdict is verdict


def test_every_verdict_that_there_is_has_a_code() -> None:
    assert {entry.verdict for entry in codes().values()} == set(Verdict)


@pytest.mark.parametrize("code", codes())
def test_every_code_has_a_short_sentence_for_admins_in_both_languages(code: str) -> None:
    for language in ("fr", "en"):
        sentence = sentence_of(code, language)
        assert sentence is not None
        assert sentence.endswith(".")
        assert measure(sentence).units <= 140
    assert sentence_of("99999", "fr") is None


def test_only_what_a_plan_exists_for_counts_as_retryable() -> None:
    for code, entry in codes().items():
        assert error_for(code).retryable is (entry.verdict in PLANS and entry.verdict is not Verdict.OURS)
