"""A supervisor that was killed leaves nothing that keeps the next one from starting."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.supervisor import procfs
from bot.supervisor.remains import Living, State
from tests.supervisor.supervisor_rig import ACTOR, GREETING, Service, actor, alive, answers, port, services, until

__all__ = ["port", "services"]  # fixtures

Make = Callable[..., Service]


def test_children_die_with_a_killed_supervisor(services: Make, tmp_path: Path, port: int) -> None:
    service = services(tmp_path, [actor("server", "serve", port, port=port), actor("worker", "wait")])
    service.wait_for(GREETING)
    pids = service.pids
    service.process.kill()
    until(lambda: not any(alive(pid) for pid in pids.values()))


def test_the_next_start_ends_what_survived_and_runs(services: Make, tmp_path: Path, port: int) -> None:
    stage = [actor("mule", "stubborn", grace=0.2), actor("gunicorn", "parent_of", port, port=port)]
    first = services(tmp_path, stage)
    first.wait_for("ignoring")
    first.wait_for(GREETING)
    mule = first.pids["mule"]
    first.process.kill()
    first.process.wait()
    assert alive(mule)
    assert answers(port)  # the orphan of gunicorn
    second = services(tmp_path, stage)
    second.wait_for(GREETING, seconds=30)
    assert not alive(mule)
    assert "An earlier run was killed; ending what it left: " in second.text
    assert "Address already in use" not in second.text


def test_a_second_supervisor_on_the_same_state_is_refused_with_the_way_out(services: Make, tmp_path: Path) -> None:
    first = services(tmp_path, [actor("worker", "wait")])
    first.wait_for(GREETING)
    second = services(tmp_path, [actor("worker", "wait")])
    assert second.finish() == 2
    assert f"already runs on {tmp_path} (process {first.process.pid})" in second.text
    assert "--state ANOTHER_FOLDER" in second.text
    assert first.end() == 0


def test_a_state_is_free_again_after_a_polite_end(services: Make, tmp_path: Path) -> None:
    for _ in range(2):
        service = services(tmp_path, [actor("worker", "wait")])
        service.wait_for(GREETING)
        assert service.end() == 0
        assert "An earlier run" not in service.text


def test_a_stranger_with_the_number_of_an_old_process_is_left_alone(tmp_path: Path) -> None:
    with _stranger() as pid:
        state = State(tmp_path)
        state.note((Living("worker", pid, (procfs.started(pid) or 0) - 1, signal.SIGKILL),))
        said: list[str] = []
        state.clear(said.append)
        assert alive(pid)
        assert said == []


def test_notes_of_an_earlier_boot_mean_nothing(tmp_path: Path) -> None:
    with _stranger() as pid:
        state = State(tmp_path)
        state.note((Living("worker", pid, procfs.started(pid) or 0, signal.SIGKILL),))
        noted = json.loads((tmp_path / "processes.json").read_text())
        (tmp_path / "processes.json").write_text(json.dumps({**noted, "boot": "another"}))
        state.clear(lambda _: None)
        assert alive(pid)


def test_damaged_notes_do_not_keep_the_service_from_starting(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text('{"boot": ')
    state = State(tmp_path)
    state.clear(lambda _: None)
    assert json.loads((tmp_path / "processes.json").read_text())["living"] == []


@contextmanager
def _stranger() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, str(ACTOR), "wait"], start_new_session=True)
    yield process.pid
    process.kill()
    process.wait()
