"""When the soak calls something flat."""

import pytest

from tests.soak.samples import Sample, summary, verdict


def samples(*, memory: float = 0.0, files: float = 0.0, connections: float = 0.0, unsent: float = 0.2) -> list[Sample]:
    """Thirty looks at a service that grows by so much with each."""
    return [
        Sample(
            at=5.0 * number,
            memory={"webhooks": 90 + memory * number, "sandbox": 80 + 5.0 * number},
            files={"webhooks": 30 + files * number},
            connections=20 + connections * number,
            unhandled=0.1,
            unsent=unsent,
            doubtful=0.0,
        )
        for number in range(30)
    ]


def test_a_service_that_does_not_grow_is_flat_whatever_the_stand_in_keeps() -> None:
    assert verdict(samples()) == []


@pytest.mark.parametrize(
    ("growth", "words"),
    [
        ({"memory": 1.0}, "memory of webhooks grows"),
        ({"files": 1.0}, "open files of webhooks grow"),
        ({"connections": 1.0}, "connections grow"),
        ({"unsent": 120.0}, "the oldest unsent work is 120 s old"),
    ],
)
def test_what_grows_or_waits_is_named(growth: dict[str, float], words: str) -> None:
    (problem,) = verdict(samples(**growth))
    assert words in problem


def test_the_summary_has_a_line_for_each_process_and_the_oldest_work() -> None:
    head, *processes, rest = summary(samples(memory=1.0, connections=1.0, unsent=3.0)).splitlines()
    assert [line.split() for line in processes] == [["sandbox", "152.5", "202.5", "0", "0"], ["webhooks", "104.5", "114.5", "30", "30"]]
    assert head.startswith("second third")
    assert rest == "connections 34, 44; the oldest ever: 0.1 s to handle, 3.0 s to send, 0.0 s in doubt"
