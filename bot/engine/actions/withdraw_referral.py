"""The person no longer wants a referral: the one named by its code, else every open one."""

from collections.abc import Mapping

from bot.domain.referrals import OPEN, find_code
from bot.engine.events import ReferralWithdrawn
from bot.engine.turn import Stage

# `results.withdrawn` afterwards: done, nothing open to withdraw, or no code where one had to be named.
WITHDRAWN = "withdrawn"


def withdraw_referral(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - withdraw_referral: {code: "{{ results.case_code }}", which: named}
    """
    named = find_code(values.get("code") or (stage.heard.text if stage.heard and values.get("which") == "named" else ""))
    if values.get("which") == "named" and named is None:
        stage.frame.results[WITHDRAWN] = "unnamed"
        return
    found = [referral for referral in stage.contact.referrals if referral.state in OPEN and named in (None, referral.code)]
    for referral in found:
        stage.state(ReferralWithdrawn(referral.code))
    stage.frame.results[WITHDRAWN] = "yes" if found else "none"
