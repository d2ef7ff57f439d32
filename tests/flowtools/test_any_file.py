"""Whatever stands in a file, its author gets sentences with a line, never a traceback."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.flows import read_flow, read_form, read_words
from bot.content.load import labels, load_content
from bot.content.messages import describe, sentences
from bot.content.notices import read_notices
from bot.content.reading import Faults, Section, read_text
from bot.domain.contacts import Contact
from bot.domain.directory import NEEDS
from bot.engine.checks import Known, check
from bot.engine.turn import Heard
from bot.flowtools.chat import Chat
from bot.flowtools.scripts import read_scripts
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)
KNOWN = Known(CONTENT.intents, CONTENT.entities, CONTENT.catalogues.languages, NEEDS)
FLOWS = [path for path in sorted((PROJECT / "flows").glob("*.yml")) if path.name not in ("words.yml", "notices.yml")]
OTHERS: dict[Path, Callable[[Section], object]] = {
    PROJECT / "flows" / "forms" / "intake.yml": read_form,
    PROJECT / "flows" / "words.yml": read_words,
    PROJECT / "flows" / "notices.yml": lambda section: read_notices(section, NEEDS),
}
MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
PIECES = st.sampled_from(
    [":", "- ", "{", "}", "[", "]", '"', "'", "\t", "\n", "  ", "&a ", "*a", "#", "|", ">", "yes", "{{ ", "é", "\x07", "---\n"]
)


@st.composite
def damaged(draw: st.DrawFn, paths: list[Path]) -> tuple[Path, bytes]:
    """A shipped file after a few slips of the hand: pieces put in, letters and lines gone, lines swapped."""
    path = draw(st.sampled_from(paths))
    text = path.read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(text) - 1)))
        slip = draw(st.integers(0, 3))
        if slip == 0:
            text = text[:at] + draw(PIECES) + text[at:]
        elif slip == 1:
            text = text[:at] + text[at + draw(st.integers(1, 12)) :]
        else:
            lines = text.splitlines(keepends=True) or [""]
            one = draw(st.integers(0, len(lines) - 1))
            line = lines.pop(one)
            if slip == 3:
                lines.insert(draw(st.integers(0, len(lines))), line)
            text = "".join(lines)
    return path, text.encode()


def tell(faults: Faults) -> None:
    """Every fault has a place and a sentence in both languages."""
    for fault in faults.found:
        assert fault.file
        for language in ("fr", "en"):
            assert fault.code in sentences(language)
            assert describe(fault, language)


@MANY
@given(st.binary(max_size=400))
def test_any_bytes_are_told_in_sentences(raw: bytes) -> None:
    for reader in (read_flow, *OTHERS.values()):
        faults = Faults()
        section = read_text(raw, "essai.yml", faults)
        if section is not None:
            reader(section)
        tell(faults)


@MANY
@given(damaged(FLOWS))
def test_a_damaged_flow_is_told_in_sentences_or_still_plays(case: tuple[Path, bytes]) -> None:
    path, raw = case
    faults = Faults()
    section = read_text(raw, f"flows/{path.name}", faults)
    flow = read_flow(section) if section else None
    if flow is None:
        assert faults.errors
        return
    flows = {**CONTENT.flows.flows, flow.name: flow}
    changed = replace(CONTENT.flows, flows=flows, labels=labels(flows.values(), CONTENT.flows.forms.values()))
    faults.found += check(changed, KNOWN)
    tell(faults)
    if not faults.errors:
        chat = Chat(replace(CONTENT, flows=changed), Contact("sms", "fr"))
        chat.begin(flow.name)
        for text in ("1", "oui", "Bambey", "bla bla bla", ""):
            chat.hear(Heard(text))


@MANY
@given(damaged(list(OTHERS)))
def test_a_damaged_form_or_list_of_words_is_told_in_sentences(case: tuple[Path, bytes]) -> None:
    path, raw = case
    faults = Faults()
    section = read_text(raw, f"flows/{path.name}", faults)
    if section is not None:
        OTHERS[path](section)
    tell(faults)


@SOME
@given(damaged(sorted((PROJECT / "flows" / "tests").glob("*.yml"))))
def test_a_damaged_conversation_is_told_in_sentences(tmp_path: Path, case: tuple[Path, bytes]) -> None:
    path = tmp_path / case[0].name
    path.write_bytes(case[1])
    faults = Faults()
    read_scripts([path], tmp_path, CONTENT, faults)
    tell(faults)


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"[" * 60, b"{" * 60, b"a: " * 60, b"a" * 2_000_000, b"? [a]\n: b\n", b"- a\n- b\n"])
def test_odd_files_are_told_too(raw: bytes) -> None:
    faults = Faults()
    section = read_text(raw, "essai.yml", faults)
    if section is not None:
        read_flow(section)
    assert faults.errors
    tell(faults)
