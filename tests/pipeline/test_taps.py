"""A button stays on the screen for ever; what it answers is the question it belongs to."""

from tests.pipeline.world import World


def ask(world: World, text: str, **more: str) -> str:
    return world.say(text, channel="whatsapp", **more)


def last_sid(world: World) -> str:
    return world.whatsapp.taken[-1][2]


def test_a_tap_on_the_question_that_stands_is_its_answer(world: World) -> None:
    ask(world, "bonjour")
    choice = world.whatsapp.taken[-1][0].choices[0]
    said = ask(world, choice.label, kind="button", button=choice.id, replied_to=last_sid(world))
    assert said == ask_fresh(world, choice.label)


def ask_fresh(world: World, text: str) -> str:
    """The answer that somebody else gets who writes the same words at the same question."""
    world.say("bonjour", "+221771110009", "whatsapp")
    return world.say(text, "+221771110009", "whatsapp")


def test_an_old_yes_answers_no_question_of_today(world: World) -> None:
    ask(world, "je veux m'inscrire")
    consent = next(at for at, (message, _, _) in enumerate(world.whatsapp.taken) if any(choice.id == "yes" for choice in message.choices))
    old = world.whatsapp.taken[consent][2]
    before = world.one("SELECT count(*) FROM consents WHERE given")
    ask(world, "menu")
    ask(world, "je veux m'inscrire")
    world.pass_(minutes=5)
    ask(world, "non")
    ask(world, "Oui", kind="button", button="yes", replied_to=old)
    assert world.one("SELECT count(*) FROM consents WHERE given") == before


def test_a_tap_on_something_that_was_never_ours_is_what_it_says(world: World) -> None:
    ask(world, "bonjour")
    assert ask(world, "menu", kind="button", button="menu", replied_to="SM" + "f" * 32)
