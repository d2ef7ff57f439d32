"""Hand the matter over. The flow states need, place and urgency; who takes it is decided by the directory."""

from collections.abc import Mapping

from bot.domain.referrals import Urgency
from bot.engine.events import ReferralOpened
from bot.engine.turn import FlowFault, Stage

URGENCIES: Mapping[str, Urgency] = {"normal": "normal", "urgent": "urgent", "emergency": "emergency"}


def open_referral(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - open_referral: {need: "{{ results.need }}", place: "{{ results.place }}", urgency: normal}
    """
    urgency = URGENCIES.get(values["urgency"])
    if urgency is None:
        raise FlowFault("unknown_urgency")
    need, place = values["need"] or "other", values.get("place", "")
    routed = stage.assets.route(need, place, urgency, stage.language, stage.given.now)
    code = stage.given.new_code()
    stage.state(ReferralOpened(code, need, place, urgency, routed.partner, routed.reason))
    stage.values["referral.code"] = code
    stage.values["referral.partner"] = stage.assets.value(f"partner.{routed.partner}", stage.language) or ""
