"""Send nothing any more. The session ends here; a confirmation comes from the same node's text only where it is the first."""

from collections.abc import Mapping

from bot.engine.events import ContactStopped
from bot.engine.turn import Stage


def stop_contact(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - stop_contact: {}
    """
    stage.state(ContactStopped())
    stage.say(stage.word("stopped"))
    stage.finished = True
