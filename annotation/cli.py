"""`fazhi annotate`: the commands around annotated paragraphs."""

import os
from pathlib import Path
from typing import Annotated

import typer

from fazhi.annotation import project_cli, studio_cli
from fazhi.annotation.adjudicate_cli import adjudicate_files
from fazhi.annotation.agreement.cli import agree
from fazhi.annotation.audit.cli import audit
from fazhi.annotation.from_xlsx import Voter, import_answers, summary_of
from fazhi.annotation.remap import remap_answers
from fazhi.annotation.schemes.cli import app as scheme_app
from fazhi.model.labels import load_scheme, write_examples
from fazhi.model.reading import InputError

app = typer.Typer(no_args_is_help=True, help="标注 · annotate paragraphs and measure agreement")


@app.callback()
def annotate() -> None:
    """标注 · annotate paragraphs and measure agreement."""


app.command()(agree)
app.command("adjudicate")(adjudicate_files)
app.command()(audit)
app.command("remap")(remap_answers)
app.add_typer(scheme_app, name="scheme")


@app.command("from-xlsx")
def from_xlsx(
    workbook: Annotated[Path, typer.Argument(help="改好的 .xlsx · the workbook with answers")],
    reports: Annotated[
        list[Path], typer.Option(help="报告文件、文件夹或 .zip,可重复 · reports, folders, .zip; repeat for more")
    ],
    annotator: Annotated[str, typer.Option(help="核定人 · who answered")],
    out: Annotated[Path, typer.Option(help="写入的 examples.jsonl · the file to write")],
    more: Annotated[list[Path] | None, typer.Argument(help="更多报告 · more reports, after --reports")] = None,
    round_: Annotated[int, typer.Option("--round", min=0, help="主动学习轮次 · active-learning round")] = 0,
    encoding: Annotated[str | None, typer.Option(help="与标注时相同 · as it was given to fazhi tag")] = None,
) -> None:
    """收回更正 · turn reviewed rows of a workbook into examples; exit code 1 where some are not taken."""
    if not annotator.strip():
        raise InputError("--annotator", "is blank", "say who answered")
    places = [*reports, *(more or ())]  # `--reports reports/*.txt`: the shell gives the option one and us the rest
    if os.path.realpath(out) in map(os.path.realpath, (workbook, *places)):
        raise InputError(str(out), "is the workbook or a report", "name another file for the examples")
    scheme = load_scheme()
    imported = import_answers(workbook, places, Voter(annotator.strip(), round_), scheme, encoding)
    for problem in imported.problems:
        typer.echo(f"fazhi: {InputError(f'{workbook} {problem.where}', problem.what, problem.hint)}", err=True)
    for error in imported.errors:
        typer.echo(f"fazhi: {error}", err=True)
    if imported.examples:
        write_examples(out, imported.examples)
    typer.echo(summary_of(imported))
    if not imported.examples:
        raise typer.Exit(2)
    raise typer.Exit(1 if imported.problems else 0)


project_cli.register(app)
studio_cli.register(app)
