"""Tell what may be told today about help for a need, most local first."""

from collections.abc import Mapping

from bot.engine.events import MessageSaid
from bot.engine.turn import Stage

# One screen of a small phone; whoever wants more asks for a person or another need.
MOST_OFFERS = 3


def tell_offers(stage: Stage, values: Mapping[str, str]) -> None:
    """
    do:
      - tell_offers: {need: "{{ results.need }}", place: "{{ results.place }}"}
    """
    told = stage.assets.offers(values["need"], values.get("place", ""), stage.given.now, stage.language)
    if not told:
        stage.say(stage.word("no_offer"))
    for text in told[:MOST_OFFERS]:
        stage.state(MessageSaid(text, "offers"))
