"""Keep that a purpose was agreed to, on which words."""

from collections.abc import Mapping

from bot.engine.events import ConsentGiven
from bot.engine.turn import Stage


def give_consent(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - give_consent: {purpose: referral, text: ask_for_help.consent.say}
    """
    stage.state(ConsentGiven(values["purpose"], values["text"]))
