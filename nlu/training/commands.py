"""Commands of the understanding service, their options and exit codes."""

import argparse
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from training import reports
from training.data import DEVELOPMENT, DataError
from training.parser import CURRENT

_ABOUT: Final = """\
Train, measure and serve what Dellusi understands.

  train       bring models/current.tar.gz up to date with sentences, word lists and pipeline
  evaluate    measure a model on messages with known answers
  compare     two models side by side on the same messages
  serve       answer POST /model/parse on loopback, behind a token
  benchmark   the same classifier on other people's data (CSV: text,label)
  check       look for faults in the sentences

A first walk:
  python -m training train
  python -m training evaluate development
  python -m training serve --port 5005 --token secret
  curl 'localhost:5005/model/parse?token=secret' -d '{"text": "maa ngi bëgg xaalis ngir tambali"}'
"""
_CODES: Final = "exit codes: 0 done, 1 something is wrong with the data, 2 cannot run, 3 a model was made but not put in charge"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="training", description=_ABOUT, epilog=_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    train = commands.add_parser(
        "train",
        help="train if an input changed",
        description="Does nothing (under a second) when no input changed. A model that is worse on the development set than the one in "
        "charge, or whose Wolof is more than three points behind its French, is kept as models/refused.tar.gz.",
        epilog=_CODES,
    )
    train.add_argument(
        "--force", action="store_true", help="train even if nothing changed, and put the model in charge whatever its scores"
    )

    evaluate = commands.add_parser(
        "evaluate", help="measure a model", epilog='JSON lines: {"text", "intent", "lang", "register", "entities": [{"entity", "value"}]}'
    )
    evaluate.add_argument(
        "file",
        type=Path,
        nargs="?",
        default=DEVELOPMENT,
        help="JSON lines, or a folder <language>/<hand>.yml (default: the development set)",
    )
    evaluate.add_argument("--model", type=Path, default=CURRENT)
    evaluate.add_argument("--mistakes", type=Path, help="write every wrong answer to this file, one JSON object a line")

    compare = commands.add_parser("compare", help="two models on the same messages")
    compare.add_argument("first", type=Path)
    compare.add_argument("second", type=Path)
    compare.add_argument("file", type=Path, nargs="?", default=DEVELOPMENT)

    serve = commands.add_parser(
        "serve", help="answer over HTTP", description="Keep it on loopback: the server is meant for the bot beside it and logs no text."
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=5005)
    serve.add_argument("--token", help="callers must send ?token=...; visible to other processes of this machine")
    serve.add_argument(
        "--token-from-env", action="store_true", help="take the token from BOT_NLU_TOKEN or the file named by BOT_NLU_TOKEN_FILE"
    )
    serve.add_argument("--model", type=Path, default=CURRENT)

    benchmark = commands.add_parser(
        "benchmark",
        help="accuracy and macro-F1 on other data",
        description="Trains the intent classifier on TRAIN.csv and measures it on TEST.csv (columns text,label).",
    )
    benchmark.add_argument("train", type=Path)
    benchmark.add_argument("test", type=Path)

    check = commands.add_parser(
        "check",
        help="faults in the sentences",
        description="Shape, unknown names, duplicates, near-duplicates between training and development, balance; with --labels also "
        "sentences whose label a model trained on the other hands doubts.",
        epilog=_CODES,
    )
    check.add_argument("--labels", action="store_true", help="also list doubtful labels (trains several models: minutes)")
    for command in (train, evaluate, compare, benchmark, check):
        command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    if options.command == "train" and threading.current_thread() is threading.main_thread():
        # Rasa trains in a process of its own; being told to stop must stop it too
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return int(_COMMANDS[options.command](options))
    except (DataError, FileNotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, FileNotFoundError) else 1
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"training failed with exit code {error.returncode}\n")
        return 2


def _say(options: argparse.Namespace) -> Any:
    """Progress goes to the terminal beside the result, and nowhere when nobody watches."""
    watching = sys.stderr.isatty() or not options.json
    return (lambda line: print(line, file=sys.stderr, flush=True)) if watching else (lambda line: None)


def _train(options: argparse.Namespace) -> int:
    from training.trainer import EXIT_CODES, train

    outcome = train(_say(options), force=options.force)
    reports.training(outcome, as_json=options.json)
    return EXIT_CODES[outcome.result]


def _evaluate(options: argparse.Namespace) -> int:
    from training.evaluation import evaluate

    found = evaluate(options.file, options.model, _say(options), options.mistakes)
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else reports.evaluation(found))
    return 0


def _compare(options: argparse.Namespace) -> int:
    from training.evaluation import compare

    found = compare(options.first, options.second, options.file, _say(options))
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else reports.comparison(found))
    return 0


def _serve(options: argparse.Namespace) -> int:
    from training.serving import serve, token_from_environment

    token = token_from_environment() if options.token_from_env else options.token
    return serve(options.model, options.host, options.port, token)


def _benchmark(options: argparse.Namespace) -> int:
    from training.benchmark import benchmark

    found = benchmark(options.train, options.test, _say(options))
    print(json.dumps(found, indent=1) if options.json else reports.flat(found))
    return 0


def _check(options: argparse.Namespace) -> int:
    from training.checks import check

    found = check(_say(options), labels=options.labels)
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else reports.checks(found))
    return 1 if found["errors"] else 0


_COMMANDS: Final = {"train": _train, "evaluate": _evaluate, "compare": _compare, "serve": _serve, "benchmark": _benchmark, "check": _check}
