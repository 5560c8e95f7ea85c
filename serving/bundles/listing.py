"""`fazhi bundle list`: what stands where, which one a plain `fazhi tag` takes, which manifests cannot be read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from fazhi.model.bundle import Listed, bundle_places, find_bundle
from fazhi.serving.bundles.printing import console, print_json, table


def run_list(folders: Sequence[Path], as_json: bool) -> None:
    """Print every bundle of the folders and of the package, in the order of searching.

    Raises:
        InputError: A folder cannot be read, or the name of the default means several bundles.
    """
    default = find_bundle(None, folders)
    found = [(place.folder, each) for place in bundle_places(folders) for each in place.bundles]
    if as_json:
        print_json([_record(place, each, default) for place, each in found])
        return
    heads = ("模型 bundle", "类型 kind", "创建 created", "文件夹 folder", "")
    console().print(table("", heads, [_row(each, default) for _, each in found]))


def _record(place: Path, each: Listed, default: Path) -> dict[str, Any]:
    manifest = each.manifest
    return {
        "bundle": manifest.label if manifest else None,
        "kind": manifest.kind if manifest else None,
        "created": manifest.created if manifest else None,
        "place": str(place),
        "folder": str(each.folder),
        "default": each.folder == default,
        "fault": str(each.fault) if each.fault else None,
    }


def _row(each: Listed, default: Path) -> tuple[Any, ...]:
    if each.manifest is None:
        what = each.fault.what if each.fault else ""
        return (each.label, None, None, str(each.folder), Text(f"不可读 {what}", style="yellow"))
    note = Text("默认 default", style="green") if each.folder == default else Text()
    return (each.label, each.manifest.kind, each.manifest.created, str(each.folder), note)
