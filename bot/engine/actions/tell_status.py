"""Tell where a referral stands: who has it, the last step, the next date.

Of a referral that was opened from another phone nothing is told before a detail is right that its owner chose: whoever finds the code
on a piece of paper learns nothing, not even that it exists.
"""

from collections.abc import Mapping

from bot.domain.referrals import ReferralSummary, find_code
from bot.engine.turn import Stage

# `results.whose` afterwards: the person's own, somebody's (the flow asks for the detail), or told with the detail.
WHOSE = "whose"


def tell_status(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - tell_status: {code: "{{ results.case_code }}", detail: "{{ results.detail }}"}
    """
    code = find_code(values.get("code") or (stage.heard.text if stage.heard else ""))
    own = _own(stage, code)
    results = stage.frame.results
    if own is not None:
        results[WHOSE] = "own"
        _tell(stage, own)
    elif code is None:
        results[WHOSE] = "none"
        stage.say(stage.word("status_none"))
    elif not values.get("detail"):
        results[WHOSE] = "other"
        results["case_code"] = code
    else:
        _tell_by_detail(stage, code, values["detail"])


def _tell_by_detail(stage: Stage, code: str, detail: str) -> None:
    found = stage.given.look_up(code, detail)
    stage.frame.results[WHOSE] = found if isinstance(found, str) else "told"
    if isinstance(found, str):
        stage.say(stage.word(f"status_{found}"))
    else:
        _tell(stage, found)


def _tell(stage: Stage, referral: ReferralSummary) -> None:
    stage.values.update(
        {
            "status.code": referral.code,
            "status.partner": stage.assets.value(f"partner.{referral.partner}", stage.language) or "",
            "status.due": stage.assets.value(f"date.{referral.due_at:%Y-%m-%d}", stage.language) or "",
            "status.opened": stage.assets.value(f"date.{referral.opened_at:%Y-%m-%d}", stage.language) or "",
        }
    )
    stage.say(stage.word(f"status_{referral.state}"))


def _own(stage: Stage, code: str | None) -> ReferralSummary | None:
    """The person's own referral by code; without a code the newest."""
    own = stage.contact.referrals
    if code is None:
        return max(own, key=lambda referral: referral.opened_at, default=None)
    return next((referral for referral in own if referral.code == code), None)
