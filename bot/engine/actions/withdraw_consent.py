"""Keep that a purpose is no longer agreed to."""

from collections.abc import Mapping

from bot.engine.events import ConsentWithdrawn
from bot.engine.turn import Stage


def withdraw_consent(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - withdraw_consent: {purpose: referral}
    """
    stage.state(ConsentWithdrawn(values["purpose"]))
