"""`dellusi flows check`: every mistake of every file, at once, and what the texts cost."""

from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, fault_data, print_faults, print_json
from bot.content.load import read_content
from bot.flowtools.catalogues import check_catalogues, read_files
from bot.flowtools.costs import STEP_BUDGET, Prices, check_costs
from bot.flowtools.discretion import check_discretion
from bot.flowtools.pathcosts import PATH_BUDGET, PathCost, PathCosts, check_paths
from bot.flowtools.usage import check_usage
from bot.flowtools.voices import check_voices
from bot.flowtools.wording import phrase


@click.command()
@FOLDER
@LANGUAGE
@AS_JSON
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--costs", "with_costs", is_flag=True, help="Show what every flow costs as SMS in every language.")
@click.option("--budget", type=click.IntRange(1), default=STEP_BUDGET, show_default=True, help="SMS that one text may cost.")
@click.option("--path-budget", type=click.IntRange(1), default=PATH_BUDGET, show_default=True, help="SMS that a whole way may cost.")
def check(content: Path, lang: str | None, budget: int, path_budget: int, *, as_json: bool, strict: bool, with_costs: bool) -> None:
    """Check every flow, form and catalogue. Names file, line and key of each mistake, and the likely fix.

    Also counted: what each text costs as SMS in each language, with the longest place, partner or date filled in.

    \b
    Examples:
      dellusi flows check
      dellusi flows check --costs --lang en
    Exit codes: 0 nothing wrong, 1 mistakes were found, 2 the command was used wrongly.
    """
    loaded, faults = read_content(content)
    found, costs = list(faults.found), []
    if loaded is not None and not faults.errors:
        prices = Prices(loaded)
        paths = PathCosts(loaded, prices)
        costs = list(paths.all())
        found += check_usage(loaded)
        found += check_catalogues(loaded, read_files(content))
        found += check_discretion(loaded)
        found += check_voices(loaded, content)
        found += check_costs(loaded, budget, prices)
        found += check_paths(loaded, paths, path_budget)
    errors = sum(fault.severity == "error" for fault in found)
    if as_json:
        listed = fault_data(found, lang)
        print_json({"faults": listed, "costs": [asdict(cost) for cost in costs]} if with_costs else listed)
    else:
        print_faults(found, lang)
        if with_costs and costs:
            _table(costs, lang)
        click.echo(phrase("check_summary", lang, e=errors, w=len(found) - errors))
    raise SystemExit(1 if errors or (strict and found) else 0)


def _table(costs: list[PathCost], lang: str | None) -> None:
    from rich.console import Console
    from rich.table import Table

    languages = list(dict.fromkeys(cost.language for cost in costs))
    table = Table(title=phrase("costs_title", lang))
    table.add_column(phrase("costs_flow", lang))
    for language in languages:
        table.add_column(phrase("costs_step", lang, language=language))
        table.add_column(phrase("costs_path", lang, language=language))
    for flow in dict.fromkeys(cost.flow for cost in costs):
        table.add_row(flow, *(cell for cost in costs if cost.flow == flow for cell in _cells(cost, lang)))
    Console().print(table)


def _cells(cost: PathCost, lang: str | None) -> tuple[str, str]:
    step = f"{cost.dearest_step}: {cost.step_segments}" if cost.dearest_step else "-"
    return step, phrase("costs_cell", lang, segments=cost.segments, messages=cost.messages)
