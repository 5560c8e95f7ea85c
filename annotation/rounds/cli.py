"""`fazhi round`: annotation rounds that save labels."""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from fazhi.annotation.access import Asked
from fazhi.annotation.home import DEFAULT_HOME
from fazhi.annotation.project_cli import Home, TokenFile, Url, reach
from fazhi.annotation.rounds.folder import BUNDLE, folder_of, rounds_in
from fazhi.annotation.rounds.lock import locked
from fazhi.annotation.rounds.pool import Sieve, read_reports
from fazhi.annotation.rounds.setup import Material, Shares, begin, check_begun, is_begun, make_folder, opened
from fazhi.annotation.rounds.start import Wanted, check_strategy, start_round
from fazhi.annotation.rounds.status import described, history_of, last_round, status_of
from fazhi.model.bundle import find_bundle, search_path
from fazhi.model.labels import load_scheme, read_examples
from fazhi.model.tagger import Tagger, load_tagger

app = typer.Typer(no_args_is_help=True, help="轮次 · annotation rounds that save labels")
Rounds = Annotated[Path, typer.Option(help="轮次文件夹 · folder of the rounds")]
DEFAULT_ROUNDS = Path("rounds")
_SHARES, _SIEVE = Shares(), Sieve()


@app.callback()
def rounds_() -> None:
    """轮次 · annotation rounds that save labels."""


@app.command()
def start(
    pool: Annotated[
        list[Path] | None, typer.Option(help="报告或 .jsonl 段落,第一轮给出 · reports or paragraphs, first start")
    ] = None,
    size: Annotated[int, typer.Option(min=1, help="题数 · questions")] = 50,
    strategy: Annotated[str, typer.Option(help="选题策略,默认自动 · how to choose; chosen by default")] = "",
    examples: Annotated[
        list[Path] | None, typer.Option(help="已有答案,第一轮给出 · answers from elsewhere, at the first start")
    ] = None,
    bundle: Annotated[str | None, typer.Option(help="给建议的模型,默认上一轮的 · bundle of the suggestions")] = None,
    seed: Annotated[int, typer.Option(min=0, help="随机种子 · seed of every draw")] = 0,
    audit: Annotated[float, typer.Option(min=0.0, max=0.9, help="抽查比例 · share of the audit")] = _SHARES.audit,
    twice: Annotated[float, typer.Option(min=0.0, max=1.0, help="两人都答的比例 · share asked twice")] = _SHARES.twice,
    shortest: Annotated[int, typer.Option(min=1, help="最少字数 · characters, at least")] = _SIEVE.shortest,
    alike: Annotated[float, typer.Option(min=0.5, max=1.0, help="近乎相同的下限 · near-duplicates")] = _SIEVE.alike,
    encoding: Annotated[str | None, typer.Option(help="指定编码,默认自动识别 · encoding of the reports")] = None,
    rounds: Rounds = DEFAULT_ROUNDS,
) -> None:
    """开始 · choose the questions of the next round; changes nothing while one is open."""
    if strategy:
        check_strategy(strategy)
    if is_begun(rounds):
        if pool or examples:
            typer.echo(f"fazhi: warning {rounds}: 段落池已定 the pool is fixed; --pool, --examples not read", err=True)
    else:
        _begin(
            rounds, _material(pool or (), examples or (), encoding), Sieve(shortest, alike), Shares(audit, twice), seed
        )
    with locked(rounds):
        round_, new = start_round(rounds, Wanted(size, strategy), _tagger(bundle, rounds))
    typer.echo(described(round_, rounds))
    if not new:
        typer.echo(f"fazhi: 尚未结束,未开新轮 round {round_.number:03d} is open, no other was begun", err=True)


@app.command()
def status(rounds: Rounds = DEFAULT_ROUNDS) -> None:
    """现状 · where the rounds stand, and what comes next."""
    scheme = load_scheme()
    typer.echo(status_of(rounds, opened(rounds, scheme), scheme))


@app.command()
def push(
    project: Annotated[str, typer.Option(help="项目编号或名称 · number or title of the project")],
    again: Annotated[str, typer.Option(help="第二人作答的项目 · project for second answers")] = "",
    url: Url = "",
    token_file: TokenFile = None,
    home: Home = DEFAULT_HOME,
    rounds: Rounds = DEFAULT_ROUNDS,
) -> None:
    """推送 · put the round's questions into Label Studio, each once."""
    from fazhi.annotation.rounds.send import push_round  # noqa: PLC0415 - the library takes a second to load

    with _rounds_at(rounds), reach(Asked(url, token_file, home)) as studio:
        round_ = push_round(rounds, studio, [each for each in (project, again) if each], load_scheme())
    typer.echo(described(round_, rounds))
    for address in round_.projects:
        typer.echo(address)


