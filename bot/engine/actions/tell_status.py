"""Tell where a referral stands: who has it, the last step, the next date."""

from collections.abc import Mapping

from bot.domain.referrals import ReferralSummary, find_code
from bot.engine.turn import Stage


def tell_status(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - tell_status: {code: "{{ results.case_code }}"}
    """
    code = _code_of(stage, values)
    if code is None and len(stage.contact.referrals) == 0:
        stage.say(stage.word("status_none"))
        return
    referral = _find(stage, code)
    if referral is None:
        stage.say(stage.word("status_unknown"))
        return
    stage.values.update(
        {
            "status.code": referral.code,
            "status.partner": stage.assets.value(f"partner.{referral.partner}", stage.language) or "",
            "status.due": stage.assets.value(f"date.{referral.due_at:%Y-%m-%d}", stage.language) or "",
            "status.opened": stage.assets.value(f"date.{referral.opened_at:%Y-%m-%d}", stage.language) or "",
        }
    )
    stage.say(stage.word(f"status_{referral.state}"))


def _code_of(stage: Stage, values: Mapping[str, str]) -> str | None:
    written = values.get("code") or (stage.heard.text if stage.heard else "")
    return find_code(written)


def _find(stage: Stage, code: str | None) -> ReferralSummary | None:
    """The person's own referral by code; without a code the newest. Another's is never shown."""
    own = stage.contact.referrals
    if code is None:
        return max(own, key=lambda referral: referral.opened_at, default=None)
    return next((referral for referral in own if referral.code == code), stage.given.known.get(code))
