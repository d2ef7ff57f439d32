"""The person no longer wants a referral: the one named by its code, else every open one."""

from collections.abc import Mapping

from bot.domain.referrals import OPEN
from bot.engine.events import ReferralWithdrawn
from bot.engine.turn import Stage


def withdraw_referral(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - withdraw_referral: {code: "{{ results.case_code }}"}
    """
    wanted = values.get("code")
    for referral in stage.contact.referrals:
        if referral.state in OPEN and (not wanted or referral.code == wanted):
            stage.state(ReferralWithdrawn(referral.code))
