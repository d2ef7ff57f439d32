"""The menu in the middle of a registration, and silence in danger in the middle of one: the shipped flows."""

from bot.domain.contacts import Contact
from bot.domain.understanding import Guess, Understanding
from bot.engine.events import MessageSaid
from bot.engine.turn import Heard
from tests.engine.anybody import Anybody


def _does(person: Anybody, *texts: str) -> list[str]:
    """The steps that spoke last."""
    events = [person.does(Heard(text)).events for text in texts][-1]
    return [event.node.rpartition(".")[0] for event in events if isinstance(event, MessageSaid)]


def _danger(person: Anybody) -> list[str]:
    meant = Understanding((Guess("danger_self_harm", 0.9),), danger="danger_self_harm")
    events = person.does(Heard("je veux mourir", understanding=meant)).events
    return [event.node.rpartition(".")[0] for event in events if isinstance(event, MessageSaid)]


def _names(person: Anybody) -> list[str]:
    assert person.session is not None
    return [frame.name for frame in person.session.frames]


def _registers() -> Anybody:
    """At the consent question, reached through the menu."""
    person = Anybody(Contact("sms", "fr"))
    _does(person, "menu", "2")
    for _ in range(6):
        if person.session and person.session.top.name == "register":
            return person
        _does(person, "1" if person.session and person.session.top.at != "place" else "Bambey")
    raise AssertionError("no registration was reached")


def test_menu_shows_the_menu_although_the_registration_was_reached_through_it() -> None:
    person = _registers()
    assert _names(person)[0] == "menu"
    assert _does(person, "menu") == ["menu.choose"]
    assert _does(person, "retour") == ["register.consent"]


def test_menu_shows_the_menu_again_from_where_the_menu_led_to() -> None:
    person = _registers()
    _does(person, "menu")
    depth = len(_names(person))
    _does(person, "7")
    assert _does(person, "menu")[-1] == "menu.choose"
    assert len(_names(person)) == depth


def test_the_registration_asked_for_aside_goes_on_where_it_was() -> None:
    person = _registers()
    _does(person, "oui")
    _does(person, "menu")
    assert _does(person, "inscription") == ["form.intake.adult"]


def test_danger_takes_the_place_of_what_was_asked_aside() -> None:
    person = _registers()
    _does(person, "menu", "8")
    _danger(person)
    assert _names(person)[-1] == "danger_self_harm"
    assert _names(person).count("menu") == 1


def test_who_falls_silent_in_danger_in_the_middle_of_a_registration_is_not_left_alone() -> None:
    person = _registers()
    _danger(person)
    said = [event.node for event in person.does(None).events if isinstance(event, MessageSaid)]
    assert said
    assert said[0].startswith("danger_self_harm.")


def test_silence_on_something_aside_leaves_the_registration_waiting() -> None:
    person = _registers()
    _does(person, "menu", "1")
    person.does(None)
    assert _names(person)[-1] == "register"
    assert person.session is not None
    assert person.session.wait_seconds == 3 * 24 * 3600
