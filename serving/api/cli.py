"""`fazhi serve` and `fazhi serve keys`: their options. Bundles are searched in FAZHI_BUNDLES, then the package.

The environment is read here and nowhere below.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from fazhi.model.bundle import search_path
from fazhi.model.reading import InputError
from fazhi.serving.api.guard import is_loopback
from fazhi.serving.api.keys import Key, new_key, read_keys, write_keys
from fazhi.serving.api.run import BundleWanted, ServeSettings, run_server
from fazhi.serving.api.service import Limits
from fazhi.serving.batching import BatchSettings
from fazhi.serving.engine import EngineSettings

_LIMITS, _BATCHES, _MEGA = Limits(), BatchSettings(), 1_000_000

app = typer.Typer(add_completion=False)
keys_app = typer.Typer(no_args_is_help=True, help="密钥 · make, list and remove API keys")
app.add_typer(keys_app, name="keys")

KeysFile = Annotated[Path | None, typer.Option("--keys", help="密钥文件 · file of keys (mode 600)")]
Name = Annotated[str, typer.Argument(help="谁用这个密钥 · whose key it is")]


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(help="地址;其他机器可访问时需要密钥 · other than this machine needs keys")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="端口,0 为任意 · 0 takes any")] = 8_000,
    bundle: Annotated[
        str | None, typer.Option(help="模型名、名@版本或文件夹 · bundle: NAME, NAME@VERSION or folder")
    ] = None,
    threads: Annotated[int, typer.Option(min=0, help="模型线程数,0 为全部核 · threads of an encoder")] = 0,
    keys: KeysFile = None,
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help="不需要密钥,任何机器 · let any machine in without a key")
    ] = False,
    max_file: Annotated[float, typer.Option(min=0.001, help="上传文件的 MB · MB of an uploaded file")] = (
        _LIMITS.file_bytes / _MEGA
    ),
    max_json: Annotated[float, typer.Option(min=0.001, help="JSON 的 MB · MB of a JSON body")] = _LIMITS.json_bytes
    / _MEGA,
    max_characters: Annotated[int, typer.Option(min=1, help="每个请求的字数 · characters of a request")] = (
        _LIMITS.characters
    ),
    deadline: Annotated[float, typer.Option(min=0.1, help="每个请求的秒数 · seconds for a request")] = _LIMITS.seconds,
    queue: Annotated[int, typer.Option(min=1, help="最多等待的请求 · requests that may wait")] = _BATCHES.waiting,
    batch: Annotated[int, typer.Option(min=1, help="一批的字数 · characters scored at once")] = _BATCHES.characters,
    wait: Annotated[float, typer.Option(min=0.0, max=1_000.0, help="凑批的毫秒 · ms to wait for a batch")] = (
        _BATCHES.wait * 1_000
    ),
) -> None:
    """服务 · serve the bundle over HTTP: REST, and Label Studio's ML backend under /studio."""
    if context.invoked_subcommand is not None:
        return
    limits = Limits(
        file_bytes=int(max_file * _MEGA),
        json_bytes=int(max_json * _MEGA),
        characters=max_characters,
        under_way=queue,
        seconds=deadline,
    )
    wanted = BundleWanted(bundle, search_path(os.environ), threads)
    engine = EngineSettings(BatchSettings(batch, wait / 1_000, queue))
    raise typer.Exit(
        run_server(ServeSettings(host, port, wanted, keys or _usual_keys(host, no_auth), no_auth, limits, engine))
    )


@keys_app.command()
def add(
    name: Name,
    admin: Annotated[bool, typer.Option("--admin", help="可更换模型 · may exchange the bundle")] = False,
    keys: KeysFile = None,
) -> None:
    """新建密钥,只显示一次 · make a key; it is shown once and kept nowhere."""
    path = keys or _default_keys()
    known = read_keys(path) if path.exists() else ()
    if name in {key.name for key in known}:
        raise InputError(name, "has a key already", f"remove it first: fazhi serve keys remove {name}")
    key, token = new_key(name, admin)
    write_keys(path, (*known, key))
    typer.echo(f"已写入 written to {path}; 运行中的服务用 SIGHUP 重读 a running service rereads it at SIGHUP", err=True)
    typer.echo(token)


@keys_app.command("list")
def list_keys(keys: KeysFile = None) -> None:
    """列出密钥的名称 · list whose keys there are."""
    for key in read_keys(keys or _default_keys()):
        typer.echo(_line(key))


@keys_app.command()
def remove(name: Name, keys: KeysFile = None) -> None:
    """作废密钥 · take a key back."""
    path = keys or _default_keys()
    known = read_keys(path)
    left = [key for key in known if key.name != name]
    if len(left) == len(known):
        raise InputError(name, "has no key", "fazhi serve keys list")
    write_keys(path, left)


def _line(key: Key) -> str:
    return f"{key.name}\t{key.created}\t{'admin' if key.is_admin else 'tag'}"


def _usual_keys(host: str, no_auth: bool) -> Path | None:
    """Return the usual file of keys where other machines come in; this machine needs none unless `--keys` is said."""
    path = _default_keys()
    return path if not no_auth and not is_loopback(host) and path.exists() else None


def _default_keys() -> Path:
    return Path(typer.get_app_dir("fazhi")) / "serve-keys.json"
