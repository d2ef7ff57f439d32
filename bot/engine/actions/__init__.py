"""What a node can do besides talking. One action, one file; the registry is the dict below, and a test walks it."""

from collections.abc import Mapping
from typing import Protocol

from bot.engine.actions.confirm_referral import confirm_referral
from bot.engine.actions.give_consent import give_consent
from bot.engine.actions.open_referral import open_referral
from bot.engine.actions.reopen_referral import reopen_referral
from bot.engine.actions.set_field import set_field
from bot.engine.actions.set_language import set_language
from bot.engine.actions.start_contact import start_contact
from bot.engine.actions.stop_contact import stop_contact
from bot.engine.actions.tell_offers import tell_offers
from bot.engine.actions.tell_status import tell_status
from bot.engine.actions.withdraw_consent import withdraw_consent
from bot.engine.actions.withdraw_referral import withdraw_referral
from bot.engine.definition import Do
from bot.engine.placeholders import fill
from bot.engine.turn import FlowFault, Stage


class Action(Protocol):
    """Plays on the stage with its values filled in. Its docstring holds an example of its YAML."""

    def __call__(self, stage: Stage, values: Mapping[str, str]) -> None: ...


ACTIONS: Mapping[str, Action] = {
    "confirm_referral": confirm_referral,
    "give_consent": give_consent,
    "open_referral": open_referral,
    "reopen_referral": reopen_referral,
    "set_field": set_field,
    "set_language": set_language,
    "start_contact": start_contact,
    "stop_contact": stop_contact,
    "tell_offers": tell_offers,
    "tell_status": tell_status,
    "withdraw_consent": withdraw_consent,
    "withdraw_referral": withdraw_referral,
}

# Values of each action: name -> whether it must be there. The checks of flow files read this.
VALUES: Mapping[str, Mapping[str, bool]] = {
    "confirm_referral": {"code": True, "answer": True},
    "give_consent": {"purpose": True, "text": True},
    "open_referral": {"need": True, "place": False, "urgency": True},
    "reopen_referral": {"code": True},
    "set_field": {"name": True, "value": True},
    "set_language": {"language": True},
    "start_contact": {},
    "stop_contact": {},
    "tell_offers": {"need": True, "place": False},
    "tell_status": {"code": False, "detail": False},
    "withdraw_consent": {"purpose": True},
    "withdraw_referral": {"code": False, "which": False},
}

# Results that an action itself keeps on the run, for the conditions and texts behind it.
KEEPS: Mapping[str, tuple[str, ...]] = {"tell_status": ("whose", "case_code"), "withdraw_referral": ("withdrawn",)}


def perform(stage: Stage, do: Do) -> None:
    """Carry out one action call. Raises `FlowFault` for an action that does not exist."""
    action = ACTIONS.get(do.action)
    if action is None:
        raise FlowFault("unknown_action")
    action(stage, {name: fill(value, stage.raw) for name, value in do.values.items()})
