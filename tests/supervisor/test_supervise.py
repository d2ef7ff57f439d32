"""A supervisor starts its processes in order, keeps them running and ends them together."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.supervisor.supervisor_rig import GREETING, Service, actor, alive, answers, port, services, until

__all__ = ["port", "services"]  # fixtures

Make = Callable[..., Service]


def test_everything_runs_until_ctrl_c_and_then_nothing_does(services: Make, tmp_path: Path, port: int) -> None:
    service = services(tmp_path, [actor("server", "serve", port, port=port), actor("worker", "wait")])
    service.wait_for(GREETING)
    pids = service.pids
    assert answers(port)
    assert set(pids) == {"server", "worker"}
    assert service.end(signal.SIGINT) == 0
    assert not any(alive(pid) for pid in pids.values())
    assert service.lines[-1].endswith("Everything is stopped.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_polite_end_and_a_closed_terminal_stop_it_too(services: Make, tmp_path: Path, number: int) -> None:
    service = services(tmp_path, [actor("worker", "wait")])
    service.wait_for(GREETING)
    pid = service.pids["worker"]
    assert service.end(number) == 0
    assert not alive(pid)


def test_every_line_says_whose_it_is(services: Make, tmp_path: Path, port: int) -> None:
    service = services(tmp_path, [actor("a", "serve", port, port=port), actor("longer", "stubborn", grace=0.2)])
    service.wait_for(GREETING)
    assert "a       | listening" in service.lines
    assert "longer  | ignoring" in service.lines


def test_a_process_that_dies_is_started_again(services: Make, tmp_path: Path, port: int) -> None:
    service = services(tmp_path, [actor("server", "serve", port, port=port)])
    service.wait_for(GREETING)
    for _ in range(5):  # always: there is no last time
        before = service.pids["server"]
        os.kill(before, signal.SIGKILL)
        until_restarted(service, "server", before)
        until(lambda: answers(port))
    assert "server has died (signal SIGKILL); starting it again in 0.1 s." in service.text
    assert service.end() == 0


def test_the_pause_before_a_new_start_grows_to_its_limit(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("steady", "wait")], [actor("late", "fail", "no", settle=0)])
    service.wait_for("again in 3 s.")
    pauses = [line.rpartition(" in ")[2] for line in service.lines if "starting it again" in line]
    assert pauses[:6] == ["0.1 s.", "0.2 s.", "0.4 s.", "0.8 s.", "1.6 s.", "3 s."]


def test_what_a_dead_process_had_started_holds_no_port(services: Make, tmp_path: Path, port: int) -> None:
    service = services(tmp_path, [actor("gunicorn", "parent_of", port, port=port)])
    service.wait_for(GREETING)
    before = service.pids["gunicorn"]
    os.kill(before, signal.SIGKILL)
    until_restarted(service, "gunicorn", before)
    until(lambda: answers(port))
    assert "Address already in use" not in service.text


def test_a_later_stage_waits_for_the_one_before(services: Make, tmp_path: Path, port: int) -> None:
    service = services(
        tmp_path, [actor("store", "serve", port, port=port)], [actor("task", "show", "HOME", once=True)], [actor("end", "wait")]
    )
    service.wait_for(GREETING)
    order = [next(place for place, line in enumerate(service.lines) if part in line) for part in ("listening", "HOME=", "Starting end")]
    assert order == sorted(order)


def test_stages_stop_in_reverse_order(services: Make, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    service = services(tmp_path / "state", *([actor(name, "note_end", ends)] for name in ("first", "second", "third")))
    service.wait_for(GREETING)
    assert service.end() == 0
    assert ends.read_text().split() == ["third", "second", "first"]


def test_a_task_that_fails_stops_the_start_and_shows_its_last_lines(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("store", "wait")], [actor("migrate", "fail", "no such table", once=True)], [actor("web", "wait")])
    assert service.finish() == 1
    assert "migrate did not succeed (exit code 3). The last it said:" in service.text
    assert "  no such table" in service.text.split("The last it said:")[1]
    assert "Starting web" not in service.text
    assert service.pids == {}


def test_a_task_that_is_not_required_may_fail(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("train", "fail", "gate", once=True, required=False)])
    service.wait_for(GREETING)
    assert "train did not succeed (exit code 3); going on all the same." in service.text


def test_a_process_that_dies_at_every_start_fails_the_start_soon(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("web", "fail", "bad settings", settle=60)])
    assert service.finish() == 1
    assert service.text.count("starting it again") == 2
    assert "web died before it was ready (exit code 3). The last it said:" in service.text


def test_a_process_that_refuses_its_settings_is_not_tried_again(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("web", "refuse", "BOT_X: is missing", settle=60)])
    assert service.finish() == 1
    assert "starting it again" not in service.text
    assert service.text.count("  BOT_X: is missing") == 1


def test_one_early_death_does_not_fail_the_start(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path / "state", [actor("web", "fail_once", tmp_path / "mark")])
    service.wait_for(GREETING)
    assert "running now" in service.text


def test_a_process_that_never_gets_ready_is_named_with_what_it_said(services: Make, tmp_path: Path, port: int) -> None:
    service = services(tmp_path, [actor("nlu", "stubborn", port=port, patience=4, grace=0.3)])
    assert service.finish() == 1
    assert "nlu is not ready after 4 s. The last it said:" in service.text
    assert service.lines[-2].endswith("  ignoring")


def test_a_process_that_does_not_end_is_killed_after_its_grace(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("mule", "stubborn", grace=0.5)])
    service.wait_for(GREETING)
    pid = service.pids["mule"]
    assert service.end() == 0
    assert not alive(pid)


def test_a_second_ctrl_c_does_not_wait_for_the_grace(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("mule", "stubborn", grace=60)])
    service.wait_for("ignoring")
    service.wait_for(GREETING)
    service.process.send_signal(signal.SIGINT)
    service.wait_for("Ctrl-C again")
    assert service.end(signal.SIGINT, seconds=10) == 0


def test_ctrl_c_during_the_start_stops_what_already_runs(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("store", "wait")], [actor("train", "wait", once=True)])
    service.wait_for("Starting train.")
    until(lambda: "train" in service.pids)
    assert service.end() == 0
    assert GREETING not in service.text
    assert service.pids == {}
    assert [line.partition("| ")[2] for line in service.lines[-2:]] == [
        "Stopping (Ctrl-C again ends everything at once).",
        "Everything is stopped.",
    ]


def test_lines_of_any_length_and_shape_arrive_as_text(services: Make, tmp_path: Path) -> None:
    service = services(tmp_path, [actor("odd", "show", "NAME", once=True)])
    service.wait_for(GREETING)
    said = [line for line in service.lines if line.startswith("odd")]
    assert said[0].endswith("| NAME=odd")
    assert said[1].endswith("| with the cursor")
    assert "\x1b" not in service.text
    assert sum(line.count("x") for line in said) == 300_000
    assert said[-1].endswith("last without newline")


def test_a_quiet_process_is_heard_only_when_it_dies(services: Make, tmp_path: Path, port: int) -> None:
    service = services(tmp_path, [actor("redis", "serve", port, port=port, quiet=True)])
    service.wait_for(GREETING)
    assert "listening" not in service.text
    os.kill(service.pids["redis"], signal.SIGKILL)
    service.wait_for("redis   | listening")


def until_restarted(service: Service, name: str, before: int) -> None:
    until(lambda: service.pids.get(name, before) != before)
