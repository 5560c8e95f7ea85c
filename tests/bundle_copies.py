"""Copies of the shipped bundle: other versions beside it, and what somebody altered on purpose."""

import hashlib
import json
import shutil

from fazhi.model.bundle import find_bundle


def edit(path, **changes):
    """Change fields of a JSON file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, **changes}), encoding="utf-8")


def resign(folder):
    """Write the manifest's hashes anew, as someone would who altered a bundle on purpose."""
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    edit(folder / "manifest.json", files=files)


def release(folder, thresholds=(), **manifest):
    """Write the shipped linear bundle to a folder, as another version or under another name."""
    shutil.copytree(find_bundle("linear"), folder)
    if thresholds:
        edit(folder / "thresholds.json", theme_thresholds=list(thresholds))
    edit(folder / "manifest.json", **manifest)
    resign(folder)
    return folder
