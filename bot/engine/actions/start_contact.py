"""The person wants messages again."""

from collections.abc import Mapping

from bot.engine.events import ContactStarted
from bot.engine.turn import Stage


def start_contact(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - start_contact: {}
    """
    stage.state(ContactStarted())
