"""The conversations of flows/tests/*.yml, one case each: what an author changes is judged by what people must hear."""

import pytest

from bot.content.load import load_content
from bot.content.reading import Faults
from bot.flowtools.playing import play
from bot.flowtools.scripts import Script, read_scripts
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)
FAULTS = Faults()
SCRIPTS = read_scripts(sorted((PROJECT / "flows" / "tests").glob("*.yml")), PROJECT, CONTENT, FAULTS)


def test_the_files_of_conversations_have_no_mistake() -> None:
    assert not FAULTS.found
    assert SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: f"{script.language}: {script.name}")
def test_a_conversation_comes_true(script: Script) -> None:
    verdict = play(script, CONTENT)
    assert verdict.passed, "\n".join(
        [
            *(f"{script.file}:{miss.line}: {miss.code} {dict(miss.values)}" for miss in verdict.misses),
            *(line.text for line in verdict.lines),
        ]
    )
