"""Keep a lasting attribute of the contact, or forget it with an empty value."""

from collections.abc import Mapping

from bot.engine.events import FieldChanged
from bot.engine.turn import Stage


def set_field(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - set_field: {name: place, value: "{{ results.place }}"}
    """
    stage.state(FieldChanged(values["name"], values["value"]))
