"""Many people in the middle of conversations, and what became of them."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bot.publishing import versions
from bot.publishing.plan import Choice, Fate
from tests.pipeline.world import World

# What somebody writes from the first word to the code of their referral, and the step that waits after each.
TEXTS = ("inscription", "oui", "1", "Bambey", "1", "1", "1", "1", "1", "1", "Awa")
STEPS = (
    "register.consent intake.adult intake.place intake.need intake.returned_when intake.returned_from intake.followed_by "
    "intake.safe_contact intake.phone_use intake.first_name"
).split()


def phone(number: int) -> str:
    """The phone of the nth person."""
    return f"+22176{number:07d}"


def gather(world: World, each: int) -> None:
    """`each` people at every step of the registration."""
    for turn in range(len(STEPS)):
        for person in range(turn * each, len(STEPS) * each):
            world.receive(TEXTS[turn], phone(person))
        drain(world)


def finish(world: World, each: int, skipped: str) -> None:
    """Everybody answers to the end; whoever had not reached the step `skipped` has one question less to answer."""
    for turn in range(1, len(TEXTS)):
        for number, step in enumerate(STEPS):
            rest = [text for text, asked in zip(TEXTS[number + 1 :], STEPS[number:], strict=False) if asked != skipped or step == skipped]
            if turn <= len(rest):
                for person in range(number * each, (number + 1) * each):
                    world.receive(rest[turn - 1], phone(person))
        drain(world)


def drain(world: World) -> None:
    """Until nothing waits for an answer."""
    while world.one("SELECT count(*) FROM messages WHERE inbound AND handled_at IS NULL"):
        world.advance()


def hear_everything(world: World) -> None:
    """Until every answer has been sent: all these people share one sender, and what goes over it in a second is paced."""
    while world.one("SELECT count(*) FROM outbox WHERE state = 'due'"):
        world.dispatch()
        world.pass_(seconds=4)


def waiting(world: World) -> Counter[str]:
    """`flow.node` -> how many wait there."""
    return Counter(dict(world.rows("SELECT flow || '.' || node, count(*) FROM sessions GROUP BY 1")))


def states(world: World) -> dict[Any, tuple[Any, ...]]:
    """Every session, byte for byte."""
    rows = world.rows("SELECT * FROM sessions")
    return {row[0]: tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in rows}


def asked(world: World) -> dict[Any, list[str]]:
    """Contact -> the questions that they were asked, in order."""
    found: dict[Any, list[str]] = defaultdict(list)
    for contact, node in world.rows("SELECT contact_id, node FROM messages WHERE NOT inbound ORDER BY seq"):
        found[contact].append(node)
    return found


def draft(folder: Path) -> versions.Draft:
    """The flows of a folder, which have no mistake."""
    made, faults = versions.draft(folder, home="diourbel", sandbox=True)
    assert made is not None, faults
    return made


def publish(world: World, folder: Path) -> tuple[versions.Draft, list[Fate]]:
    """Publish the folder, and let the worker see it."""
    made = draft(folder)
    fates = versions.publish(world.rt.database, made, Choice({}), "tests", "")
    world.pass_(seconds=4)
    world.rt.contents.refresh()
    return made, fates


def keep_shipped(world: World, folder: Path) -> str:
    """Publish the shipped flows unchanged: what everybody begins with."""
    made, _ = publish(world, folder)
    assert made.version == world.rt.content.flows.version
    return made.version
