"""Answers that are used but never kept, or used before they are."""

from pathlib import Path

import pytest

from bot.content.load import load_content
from bot.flowtools.usage import check_usage
from bot.settings import PROJECT

HEAD = 'flow: essai\nabout: "Un essai"\ntriggers:\n  - keyword: {fr: [un essai pour voir]}\nnodes:\n'
ASK = '  - name: town\n    say: "Votre ville ?"\n    ask: {answer: place, save_as: town, optional: yes}\n'


def found(folder: Path, nodes: str, file: str = "essai.yml", head: str = HEAD) -> list[tuple[int, str, str, str]]:
    (folder / "flows" / file).write_text(head + nodes, encoding="utf-8")
    return [(fault.line, fault.code, dict(fault.values)["name"], fault.hint) for fault in check_usage(load_content(folder))]


def test_the_shipped_flows_use_only_what_they_keep() -> None:
    assert not list(check_usage(load_content(PROJECT)))


TELL = '    go: tell\n  - name: tell\n    say: "Vous êtes à {{ results.town }}."\n'
LEAD = "    route:\n      - {if: results.town is known, go: end}\n      - {otherwise: yes, go: end}\n"
SILENT = (
    "    route:\n      - {timeout: yes, go: keep}\n      - {otherwise: yes, go: keep}\n"
    '  - name: keep\n    do:\n      - set_field: {name: town, value: "{{ results.town }}"}\n    say: "Noté."\n'
)
NAME = '  - name: hello\n    say: "Bonjour {{ contact.first_nme }}."\n'


@pytest.mark.parametrize(
    ("nodes", "fault"),
    [
        (ASK + TELL.replace("town", "twon"), (11, "never_kept", "results.twon", "results.town")),
        (ASK + LEAD.replace("town", "twon"), (10, "never_kept", "results.twon", "results.town")),
        (ASK + TELL, (11, "kept_too_late", "results.town", "")),
        (ASK.replace(", optional: yes", "") + SILENT, (14, "kept_too_late", "results.town", "")),
        (NAME, (7, "never_kept", "contact.first_nme", "contact.first_name")),
    ],
)
def test_a_value_that_will_be_missing_is_told(folder: Path, nodes: str, fault: tuple[int, str, str, str]) -> None:
    assert found(folder, nodes) == [fault]


def test_what_is_kept_on_every_way_is_fine(folder: Path) -> None:
    asked = ASK.replace(", optional: yes", "")
    assert not found(folder, asked + TELL)


def test_what_a_sub_flow_keeps_is_fine(folder: Path) -> None:
    nodes = '  - name: first\n    call: register\n    go: tell\n  - name: tell\n    say: "Besoin : {{ results.need }}."\n'
    assert not found(folder, nodes)


def test_a_form_may_look_only_at_what_is_asked(folder: Path) -> None:
    form = (
        'form: essai\nabout: "Un essai"\nquestions:\n  - {name: town, say: "Quelle ville ?", answer: place}\n'
        '  - {name: street, if: results.twon is known, say: "Quelle rue ?", answer: text}\n'
    )
    assert found(folder, form, "forms/essai.yml", "") == [(5, "never_kept", "results.twon", "results.town")]
