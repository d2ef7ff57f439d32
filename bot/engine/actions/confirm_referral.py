"""What the person says about a referral: that somebody was in touch, that it helped or not."""

from collections.abc import Mapping

from bot.engine.events import ReferralConfirmed
from bot.engine.turn import Stage


def confirm_referral(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - confirm_referral: {code: "{{ results.case_code }}", answer: helped}
    """
    if any(referral.code == values["code"] for referral in stage.contact.referrals):
        stage.state(ReferralConfirmed(values["code"], values["answer"]))
