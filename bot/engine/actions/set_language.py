"""Answer in another language from now on. What the person writes no longer changes it."""

from collections.abc import Mapping

from bot.engine.events import LanguageChanged
from bot.engine.turn import FlowFault, Stage


def set_language(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - set_language: {language: wo}
    """
    if values["language"] not in stage.flows.words.languages:
        raise FlowFault("unknown_language")
    stage.state(LanguageChanged(values["language"], fixed=True))
