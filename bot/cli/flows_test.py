"""`dellusi flows test`: conversations as tests."""

import time
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli import flows_hearing
from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_faults, print_json, usable
from bot.content import Content
from bot.content.reading import Faults
from bot.flowtools.coverage import Coverage, Ledger
from bot.flowtools.playing import Line, Miss, Verdict, play
from bot.flowtools.rewriting import rewrite
from bot.flowtools.scripts import Script, read_scripts
from bot.flowtools.wording import phrase


@click.command("test")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@FOLDER
@LANGUAGE
@AS_JSON
@click.option("--language", help="Only conversations in this language, for instance wo.")
@click.option("--coverage", "with_coverage", is_flag=True, help="Name the nodes and ways that no conversation tries.")
@click.option("--nlu", type=click.Choice(["given", "real"]), default="given", show_default=True, help="Whose meanings count.")
@click.option("--nlu-url", help="Where the real one answers.  [default: the one that runs here, else one for this command]")
@click.option("--nlu-token", default="", help="Its token, with --nlu-url.")
@click.option("--rewrite", "rewriting", is_flag=True, help="Write what came into failed `expect` lines, for you to review.")
def test(
    files: tuple[Path, ...],
    content: Path,
    lang: str | None,
    language: str | None,
    nlu: str,
    nlu_url: str | None,
    nlu_token: str,
    *,
    as_json: bool,
    with_coverage: bool,
    rewriting: bool,
) -> None:
    """Hold the conversations of flows/tests/*.yml (or FILES) against the flows on disk. No database, no network, seconds.

    The meanings (`intent`) that the files give are taken as understood. With --nlu real the understanding service is asked instead:
    every text that it reads otherwise is listed, and the conversations go where that leads.

    \b
    Examples:
      dellusi flows test
      dellusi flows test flows/tests/intake.yml --language wo --coverage
      dellusi flows test --nlu real
    A conversation:
      - name: A training in Thiès
        language: fr
        channel: sms
        steps:
          - say: "je veux apprendre un metier"
            intent: training_request
          - expect: ["ville"]
          - wait: 3d

    \b
    Exit codes: 0 everything came true, 1 something did not or was read otherwise, 2 a file is broken or no service answers.
    """
    started = time.monotonic()
    loaded = usable(content, lang)
    scripts = _read(files, content, loaded, language, lang)
    ledger = Ledger()
    heard, comparison = flows_hearing.ask(scripts, loaded, nlu_url, nlu_token, lang) if nlu == "real" else (None, None)
    verdicts = [play(script, loaded, ledger, heard) for script in scripts]
    failed = [verdict for verdict in verdicts if not verdict.passed]
    reports = [ledger.report(loaded, one, lang) for one in loaded.catalogues.languages if language in (None, one)] if with_coverage else []
    if rewriting and failed and comparison is None:
        _rewrite(failed, content, lang)
    if as_json:
        told: dict[str, object] = {"conversations": [_data(verdict, lang) for verdict in verdicts]}
        told |= {"coverage": [asdict(report) for report in reports]}
        print_json(told | ({"nlu": flows_hearing.data(comparison)} if comparison else {}))
    else:
        _show(verdicts, failed, reports, time.monotonic() - started, lang)
        if comparison:
            flows_hearing.show(comparison, lang)
    raise SystemExit(1 if failed or (comparison and comparison.differences) else 0)


def _read(files: tuple[Path, ...], folder: Path, content: Content, language: str | None, lang: str | None) -> list[Script]:
    faults = Faults()
    paths = files or tuple(sorted((folder / "flows" / "tests").glob("*.yml")))
    scripts = read_scripts(paths, folder, content, faults)
    if faults.errors:
        print_faults(faults.found, lang, err=True)
        raise SystemExit(2)
    return [script for script in scripts if language in (None, script.language)]


def _show(verdicts: list[Verdict], failed: list[Verdict], reports: list[Coverage], seconds: float, lang: str | None) -> None:
    for verdict in failed:
        _show_failure(verdict, lang)
    for report in reports:
        _show_missing(report, lang)
    if reports:
        _table(reports, lang)
    if not verdicts:
        click.echo(phrase("test_none", lang))
    passed = len(verdicts) - len(failed)
    summary = phrase("test_summary", lang, passed=passed, failed=len(failed), seconds=f"{seconds:.1f}")
    click.secho(summary, fg="red" if failed else "green")
    if any(miss.code == "expected_missing" for verdict in failed for miss in verdict.misses):
        click.echo(phrase("test_rewrite_hint", lang))


def _show_failure(verdict: Verdict, lang: str | None) -> None:
    script = verdict.script
    click.secho(phrase("test_failed", lang, file=script.file, line=script.line, name=script.name), fg="red", bold=True)
    for line in verdict.lines:
        click.echo(_chat_line(line, lang))
    for miss in verdict.misses:
        click.secho(f"  {script.file}:{miss.line}: {_sentence(miss, lang)}", fg="red")
    click.echo()


def _chat_line(line: Line, lang: str | None) -> str:
    if line.who == "time":
        return "    " + phrase("test_time", lang, span=line.text)
    sign = {"person": ">", "bot": "<", "note": "*"}[line.who]
    text = line.text.replace("\n", "\n      ")
    return f"    {sign} {text}" + "".join(f"\n      {choice}" for choice in line.choices)


def _sentence(miss: Miss, lang: str | None) -> str:
    return phrase(miss.code, lang, **dict(miss.values))


def _show_missing(report: Coverage, lang: str | None) -> None:
    for code, share in (("coverage_missing_nodes", report.nodes), ("coverage_missing_ways", report.ways)):
        if share.missing:
            click.secho(phrase(code, lang, language=report.language), bold=True)
            for name in share.missing:
                click.echo(f"  {name}")


def _table(reports: list[Coverage], lang: str | None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=phrase("coverage_title", lang))
    for code in ("coverage_language", "coverage_nodes", "coverage_ways"):
        table.add_column(phrase(code, lang))
    for report in reports:
        table.add_row(
            report.language, *(f"{s.visited}/{s.total} ({100 * s.visited // max(1, s.total)} %)" for s in (report.nodes, report.ways))
        )
    Console().print(table)


def _rewrite(failed: list[Verdict], folder: Path, lang: str | None) -> None:
    for file in dict.fromkeys(verdict.script.file for verdict in failed):
        path = Path(file) if Path(file).is_absolute() else folder / file
        count = rewrite(path, [verdict for verdict in failed if verdict.script.file == file])
        if count:
            click.echo(phrase("test_rewritten", lang, count=count, file=file), err=True)


def _data(verdict: Verdict, lang: str | None) -> dict[str, object]:
    script = verdict.script
    return {
        "name": script.name,
        "file": script.file,
        "line": script.line,
        "language": script.language,
        "passed": verdict.passed,
        "misses": [{"line": miss.line, "code": miss.code, "sentence": _sentence(miss, lang)} for miss in verdict.misses],
        "chat": [asdict(line) for line in verdict.lines],
    }