@app.command()
def pull(
    enough: Annotated[bool, typer.Option("--enough", help="缺的不再等 · take what is there")] = False,
    url: Url = "",
    token_file: TokenFile = None,
    home: Home = DEFAULT_HOME,
    rounds: Rounds = DEFAULT_ROUNDS,
) -> None:
    """取回 · bring the round's answers home; exit code 1 where some are missing or not taken."""
    from fazhi.annotation.rounds.collect import complaints_of, pull_round, summary_of  # noqa: PLC0415 - as above

    with _rounds_at(rounds), reach(Asked(url, token_file, home)) as studio:
        collected = pull_round(rounds, studio, load_scheme(), enough)
    complaints = complaints_of(collected)
    for line in complaints:
        typer.echo(f"fazhi: {line}", err=True)
    typer.echo(summary_of(collected))
    raise typer.Exit(1 if complaints or collected.round.state == "pushed" else 0)


@app.command()
def train(
    base: Annotated[
        str, typer.Option(help="微调的编码器,缺省训练线性模型 · encoder to tune; the fallback without it")
    ] = "",
    settings: Annotated[Path | None, typer.Option(help="训练设置 TOML · settings of `fazhi train`")] = None,
    headings: Annotated[Path | None, typer.Option(help="已作答的标题 · answered headings")] = None,
    sentences: Annotated[Path | None, typer.Option(help="已作答的句子 · answered sentences")] = None,
    rounds: Rounds = DEFAULT_ROUNDS,
) -> None:
    """训练 · train on all answers so far, without the audit's: the fallback, or an encoder."""
    from fazhi.annotation.rounds.learn import Recipe, train_round  # noqa: PLC0415 - as above

    with _rounds_at(rounds):
        typer.echo(train_round(rounds, load_scheme(), Recipe(base, settings, headings, sentences)).trained)


@app.command()
def close(
    untrained: Annotated[bool, typer.Option("--untrained", help="未训练也结束 · close without training")] = False,
    rounds: Rounds = DEFAULT_ROUNDS,
) -> None:
    """结束 · write the round's report and make way for the next."""
    from fazhi.annotation.rounds.close import close_round  # noqa: PLC0415 - as above

    with _rounds_at(rounds):
        typer.echo(described(close_round(rounds, load_scheme(), untrained), rounds))


@app.command()
def history(rounds: Rounds = DEFAULT_ROUNDS) -> None:
    """历史 · all rounds, a line each."""
    typer.echo(history_of(rounds, last_round(rounds)[1]))


@app.command()
def simulate(
    examples: Annotated[list[Path], typer.Argument(help="答案 · examples; where votes differ, with their verdicts")],
    strategy: Annotated[
        list[str] | None, typer.Option(help="选题策略,可重复,默认全部 · strategies, all by default")
    ] = None,
    count: Annotated[int, typer.Option("--rounds", min=2, help="轮数 · rounds of each game")] = 10,
    size: Annotated[int, typer.Option(min=1, help="每轮题数 · questions a round")] = 50,
    seeds: Annotated[int, typer.Option(min=1, help="随机种子数 · games for each strategy")] = 5,
    json_: Annotated[Path | None, typer.Option("--json", help="写入的 .json · everything as JSON")] = None,
) -> None:
    """模拟 · play rounds with answers that are there, and compare the strategies with random questions."""
    from fazhi.annotation.rounds.compare import run_simulation  # noqa: PLC0415 - as above

    for name in strategy or ():
        check_strategy(name)
    run_simulation(examples, strategy or (), (count, size, seeds), json_)


def _material(pool: Sequence[Path], examples: Sequence[Path], encoding: str | None) -> Material:
    """Read reports and answers; what could not be read is named on the way."""
    reports, errors = read_reports(pool, encoding)
    for error in errors:
        typer.echo(f"fazhi: {error}", err=True)
    scheme = load_scheme()
    return Material(reports, [each for path in examples for each in read_examples(path, scheme)])


def _begin(rounds: Path, material: Material, sieve: Sieve, shares: Shares, seed: int) -> None:
    """Fix the pool, unless another command just did."""
    make_folder(rounds)
    with locked(rounds):
        if not is_begun(rounds):
            begin(rounds, material, sieve, shares, (seed, load_scheme().fingerprint))


def _rounds_at(rounds: Path) -> AbstractContextManager[None]:
    """Hold the lock of rounds that were begun.

    Raises:
        InputError: None were, or another command is at work on them.
    """
    check_begun(rounds)
    return locked(rounds)


def _tagger(bundle: str | None, rounds: Path) -> Tagger:
    """Load the bundle that was named, else what the last round trained, else the default."""
    trained = [folder_of(rounds, each.number) / BUNDLE for each in rounds_in(rounds) if each.trained]
    if bundle is None and trained:
        return load_tagger(trained[-1])
    return load_tagger(find_bundle(bundle, search_path(os.environ)))
