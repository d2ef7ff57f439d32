"""The guides are followed step by step, as a new admin would: every block of them works, in both languages."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.flows import flows
from bot.cli.flows_reference import GUIDES
from bot.flowtools.catalogues import path_of
from bot.settings import PROJECT

STEP = re.compile(r"<!-- (run|replace|new|po) ?(\S*) -->\n(.*?)(?=\n<!--|\n##|\Z)", re.S)
BLOCK = re.compile(r"```\w*\n(.*?)```", re.S)


def follow(guide: str, folder: Path) -> list[str]:
    """Do what a guide says, in the folder. The kinds of steps that were done."""
    done = []
    for kind, argument, rest in STEP.findall(guide):
        blocks = BLOCK.findall(rest)
        match kind:
            case "replace":
                path = folder / argument
                text = path.read_text(encoding="utf-8")
                assert text.count(blocks[0]) == 1, blocks[0]
                path.write_text(text.replace(blocks[0], blocks[1]), encoding="utf-8")
            case "new":
                (folder / argument).write_text(blocks[0], encoding="utf-8")
            case "po":
                translate(path_of(folder, "wo"), argument, blocks[0].strip())
            case _:
                for line in blocks[0].strip().splitlines():
                    run(line, int(argument), folder)
        done.append(kind)
    return done


def translate(path: Path, context: str, line: str) -> None:
    """Give an entry this translation and take its fuzzy mark away."""
    entries = path.read_text(encoding="utf-8").split("\n\n")
    (at,) = [number for number, entry in enumerate(entries) if f'\nmsgctxt "{context}"\n' in entry and not entry.startswith("#~")]
    lines = [one for one in entries[at].splitlines() if one != "#, fuzzy" and not one.startswith(("#|", "msgstr"))]
    entries[at] = "\n".join([*lines, line])
    path.write_text("\n\n".join(entries).rstrip("\n") + "\n", encoding="utf-8")


def run(line: str, code: int, folder: Path) -> None:
    program, group, *arguments = shlex.split(line)
    assert (program, group) == ("dellusi", "flows")
    paths = [str(folder / argument) if argument.endswith((".yml", ".svg")) else argument for argument in arguments]
    result = CliRunner().invoke(flows, [*paths, "--content", str(folder)], env={"COLUMNS": "200"})
    assert result.exit_code == code, f"{line}\n{result.output}"


@pytest.mark.parametrize("language", GUIDES)
def test_the_guide_works_from_the_first_step_to_the_last(language: str, folder: Path) -> None:
    guide = (PROJECT / GUIDES[language]).read_text(encoding="utf-8")
    done = follow(guide.partition("\n## Re")[0].partition("\n## Ré")[0], folder)
    assert done.count("new") == 2
    assert done.count("replace") == 4
    assert done.count("po") == 3


def test_both_guides_teach_the_same_files_and_commands() -> None:
    texts = [(PROJECT / name).read_text(encoding="utf-8").partition("\n## ")[2] for name in GUIDES.values()]
    steps = [[(kind, argument, BLOCK.findall(rest)) for kind, argument, rest in STEP.findall(text)] for text in texts]
    assert steps[0] == steps[1]


def test_the_reference_in_the_guides_is_up_to_date() -> None:
    result = CliRunner().invoke(flows, ["reference", "--check"])
    assert result.exit_code == 0, result.output


def test_an_old_reference_is_told_and_written_anew(folder: Path) -> None:
    shutil.copytree(PROJECT / "docs", folder / "docs")
    guide = folder / GUIDES["en"]
    guide.write_text(guide.read_text(encoding="utf-8").replace("### The commands", "### Commands"), encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(flows, ["reference", "--check", "--content", str(folder)]).exit_code == 1
    assert runner.invoke(flows, ["reference", "--content", str(folder)]).exit_code == 0
    assert runner.invoke(flows, ["reference", "--check", "--content", str(folder)]).exit_code == 0
