"""`make soak`: the whole service under traffic and faults; memory, connections and the age of queues have to be flat at the end."""

import argparse
import json
import os
import threading
import time
from dataclasses import asdict

from bot.faults.box import Box
from bot.faults.service import Running, started
from tests.soak.samples import JUDGED, Sample, look, positive, summary, verdict
from tests.soak.traffic import FAULTS, Traffic

_LINES = 20


def soak(running: Running, options: argparse.Namespace) -> tuple[list[Sample], Traffic, bool]:
    """The samples, the traffic, and whether everything was handled and sent in the end."""
    box, ended = Box(running.sandbox, 60.0), threading.Event()
    box.ask("seed", {"seed": options.seed})
    box.ask("faults", {"faults": list(FAULTS)})
    traffic = Traffic(box, options.seed, options.people)
    seconds = options.minutes * 60
    thread = threading.Thread(target=traffic.run, args=(options.rate, seconds, ended), daemon=True)
    samples: list[Sample] = []
    begun = time.monotonic()
    thread.start()
    try:
        while (at := time.monotonic() - begun) < seconds:
            samples.append(look(running, at))
            if (len(samples) - 1) % max(1, int(seconds / options.every) // _LINES) == 0:
                print(line(samples[-1], traffic), flush=True)
            time.sleep(options.every)
    finally:
        ended.set()
        thread.join(60)
    return samples, traffic, _at_rest(running, samples, options.every)


def _at_rest(running: Running, samples: list[Sample], every: float) -> bool:
    """Whether nothing waits within four minutes after the last message: a lost webhook is looked for after one or two."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        now = look(running, samples[-1].at + every)
        if not (now.unhandled or now.unsent or now.doubtful):
            return True
        time.sleep(2)
    return False


def line(sample: Sample, traffic: Traffic) -> str:
    """One sample as text."""
    ours = sum(size for name, size in sample.memory.items() if name.startswith(JUDGED))
    files = sum(count for name, count in sample.files.items() if name.startswith(JUDGED))
    return (
        f"{sample.at:6.0f} s  {traffic.taken:8d} taken  {ours:7.1f} MB  {files:5.0f} files  {sample.connections:3.0f} connections  "
        f"oldest: {sample.unhandled:5.1f} s to handle  {sample.unsent:5.1f} s to send  {sample.doubtful:5.1f} s in doubt"
    )


def main() -> None:
    """Run and print the verdict. Exit code 1 when something is not flat, or not everything was handled and sent."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=positive, default=30.0)
    parser.add_argument("--rate", type=positive, default=10.0, help="messages a second; `make bench ARGS=--sustained` finds the highest")
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--every", type=positive, default=5.0, help="seconds between two samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    # Each look lists ten minutes of messages: at this rate not as often as in the fault matrix.
    with started(os.environ, BOT_RECONCILE_MINUTES="1") as running:
        samples, traffic, rest = soak(running, options)
    wrong = verdict(samples)
    wrong += [] if rest else ["something still waits four minutes after the last message"]
    wrong += [f"{traffic.refused} messages were refused"] if traffic.refused else []
    if options.json:
        print(json.dumps({"samples": [asdict(sample) for sample in samples], "taken": traffic.taken, "wrong": wrong}))
    else:
        sent = f"{traffic.taken} messages taken, {traffic.lost} lost on purpose, {len(samples)} samples, seed {options.seed}"
        print(f"{summary(samples)}\n{sent}\n" + ("flat" if not wrong else "not flat:\n" + "\n".join(f"  {problem}" for problem in wrong)))
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
