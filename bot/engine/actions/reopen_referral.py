"""The person says that nobody was in touch: the referral is opened again, one step higher."""

from collections.abc import Mapping

from bot.engine.events import ReferralReopened
from bot.engine.turn import Stage


def reopen_referral(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - reopen_referral: {code: "{{ results.case_code }}"}
    """
    if any(referral.code == values["code"] for referral in stage.contact.referrals):
        stage.state(ReferralReopened(values["code"]))
